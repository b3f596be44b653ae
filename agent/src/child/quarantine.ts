/** Kills of one job within this time count together. */
const WINDOW_MS = 10 * 60_000;
/** So many kills, and the job is not tried again for a while. */
const KILLS = 3;
/** A driver may be repaired meanwhile: after this one more try is made. */
const QUARANTINE_MS = 30 * 60_000;
/** Respawn back-off after a kill: 1, 2, 4 … 60 s. */
const BACK_OFF_BASE_MS = 1_000;
const BACK_OFF_CAP_MS = 60_000;

/**
 * Who got the child killed, and when it may be started again. Pure but for its own memory; times are
 * monotonic milliseconds.
 */
export class KillRecord {
  readonly #kills = new Map<string, readonly number[]>();
  #streak = 0;
  #lastKillMs = Number.NEGATIVE_INFINITY;

  /** The child was killed in the middle of this job. */
  killed(job: string, nowMs: number): void {
    const recent = (this.#kills.get(job) ?? []).filter((atMs) => nowMs - atMs < WINDOW_MS);
    this.#kills.set(job, [...recent, nowMs]);
    this.failedToStart(nowMs);
  }

  /** The child ended before it began any job: no job is to blame. */
  failedToStart(nowMs: number): void {
    this.#streak += 1;
    this.#lastKillMs = nowMs;
  }

  /** The child answered: it is well again. */
  answered(): void {
    this.#streak = 0;
  }

  /** True while the job may not be tried. */
  isQuarantined(job: string, nowMs: number): boolean {
    const kills = this.#kills.get(job) ?? [];
    const last = kills.at(-1);
    return last !== undefined && kills.length >= KILLS && nowMs - last < QUARANTINE_MS;
  }

  /** Milliseconds until the child may be started again. */
  waitMs(nowMs: number): number {
    if (this.#streak === 0) return 0;
    const backOffMs = Math.min(BACK_OFF_CAP_MS, BACK_OFF_BASE_MS * 2 ** (this.#streak - 1));
    return Math.max(0, this.#lastKillMs + backOffMs - nowMs);
  }
}
