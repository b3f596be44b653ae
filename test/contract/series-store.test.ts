import { afterAll, beforeAll, describe, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../server/src/log.ts';
import { DuckdbStore } from '../../server/src/series/duckdb/duckdb-store.ts';
import { InfluxStore } from '../../server/src/series/influx/influx-store.ts';
import type { SeriesStore } from '../../server/src/series/store.ts';
import { createInfluxd, hasInfluxd, type Influxd } from '../support/influxd.ts';
import { seriesStoreContract } from './series-store.contract.ts';

const log = createLog('silent');
const DECADE_DAYS = 3_650;

seriesStoreContract({
  name: 'DuckDB',
  percentileTolerance: 0.001,
  make: async (directory) =>
    new DuckdbStore(
      {
        directory,
        memoryLimitBytes: 200_000_000,
        threads: 2,
        horizonMs: 4 * 86_400_000,
        diskBudgetBytes: 1e12,
      },
      log,
    ),
  settled: async () => undefined,
});

if (hasInfluxd()) {
  let server: Influxd;
  const home = mkdtempSync(join(tmpdir(), 'ppe-pulse-influx-'));
  beforeAll(async () => {
    server = await createInfluxd(home);
    await server.start();
  });
  afterAll(async () => {
    await server.kill();
    rmSync(home, { recursive: true, force: true });
  });
  seriesStoreContract({
    name: 'InfluxDB',
    percentileTolerance: 1,
    make: async (directory): Promise<SeriesStore> =>
      new InfluxStore(
        {
          url: server.url,
          // A folder is a database, so that a restart finds its own data.
          database: `t${directory.replaceAll(/[^A-Za-z0-9]/g, '')}`,
          username: '',
          password: '',
          directory,
          bufferBytes: 50_000_000,
          rawDays: DECADE_DAYS,
          minuteDays: DECADE_DAYS,
          wallMs: () => Date.parse('2024-05-17T00:00:00Z'),
        },
        log,
      ),
    settled: async (store) => {
      while (store.status().bufferedRows > 0)
        await new Promise((resolve) => setTimeout(resolve, 20));
    },
  });
} else {
  describe('series store: InfluxDB', () => {
    it.skip('needs Debian’s influxd, which is not installed here', () => undefined);
  });
}
