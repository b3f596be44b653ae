/**
 * Many may pass together, one may close the gate for itself. Keeps queries and commits away from a
 * file while it is swapped. First come, first served, so a swap is never starved.
 */
export class Gate {
  #tail: Promise<void> = Promise.resolve();
  #shared = new Set<Promise<void>>();

  /** Runs `work` together with others. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#tail;
    let leave = (): void => undefined;
    const inside = new Promise<void>((resolve) => (leave = resolve));
    this.#shared.add(inside);
    await before;
    try {
      return await work();
    } finally {
      this.#shared.delete(inside);
      leave();
    }
  }

  /** Runs `work` alone: after everyone who came before, ahead of everyone who comes later. */
  async close<T>(work: () => Promise<T>): Promise<T> {
    const before = Promise.all([this.#tail, ...this.#shared]);
    let open = (): void => undefined;
    this.#tail = new Promise<void>((resolve) => (open = resolve));
    await before;
    try {
      return await work();
    } finally {
      open();
    }
  }
}
