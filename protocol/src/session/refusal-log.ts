/** A peer that is refused again and again is told of once in this time. */
const TELL_EVERY_MS = 60_000;
/** Peers that are told of in that time: one may have any number of addresses. */
const MAX_TOLD = 100;

interface Told {
  readonly atMs: number;
  untold: number;
}

/** Keeps strangers from filling a log with what is refused to them. Pure: `nowMs` is passed in. */
export class RefusalLog {
  /** The one that was told of the longest ago comes first. */
  readonly #told = new Map<string, Told>();

  /**
   * May this be told? Answers how many of `key` were not told since it last was, undefined for a line
   * that is not written.
   */
  tell(key: string, nowMs: number): number | undefined {
    const known = this.#told.get(key);
    if (known && nowMs - known.atMs < TELL_EVERY_MS) {
      known.untold += 1;
      return undefined;
    }
    this.#told.delete(key);
    if (!this.#hasRoom(nowMs)) return undefined;
    this.#told.set(key, { atMs: nowMs, untold: 0 });
    return known?.untold ?? 0;
  }

  #hasRoom(nowMs: number): boolean {
    if (this.#told.size < MAX_TOLD) return true;
    const [oldest, told] = this.#told.entries().next().value ?? [];
    if (oldest === undefined || !told || nowMs - told.atMs < TELL_EVERY_MS) return false;
    return this.#told.delete(oldest);
  }
}
