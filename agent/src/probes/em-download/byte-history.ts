/** Seconds that a forecast looks back on. */
const KEPT_SECONDS = 60;
const SECOND_MS = 1_000;

/** Bytes of each whole second, the last minute of them; seconds of silence are zeros. */
export class ByteHistory {
  readonly #startMs: number;
  #seconds: readonly number[] = [];
  /** Number of the second that is being filled, and its bytes. */
  #current = 0;
  #bytes = 0;

  /** `startMs` is the beginning of the first second, monotonic. */
  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  add(bytes: number, nowMs: number): void {
    this.#roll(nowMs);
    this.#bytes += bytes;
  }

  /** Oldest first, without the second that is being filled. */
  wholeSeconds(nowMs: number): readonly number[] {
    this.#roll(nowMs);
    return this.#seconds;
  }

  /**
   * The same without the download's first second: that is the connection and TCP's slow start, and
   * no measure of the line.
   */
  steadySeconds(nowMs: number): readonly number[] {
    const seconds = this.wholeSeconds(nowMs);
    return this.#current > KEPT_SECONDS ? seconds : seconds.slice(1);
  }

  #roll(nowMs: number): void {
    const second = Math.floor((nowMs - this.#startMs) / SECOND_MS);
    const passed = second - this.#current;
    if (passed <= 0) return;
    const silent = Array.from({ length: Math.min(passed - 1, KEPT_SECONDS) }, () => 0);
    this.#seconds = [...this.#seconds, this.#bytes, ...silent].slice(-KEPT_SECONDS);
    this.#current = second;
    this.#bytes = 0;
  }
}
