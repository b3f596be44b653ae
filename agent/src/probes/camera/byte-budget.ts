/** 100 Mbit/s: no camera of an exam sends that much, and a line of a ППЭ does not carry it. */
const BYTES_PER_SECOND = 12_500_000;
/** Some seconds of a fat stream may come at once, after a stall. */
const BURST_BYTES = 50_000_000;

/** What one connection may send over its life. A device that floods goes over it and is cut. */
export class ByteBudget {
  readonly #sinceMs: number;
  #bytes = 0;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  /** False once there was more than the budget allows. */
  take(bytes: number, nowMs: number): boolean {
    this.#bytes += bytes;
    const passedMs = Math.max(0, nowMs - this.#sinceMs);
    return this.#bytes <= BURST_BYTES + (passedMs * BYTES_PER_SECOND) / 1_000;
  }
}
