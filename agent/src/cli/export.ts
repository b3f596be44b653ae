import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { partSigner } from '../carry/carry-keys.ts';
import { exportToStick } from '../carry/export-to-stick.ts';
import { journalTimes } from '../carry/journal-times.ts';
import { receiptsInbox } from '../carry/receipts.ts';
import { ConfigError } from '../config-error.ts';
import { loadConfig } from '../config.ts';
import { Boots } from '../journal/boots.ts';
import { readPlacement } from '../placement-file.ts';
import { openIdentity } from '../platform/identity.ts';
import { exportLines } from './carry-texts.ts';
import { exitCodes } from './exit-codes.ts';
import { languageOf } from './language.ts';
import type { CliWorld } from './world.ts';

/** Flags of `export` and `import`. */
export interface CarryFlags {
  readonly config: string;
  readonly json?: boolean;
  readonly lang?: string;
}

/**
 * `ppe-agent export DIR`: the journal of this workstation on a flash drive, whether its service runs
 * or not. Exit 1 when something is not on the drive.
 */
export async function exportCommand(
  directory: string,
  flags: CarryFlags,
  world: CliWorld,
): Promise<number> {
  const language = languageOf(flags.lang);
  const config = loadConfig(flags.config, world.env);
  const stick = stickFolder(directory);
  const journal = join(config.dataDir, 'journal');
  if (!existsSync(journal))
    throw new ConfigError(
      `${config.dataDir} holds no journal: run the agent here first, or check dataDir`,
    );
  const identity = await openIdentity(config.dataDir);
  const report = exportToStick({
    stick,
    journal,
    signer: partSigner(identity, readPlacement(config.dataDir)?.siteCode),
    pinnedKey: config.collector.publicKey,
    receiptsInbox: receiptsInbox(config.dataDir),
    nowMs: Date.now,
    producedAt: journalTimes(new Boots(journal).all()),
  });
  if (flags.json === true) world.out(JSON.stringify(report));
  else for (const line of exportLines(report, language)) world.out(line);
  const isWhole = report.fault === null && report.missingHeartbeats === 0;
  return isWhole ? exitCodes.ok : exitCodes.failed;
}

/** The folder that a person named. Throws a `ConfigError` when it is none. */
export function stickFolder(directory: string): string {
  const path = resolve(directory);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return path;
  throw new ConfigError(`${path} is no folder: insert the flash drive and name its folder`);
}
