import type { EndedJob } from './sighting.ts';

/** What is known of pages that came out. */
export interface PageState {
  /** The device's life counter, else pages of completed jobs since the agent's start. */
  readonly pages?: number;
  readonly pagesPerMinute?: number;
  /** Since the last page that is known to have come out. */
  readonly proofAgeMs?: number;
}

/** Speed is measured over this long at most, and over this many pages at least. */
const SPEED_WINDOW_MS = 120_000;
const SPEED_PAGES = 3;
/** A counter that stands still this long ends a print run. */
const PAUSE_MS = 20_000;

/**
 * Counts pages that are known to be on paper: by the life counter, or by completed jobs. Jobs under
 * way prove nothing: a filter counts pages that a switched-off printer never gets.
 */
export class PageCount {
  #life: { readonly pages: number; readonly atMs: number } | undefined;
  #run: { readonly pages: number; readonly atMs: number }[] = [];
  #seen: ReadonlySet<number> | undefined;
  #completedPages = 0;
  #proofAtMs: number | undefined;
  #pagesPerMinute: number | undefined;

  add(
    sighting: { readonly lifePages?: number; readonly ended?: readonly EndedJob[] },
    nowMs: number,
  ): PageState {
    if (sighting.lifePages !== undefined) this.#countLife(sighting.lifePages, nowMs);
    if (sighting.ended) this.#countEnded(sighting.ended, nowMs);
    const pages = this.#life?.pages ?? (this.#seen ? this.#completedPages : undefined);
    return {
      ...(pages === undefined ? {} : { pages }),
      ...(this.#pagesPerMinute === undefined ? {} : { pagesPerMinute: this.#pagesPerMinute }),
      ...(this.#proofAtMs === undefined ? {} : { proofAgeMs: nowMs - this.#proofAtMs }),
    };
  }

  #countLife(pages: number, nowMs: number): void {
    const before = this.#life;
    if (before?.pages === pages) return;
    this.#life = { pages, atMs: nowMs };
    // The first reading, or a counter that was reset: nothing came out for certain.
    if (!before || pages < before.pages) {
      this.#run = [{ pages, atMs: nowMs }];
      return;
    }
    this.#proofAtMs = nowMs;
    const hasPaused = nowMs - before.atMs > PAUSE_MS;
    const kept = hasPaused ? [] : this.#run.filter(({ atMs }) => nowMs - atMs <= SPEED_WINDOW_MS);
    this.#run = [...kept, { pages, atMs: nowMs }];
    const first = this.#run[0];
    if (!first || pages - first.pages < SPEED_PAGES || nowMs <= first.atMs) return;
    this.#pagesPerMinute = ((pages - first.pages) * 60_000) / (nowMs - first.atMs);
  }

  #countEnded(ended: readonly EndedJob[], nowMs: number): void {
    const seen = this.#seen;
    for (const job of ended) {
      if (job.outcome !== 'completed' || job.pages === 0) continue;
      const atMs = nowMs - job.agoMs;
      this.#proofAtMs = Math.max(this.#proofAtMs ?? Number.NEGATIVE_INFINITY, atMs);
      // Jobs from before the first look are a proof, and not pages of this count.
      if (!seen || seen.has(job.id)) continue;
      this.#completedPages += job.pages;
      if (!this.#life && job.pages >= SPEED_PAGES && job.tookMs > 0)
        this.#pagesPerMinute = (job.pages * 60_000) / job.tookMs;
    }
    this.#seen = new Set(ended.map(({ id }) => id));
  }
}
