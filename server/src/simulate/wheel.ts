import type { Timers } from '@ppe-pulse/protocol';

/** What the wheel works with. */
export interface WheelParts {
  /** Monotonic clock. */
  readonly nowMs: () => number;
}

/** Timers fire within this. */
const TICK_MS = 10;
/** 10.24 s a turn: heartbeats and pumps are due within one. */
const SLOTS = 1_024;

interface Entry {
  readonly tick: number;
  /** Undefined once it was cleared. */
  callback: (() => void) | undefined;
}

/**
 * Timers of all workstations in one hashed wheel: one timer of the system turns it. Setting and
 * clearing cost the same however many there are.
 */
export class Wheel implements Timers {
  readonly #nowMs: () => number;
  readonly #slots: Entry[][] = Array.from({ length: SLOTS }, () => []);
  #tick: number;
  #turning: NodeJS.Timeout | undefined;

  constructor({ nowMs }: WheelParts) {
    this.#nowMs = nowMs;
    this.#tick = Math.floor(nowMs() / TICK_MS);
  }

  set(callback: () => void, afterMs: number): unknown {
    const dueMs = this.#nowMs() + Math.max(0, afterMs);
    // Never the tick that is just being served, or a timer of 0 ms would be served for ever.
    const tick = Math.max(this.#tick + 1, Math.ceil(dueMs / TICK_MS));
    const entry: Entry = { tick, callback };
    this.#slots[tick % SLOTS]?.push(entry);
    return entry;
  }

  clear(timer: unknown): void {
    if (timer !== undefined) (timer as Entry).callback = undefined;
  }

  start(): void {
    this.#turning ??= setInterval(() => this.advance(), TICK_MS);
  }

  stop(): void {
    clearInterval(this.#turning);
    this.#turning = undefined;
  }

  /** Fires everything that is due by now, in the order of the ticks. */
  advance(): void {
    const untilTick = Math.floor(this.#nowMs() / TICK_MS);
    while (this.#tick < untilTick) {
      this.#tick += 1;
      this.#fire(this.#tick);
    }
  }

  #fire(tick: number): void {
    const at = tick % SLOTS;
    const slot = this.#slots[at];
    if (!slot || slot.length === 0) return;
    const later: Entry[] = [];
    this.#slots[at] = later;
    for (const entry of slot) {
      if (entry.tick > tick) {
        if (entry.callback) later.push(entry);
        continue;
      }
      const { callback } = entry;
      entry.callback = undefined;
      callback?.();
    }
  }
}
