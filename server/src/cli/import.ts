import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openCollectorKey } from '../access/keys.ts';
import {
  importFromStick,
  type StickImportFault,
  type StickImportReport,
} from '../carry/import-from-stick.ts';
import { ConfigError } from '../config-error.ts';
import { askCollector } from './ask-collector.ts';
import { runningCollector } from './running-collector.ts';
import { exitCodes } from './exit-codes.ts';
import { configOf, type Flags } from './flags.ts';
import type { CliWorld } from './world.ts';

const faults: Record<StickImportFault, string> = {
  gone: 'the flash drive was pulled out: insert it and import again',
  notAFolder: 'there is no folder ppe-pulse on it: name the flash drive’s own folder',
  nobody: 'the collector has stopped: start it and import again',
  collectorFailed: 'the collector did not take a part',
};

/**
 * `ppe-collector import DIR`: what a flash drive brings goes to the running collector, which alone
 * may write its stores. Exit 1 when something was not stored.
 */
export async function importCommand(
  directory: string,
  flags: Flags,
  world: CliWorld,
): Promise<number> {
  const { dataDir } = configOf(flags, world.env);
  const stick = resolve(directory);
  if (statSync(stick, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new ConfigError(`${stick} is no folder: insert the flash drive and name its folder`);
  const keyFile = join(dataDir, 'collector.key');
  const running = runningCollector(dataDir);
  if (!running || !existsSync(keyFile))
    throw new ConfigError(`no collector runs on ${dataDir}: start it, or name its --data`);
  const report = await importFromStick({
    stick,
    key: openCollectorKey(keyFile),
    nowMs: Date.now,
    post: (body) => askCollector({ ...running, path: '/api/v1/carried', body }),
  });
  if (flags.json === true) world.out(JSON.stringify(report));
  else for (const line of linesOf(report)) world.out(line);
  const isWhole =
    report.fault === null && report.refusedParts === 0 && report.refusedHeartbeats === 0;
  return isWhole ? exitCodes.ok : exitCodes.failed;
}

function linesOf(report: StickImportReport): string[] {
  const lines = [
    `stored: ${report.stored} heartbeats of ${report.parts} parts; known before: ${report.repeated}`,
  ];
  if (report.refusedHeartbeats > 0)
    lines.push(`NOT STORED: ${report.refusedHeartbeats} heartbeats: import the drive again`);
  if (report.isCut) lines.push('there are too many files on the drive: not all were looked at');
  if (report.strangeEntries > 0)
    lines.push(`no files under names of ours, passed over: ${report.strangeEntries}`);
  if (report.receiptFault !== null)
    lines.push(`receipts were not written to the drive (${report.receiptFault})`);
  if (report.refusedParts > 0) lines.push(`NOT TAKEN, parts: ${report.refusedParts}`);
  for (const { part, reason, detail } of report.refused)
    lines.push(`  ${part}: ${detail === '' ? reason : detail}`);
  if (report.fault !== null)
    lines.push(faults[report.fault] + (report.detail === '' ? '' : `: ${report.detail}`));
  return lines;
}
