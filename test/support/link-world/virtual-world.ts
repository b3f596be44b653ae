import type { Timers } from '@ppe-pulse/protocol';

interface Due {
  readonly atMs: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

/** A clock and everything that is due on it, in order; nothing waits for anything real. */
export class VirtualWorld {
  nowMs = 0;
  readonly #heap: Due[] = [];
  #order = 0;

  readonly timers: Timers = {
    set: (callback, afterMs) => this.at(this.nowMs + Math.max(0, afterMs), callback),
    clear: (timer) => {
      if (timer !== undefined) (timer as Due).callback = undefined;
    },
  };

  at(atMs: number, callback: () => void): unknown {
    const due: Due = { atMs: Math.max(atMs, this.nowMs), order: (this.#order += 1), callback };
    this.#push(due);
    return due;
  }

  /** Lets everything happen that is due until then. */
  runTo(untilMs: number): void {
    for (let next = this.#heap[0]; next && next.atMs <= untilMs; next = this.#heap[0]) {
      this.#pop();
      this.nowMs = next.atMs;
      next.callback?.();
    }
    this.nowMs = untilMs;
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let at = heap.push(due) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(due, heap[parent])) break;
      heap[at] = heap[parent] as Due;
      at = parent;
    }
    heap[at] = due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (isBefore(heap[child + 1], heap[child])) child += 1;
      if (!isBefore(heap[child], last)) break;
      heap[at] = heap[child] as Due;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(one: Due | undefined, other: Due | undefined): boolean {
  if (!one) return false;
  if (!other) return true;
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

/** A small generator: the same faults in every run of a seed. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
