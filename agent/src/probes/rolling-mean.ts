/** Mean of the samples of a time window; older ones are forgotten. */
export class RollingMean {
  readonly #windowMs: number;
  #samples: { readonly atMs: number; readonly value: number }[] = [];

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  add(value: number, atMs: number): number {
    this.#samples = this.#samples.filter((sample) => atMs - sample.atMs < this.#windowMs);
    this.#samples.push({ atMs, value });
    return this.#samples.reduce((sum, sample) => sum + sample.value, 0) / this.#samples.length;
  }
}
