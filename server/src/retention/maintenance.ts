import { schedule, validate, type ScheduledTask } from 'node-cron';
import type { Clock } from '../clock.ts';
import { ConfigError } from '../config-error.ts';
import type { Log } from '../log.ts';
import type { Pruned } from '../replay/segments.ts';
import type { MaintenanceReport, RetentionPolicy, SeriesStore } from '../series/store.ts';
import type { FlipLog } from '../state/flips.ts';
import type { JobRun, JobRuns } from '../state/job-runs.ts';

/** Name of the job in the list of runs. */
const JOB = 'maintenance';
/** A run that is older than this is made up for at start: the PC slept or was off at night. */
const OVERDUE_MS = 26 * 3_600_000;

/** What the job works on. */
export interface MaintenanceParts {
  readonly clock: Clock;
  readonly flips: FlipLog;
  /** Forgets deliveries that ended before a moment; answers how many. */
  readonly pruneDeliveries: (beforeMs: number) => number;
  /** Drops what the replay keeps no longer. */
  readonly pruneReplay: () => Promise<Pruned>;
  readonly jobs: JobRuns;
  readonly log: Log;
  readonly policy: RetentionPolicy;
  readonly series: SeriesStore;
  /** When it runs (cron, UTC). */
  readonly cron: string;
}

/** What a run did. */
export interface MaintenanceRun extends MaintenanceReport {
  readonly droppedFlips: number;
  readonly droppedDeliveries: number;
  readonly droppedReplaySegments: number;
}

/** The scheduled job that sorts, rolls up and drops. */
export interface Maintenance {
  /** Runs now; a second call while one runs joins it. */
  run(): Promise<JobRun>;
  close(): void;
}

/** Starts the schedule, and a run at once when the last one is overdue. */
export function createMaintenance(parts: MaintenanceParts): Maintenance {
  if (!validate(parts.cron)) {
    throw new ConfigError(
      `maintenance.cron "${parts.cron}" is not a cron expression such as "30 1 * * *"`,
    );
  }
  let running: Promise<JobRun> | undefined;
  const run = (): Promise<JobRun> => {
    running ??= runOnce(parts).finally(() => (running = undefined));
    return running;
  };
  const start = (): void => void run();
  const task: ScheduledTask = schedule(parts.cron, start, { timezone: 'UTC' });
  const last = parts.jobs.list(100).find((each) => each.job === JOB);
  const overdue = last !== undefined && parts.clock.wallMs() - last.endedAtMs > OVERDUE_MS;
  if (overdue) start();
  return { run, close: () => void task.destroy() };
}

/** Never rejects: a failure is a run that says so. */
async function runOnce(parts: MaintenanceParts): Promise<JobRun> {
  const startedAtMs = parts.clock.wallMs();
  const finish = (outcome: JobRun['outcome'], report: unknown): JobRun => {
    const done = { job: JOB, startedAtMs, endedAtMs: parts.clock.wallMs(), outcome, report };
    parts.jobs.append(done);
    return done;
  };
  try {
    const report = await parts.series.maintain(startedAtMs, parts.policy);
    const keptSinceMs = startedAtMs - parts.policy.minuteDays * 86_400_000;
    const film = await parts.pruneReplay();
    const run: MaintenanceRun = {
      ...report,
      freedBytes: report.freedBytes + film.freedBytes,
      droppedFlips: parts.flips.dropBefore(keptSinceMs),
      droppedDeliveries: parts.pruneDeliveries(keptSinceMs),
      droppedReplaySegments: film.droppedSegments,
    };
    parts.log.info(run, 'maintenance done');
    return finish('done', run);
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    parts.log.error({ error: sentence }, 'maintenance failed; it is tried again at the next time');
    return finish('failed', { error: sentence });
  }
}
