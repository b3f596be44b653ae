/** Steps of the histogram: eight a doubling, so a quantile is off by 9 % at most. */
const STEPS_PER_DOUBLING = 8;

/** Durations in a histogram of fixed size, whatever their number. */
export class Latencies {
  readonly #counts: number[] = [];
  #count = 0;
  #maxMs = 0;

  add(ms: number): void {
    const step = Math.max(0, Math.round(Math.log2(Math.max(1, ms)) * STEPS_PER_DOUBLING));
    while (this.#counts.length <= step) this.#counts.push(0);
    this.#counts[step] = (this.#counts[step] ?? 0) + 1;
    this.#count += 1;
    this.#maxMs = Math.max(this.#maxMs, ms);
  }

  get count(): number {
    return this.#count;
  }

  get maxMs(): number {
    return this.#maxMs;
  }

  /** The duration below which a share of them lies; undefined for none. */
  quantileMs(share: number): number | undefined {
    if (this.#count === 0) return undefined;
    let left = share * this.#count;
    for (const [step, count] of this.#counts.entries()) {
      left -= count;
      if (left <= 0) return Math.min(this.#maxMs, 2 ** (step / STEPS_PER_DOUBLING));
    }
    return this.#maxMs;
  }

  clear(): void {
    this.#counts.length = 0;
    this.#count = 0;
    this.#maxMs = 0;
  }
}
