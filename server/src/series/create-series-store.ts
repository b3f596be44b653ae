import { join } from 'node:path';
import type { CollectorConfig } from '../config.ts';
import type { Log } from '../log.ts';
import { InfluxStore } from './influx/influx-store.ts';
import { DuckdbStore } from './duckdb/duckdb-store.ts';
import type { SeriesStore } from './store.ts';
import { DAY_MS } from './tables.ts';

/** Memory of the embedded store: measured 217 MB of the process at 17 M rows with 256 MB. */
const MEMORY_LIMIT_BYTES = 256_000_000;
/** One thread commits, one answers; more would take the gateway's core. */
const THREADS = 2;
/** An agent's journal holds 72 h; a day more for what a flash drive brings. */
const HORIZON_MS = 4 * DAY_MS;

/** The series store that the settings name. */
export function createSeriesStore(
  settings: CollectorConfig['series'],
  directory: string,
  log: Log,
): SeriesStore {
  if (settings.store === 'influx') {
    const { url, database, username, password, bufferBytes } = settings.influx;
    const { rawDays, minuteDays } = settings;
    return new InfluxStore(
      {
        url,
        database,
        username,
        password,
        bufferBytes,
        rawDays,
        minuteDays,
        directory: join(directory, 'influx'),
        wallMs: () => Date.now(),
      },
      log,
    );
  }
  return new DuckdbStore(
    {
      directory,
      memoryLimitBytes: MEMORY_LIMIT_BYTES,
      threads: THREADS,
      horizonMs: HORIZON_MS,
      diskBudgetBytes: settings.diskBudgetBytes,
    },
    log,
  );
}
