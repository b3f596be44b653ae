import type { JobSighting } from './sighting.ts';

/** A job in the printer's hands that does not move for so long is stuck (measured: CUPS never says so). */
const PROCESSING_STUCK_MS = 60_000;
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

/** Watches jobs by their progress and never by reasons: a switched-off printer gives none. */
export class QueueProgress {
  #jobs: ReadonlyMap<number, { readonly mark: string; readonly sinceMs: number }> = new Map();

  /** `lifePages` is the device's counter, which moves also where a job's own does not. */
  add(
    jobs: readonly JobSighting[],
    at: { readonly nowMs: number; readonly isPrinterIdle: boolean; readonly lifePages?: number },
  ): QueueState {
    const known = this.#jobs;
    const next = new Map<number, { readonly mark: string; readonly sinceMs: number }>();
    let stuckMs = 0;
    let isStuck = false;
    for (const job of jobs) {
      const waits = shouldMove(job, at.isPrinterIdle);
      const mark = `${job.state} ${job.progress} ${at.lifePages ?? ''} ${waits}`;
      const before = known.get(job.id);
      const sinceMs = before?.mark === mark ? before.sinceMs : at.nowMs;
      next.set(job.id, { mark, sinceMs });
      if (waits === 'no') continue;
      const stillMs = at.nowMs - sinceMs;
      stuckMs = Math.max(stuckMs, stillMs);
      if (stillMs > (waits === 'processing' ? PROCESSING_STUCK_MS : PENDING_STUCK_MS))
        isStuck = true;
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

/** A held job waits for its owner, a pending one for the job before it. */
function shouldMove(job: JobSighting, isPrinterIdle: boolean): 'processing' | 'pending' | 'no' {
  if (job.state === 'processing' || job.state === 'stopped') return 'processing';
  return job.state === 'pending' && isPrinterIdle ? 'pending' : 'no';
}
