import type { StateDatabase } from './database.ts';

/** One run of a scheduled job and what it did. */
export interface JobRun {
  readonly job: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly outcome: 'done' | 'failed';
  /** What was done, or the sentence of the failure. */
  readonly report: unknown;
}

/** The record of scheduled jobs: the newest `KEPT_RUNS` of all. */
export interface JobRuns {
  append(run: JobRun): void;
  /** Newest first. */
  list(limit: number): readonly JobRun[];
}

const KEPT_RUNS = 1_000;

/** Job runs in the state database. */
export function createJobRuns(database: StateDatabase): JobRuns {
  return {
    append: (run) => {
      database.run(
        'INSERT INTO job_runs (job, started_at_ms, ended_at_ms, outcome, report) VALUES (?, ?, ?, ?, ?)',
        run.job,
        Math.round(run.startedAtMs),
        Math.round(run.endedAtMs),
        run.outcome,
        JSON.stringify(run.report),
      );
      database.run(
        'DELETE FROM job_runs WHERE id <= (SELECT max(id) FROM job_runs) - ?',
        KEPT_RUNS,
      );
    },
    list: (limit) =>
      database.all('SELECT * FROM job_runs ORDER BY id DESC LIMIT ?', limit).map((row) => ({
        job: String(row.job),
        startedAtMs: Number(row.started_at_ms),
        endedAtMs: Number(row.ended_at_ms),
        outcome: row.outcome === 'done' ? 'done' : 'failed',
        report: JSON.parse(String(row.report)) as unknown,
      })),
  };
}
