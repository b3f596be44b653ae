/** A clock and timers that only a test moves. */
export class VirtualTimers {
  nowMs = 0;
  #timers = new Map<number, { atMs: number; callback: () => void }>();
  #nextId = 1;

  readonly set = (callback: () => void, afterMs: number): unknown => {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#timers.set(id, { atMs: this.nowMs + afterMs, callback });
    return id;
  };

  readonly clear = (timer: unknown): void => {
    this.#timers.delete(timer as number);
  };

  /** Moves on, firing what is due in order; lets promises settle between. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    await settle();
    for (;;) {
      const due = [...this.#timers]
        .filter(([, timer]) => timer.atMs <= untilMs)
        .sort((a, b) => a[1].atMs - b[1].atMs)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.nowMs = Math.max(this.nowMs, due[1].atMs);
      due[1].callback();
      await settle();
    }
    this.nowMs = untilMs;
    await settle();
  }
}

/** Lets everything that is already resolved go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
