import { openCollectorKey, type CollectorKey } from './access/keys.ts';
import { openAdminToken } from './access/secrets.ts';
import type { CollectorConfig } from './config.ts';
import { openDataDir, type DataDir } from './data-dir.ts';
import type { Log } from './log.ts';
import { createSeriesStore } from './series/create-series-store.ts';
import type { SeriesStore } from './series/store.ts';
import type { StateDatabase } from './state/database.ts';
import { createPlanStore, type PlanStore } from './plan/plan-store.ts';
import { createRegionStore, type RegionStore } from './region/region-store.ts';
import { createAudit, type Audit } from './state/audit.ts';
import { createFlipLog, type FlipLog } from './state/flips.ts';
import { createMemory, type Memory } from './state/memory.ts';
import { createJobRuns, type JobRuns } from './state/job-runs.ts';
import { createEnrolments, type Enrolments } from './state/enrolments.ts';
import { openState } from './state/state-store.ts';

/** Everything of a collector that outlives its process. */
export interface Stores {
  readonly dataDir: DataDir;
  readonly database: StateDatabase;
  readonly key: CollectorKey;
  readonly adminToken: string;
  readonly audit: Audit;
  readonly enrolments: Enrolments;
  readonly plans: PlanStore;
  readonly region: RegionStore;
  readonly flips: FlipLog;
  readonly jobs: JobRuns;
  readonly memory: Memory;
  readonly series: SeriesStore;
  close(): Promise<void>;
}

/** Opens all of it, or nothing: what was opened before a failure is closed again. */
export async function openStores(config: CollectorConfig, log: Log): Promise<Stores> {
  const dataDir = openDataDir(config.dataDir);
  const undo: (() => void)[] = [() => dataDir.release()];
  try {
    const key = openCollectorKey(dataDir.keyFile);
    const adminToken = openAdminToken(dataDir.tokenFile);
    const database = openState(dataDir.stateFile);
    undo.unshift(() => database.close());
    const audit = createAudit(database);
    const series = createSeriesStore(config.series, dataDir.seriesDir, log);
    await series.open();
    return {
      dataDir,
      database,
      key,
      adminToken,
      audit,
      enrolments: createEnrolments(database),
      plans: createPlanStore(database, audit),
      region: createRegionStore(database, audit),
      flips: createFlipLog(database),
      jobs: createJobRuns(database),
      memory: createMemory(database),
      series,
      close: async () => {
        await series.close();
        for (const step of undo) step();
      },
    };
  } catch (error) {
    for (const step of undo) step();
    throw error;
  }
}
