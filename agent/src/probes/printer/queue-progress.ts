import type { JobSighting } from './sighting.ts';

/** A job in the printer's hands that does not move for so long is stuck (measured: CUPS never says so). */
const PROCESSING_STUCK_MS = 60_000;
/** The same where the device is heard and nobody knows how long the job is: filters may count no pages. */
const UNCOUNTED_STUCK_MS = 5 * 60_000;
/** What a page may take on a slow printer, where the device is heard: 10 pages a minute. */
const PAGE_MS = 6_000;
/** A job that waits while the printer is idle for so long is stuck. */
const PENDING_STUCK_MS = 30_000;

/** How the queue moves. */
export interface QueueState {
  readonly queueJobs: number;
  readonly oldestAgeMs: number;
  /** The longest time that a job which should move has not moved. */
  readonly stuckMs: number;
  readonly isStuck: boolean;
}

/** What is known of the printer at the moment of a look at its queue. */
export interface QueueMoment {
  readonly nowMs: number;
  readonly isPrinterIdle: boolean;
  /** Something other than the spooler says that the device is there. */
  readonly isDeviceHeard: boolean;
  /** The device's counter, which moves also where a job's own does not. */
  readonly lifePages?: number;
}

/** Watches jobs by their progress and never by reasons: a switched-off printer gives none. */
export class QueueProgress {
  #jobs: ReadonlyMap<number, { readonly mark: string; readonly sinceMs: number }> = new Map();

  add(jobs: readonly JobSighting[], at: QueueMoment): QueueState {
    const known = this.#jobs;
    const next = new Map<number, { readonly mark: string; readonly sinceMs: number }>();
    const isFree = at.isPrinterIdle && !jobs.some(isInHand);
    let stuckMs = 0;
    let isStuck = false;
    for (const job of jobs) {
      const limitMs = limitOf(job, isFree, at.isDeviceHeard);
      const waits = limitMs === undefined ? '' : 'waits';
      const mark = `${job.state} ${job.progress} ${at.lifePages ?? ''} ${waits}`;
      const before = known.get(job.id);
      const sinceMs = before?.mark === mark ? before.sinceMs : at.nowMs;
      next.set(job.id, { mark, sinceMs });
      if (limitMs === undefined) continue;
      const stillMs = at.nowMs - sinceMs;
      stuckMs = Math.max(stuckMs, stillMs);
      if (stillMs > limitMs) isStuck = true;
    }
    this.#jobs = next;
    return {
      queueJobs: jobs.length,
      oldestAgeMs: Math.max(0, ...jobs.map(({ ageMs }) => ageMs)),
      stuckMs,
      isStuck,
    };
  }
}

function isInHand({ state }: JobSighting): boolean {
  return state === 'processing' || state === 'stopped';
}

/**
 * How long a job may stand still; undefined while it need not move: a held job waits for its owner, a
 * pending one for the job before it.
 */
function limitOf(job: JobSighting, isFree: boolean, isDeviceHeard: boolean): number | undefined {
  if (job.state === 'pending') return isFree ? PENDING_STUCK_MS : undefined;
  if (job.state === 'held') return undefined;
  if (job.state === 'stopped' || !isDeviceHeard) return PROCESSING_STUCK_MS;
  if (job.pages === undefined) return UNCOUNTED_STUCK_MS;
  return Math.max(PROCESSING_STUCK_MS, job.pages * PAGE_MS);
}
