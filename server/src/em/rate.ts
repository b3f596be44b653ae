/** What a busy event loop was late with may be made up for; a longer silence earns nothing. */
const BURST_MS = 200;

/**
 * A ceiling of a rate, shared by whoever asks it. Bytes are booked before they are sent and the asker
 * waits until they are due, so the mean is exact however coarse its timers are, and askers take turns.
 */
export class RateLimit {
  readonly #bytesPerMs: number;
  /** Undefined before the first booking, which is late with nothing. */
  #dueMs: number | undefined;

  /** 0 is no ceiling. */
  constructor(bytesPerSecond: number) {
    this.#bytesPerMs = bytesPerSecond / 1_000;
  }

  get bytesPerSecond(): number {
    return this.#bytesPerMs * 1_000;
  }

  /** Books bytes and answers how long to wait before they are sent, ms. */
  book(bytes: number, nowMs: number): number {
    if (this.#bytesPerMs === 0) return 0;
    const startMs = Math.max(this.#dueMs ?? nowMs, nowMs - BURST_MS);
    this.#dueMs = startMs + bytes / this.#bytesPerMs;
    return Math.max(0, startMs - nowMs);
  }
}
