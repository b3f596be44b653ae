/** How the fleet came back after it had lost the collector. Times are real milliseconds. */
export interface CollectorLoss {
  /** Since the start of the simulation, of the first link that was lost. */
  readonly atMs: number;
  /** Links that were lost. */
  readonly links: number;
  /** Sockets that were opened afterwards. */
  readonly connects: number;
  /** Of the connects, since the loss. */
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
  /** Connects in each 100 ms from the first on. */
  readonly histogram: readonly number[];
  readonly peakPer100Ms: number;
  readonly meanPer100Ms: number;
  readonly peakToMean: number;
  /** When every lost link was welcomed again, since the loss; undefined while some are not. */
  readonly allBackMs: number | undefined;
}

/** This share of the live links must go within this time for it to be the collector's loss. */
const SHARE = 0.5;
const WINDOW_MS = 2_000;
const BIN_MS = 100;
/** Connects of one loss that are kept one by one; more are only counted. */
const MAX_CONNECTS = 200_000;

interface Episode {
  readonly atMs: number;
  links: number;
  readonly connectsMs: number[];
  connects: number;
  missing: number;
  allBackMs: number | undefined;
}

/** Tells the loss of the collector from that of single lines, and times the way back. */
export class CollectorLosses {
  readonly #episodes: Episode[] = [];
  #live = 0;
  /** Losses of the last moments that belong to no episode yet, and the links that were live then. */
  #recentMs: number[] = [];
  #liveBefore = 0;
  #active: Episode | undefined;

  get live(): number {
    return this.#live;
  }

  welcomed(nowMs: number): void {
    this.#live += 1;
    const active = this.#active;
    if (!active) return;
    active.missing -= 1;
    if (active.missing > 0) return;
    active.allBackMs = nowMs - active.atMs;
    this.#active = undefined;
  }

  /** A link is gone that the simulator did not end itself. */
  lost(nowMs: number): void {
    const liveBefore = this.#live;
    this.#live -= 1;
    if (this.#active && nowMs - this.#active.atMs <= WINDOW_MS) {
      this.#active.links += 1;
      this.#active.missing += 1;
      return;
    }
    this.#recentMs = this.#recentMs.filter((each) => nowMs - each <= WINDOW_MS);
    if (this.#recentMs.length === 0) this.#liveBefore = liveBefore;
    this.#recentMs.push(nowMs);
    if (this.#recentMs.length < this.#liveBefore * SHARE) return;
    const links = this.#recentMs.length;
    const atMs = this.#recentMs[0] ?? nowMs;
    this.#active = {
      atMs,
      links,
      missing: links,
      connectsMs: [],
      connects: 0,
      allBackMs: undefined,
    };
    this.#episodes.push(this.#active);
    this.#recentMs = [];
  }

  /** The simulator ended a link. */
  ended(): void {
    this.#live -= 1;
  }

  opened(nowMs: number): void {
    const active = this.#active;
    if (!active) return;
    active.connects += 1;
    if (active.connectsMs.length < MAX_CONNECTS) active.connectsMs.push(nowMs - active.atMs);
  }

  list(): CollectorLoss[] {
    return this.#episodes.map(lossOf);
  }
}

function lossOf({ atMs, links, connectsMs, connects, allBackMs }: Episode): CollectorLoss {
  const firstMs = connectsMs[0];
  const lastMs = connectsMs.at(-1);
  const histogram: number[] = [];
  for (const each of connectsMs) {
    const bin = Math.floor((each - (firstMs ?? 0)) / BIN_MS);
    while (histogram.length <= bin) histogram.push(0);
    histogram[bin] = (histogram[bin] ?? 0) + 1;
  }
  const peakPer100Ms = Math.max(0, ...histogram);
  const meanPer100Ms = histogram.length === 0 ? 0 : connectsMs.length / histogram.length;
  return {
    atMs,
    links,
    connects,
    firstMs,
    lastMs,
    histogram,
    peakPer100Ms,
    meanPer100Ms,
    peakToMean: meanPer100Ms === 0 ? 0 : peakPer100Ms / meanPer100Ms,
    allBackMs,
  };
}
