import { resolve } from 'node:path';
import { createBackup } from '../backup/backup.ts';
import { ConfigError } from '../config-error.ts';
import type { CollectorConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { openStores } from '../stores.ts';
import { exitCodes } from './exit-codes.ts';
import { configOf, type Flags } from './flags.ts';
import { askCollector } from './ask-collector.ts';
import { runningCollector } from './running-collector.ts';
import type { CliWorld } from './world.ts';

interface BackupSummary {
  readonly directory: string;
  readonly files: number;
  readonly bytes: number;
}

/**
 * `ppe-collector backup DIR`: a running collector is asked to write it, since it alone may read its
 * stores; with none running this process writes it.
 */
export async function backupCommand(
  directory: string,
  flags: Flags,
  world: CliWorld,
): Promise<number> {
  const config = configOf(flags, world.env);
  const target = resolve(directory);
  const summary = (await askRunning(config, target)) ?? (await writeHere(config, target));
  world.out(
    flags.json === true
      ? JSON.stringify(summary)
      : `backup written: ${summary.directory}, ${summary.files} files, ${summary.bytes} bytes`,
  );
  return exitCodes.ok;
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
