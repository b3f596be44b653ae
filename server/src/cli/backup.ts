import { join, resolve } from 'node:path';
import { createBackup } from '../backup/backup.ts';
import { backupName, dropOldBackups } from '../backup/kept-backups.ts';
import { ConfigError } from '../config-error.ts';
import type { CollectorConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { openStores } from '../stores.ts';
import { exitCodes } from './exit-codes.ts';
import { configOf, type Flags } from './flags.ts';
import { askCollector } from './ask-collector.ts';
import { runningCollector } from './running-collector.ts';
import { UsageError } from './usage-error.ts';
import type { CliWorld } from './world.ts';

interface BackupSummary {
  readonly directory: string;
  readonly files: number;
  readonly bytes: number;
}

/**
 * `ppe-collector backup DIR`: a running collector is asked to write it, since it alone may read its
 * stores; with none running this process writes it. With `--keep N` DIR is a folder of backups by
 * date, of which the newest N stay.
 */
export async function backupCommand(
  directory: string,
  flags: Flags & { readonly keep?: unknown },
  world: CliWorld,
): Promise<number> {
  const config = configOf(flags, world.env);
  const keep = keepOf(flags.keep);
  const folder = resolve(directory);
  const target = keep === undefined ? folder : join(folder, backupName(Date.now()));
  const summary = (await askRunning(config, target)) ?? (await writeHere(config, target));
  // Only after a whole one is there: a failing disk must not cost the last that is good.
  if (keep !== undefined) dropOldBackups(folder, keep);
  world.out(
    flags.json === true
      ? JSON.stringify(summary)
      : `backup written: ${summary.directory}, ${summary.files} files, ${summary.bytes} bytes`,
  );
  return exitCodes.ok;
}

function keepOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  throw new UsageError('--keep needs a whole number from 1');
}

async function askRunning(
  config: CollectorConfig,
  directory: string,
): Promise<BackupSummary | undefined> {
  const running = runningCollector(config.dataDir);
  if (!running) return undefined;
  const answer = await askCollector({
    ...running,
    path: '/api/v1/backups',
    body: { directory },
  });
  if (answer.kind === 'nobody') return undefined;
  if (answer.kind === 'refused') throw new ConfigError(answer.detail);
  return answer.body as BackupSummary;
}

async function writeHere(config: CollectorConfig, directory: string): Promise<BackupSummary> {
  const stores = await openStores(config, createLog('warn'));
  try {
    const { dataDir, database, series, key } = stores;
    const backup = createBackup({ dataDir, database, series, collectorId: key.id });
    const outcome = await backup.write(directory, Date.now());
    if (outcome.kind === 'refused') throw new ConfigError(outcome.reason);
    const bytes = outcome.manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    return { directory, files: outcome.manifest.files.length, bytes };
  } finally {
    await stores.close();
  }
}
