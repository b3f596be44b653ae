import type { Timers } from '@ppe-pulse/protocol';

/** Timers that know how late they were. */
export interface LateTimers extends Timers {
  /** How late the latest of them was since this was asked last, ms: the event loop was busy that long. */
  takeLatenessMs(): number;
}

/**
 * Node's timers. Their lateness costs no wake-up of its own: Node's histogram of the loop's delay wakes
 * the process twice a second, which was a quarter of an idle agent's CPU.
 */
export function systemTimers(): LateTimers {
  let latestMs = 0;
  return {
    set: (callback, afterMs) => {
      const dueMs = performance.now() + afterMs;
      return setTimeout(() => {
        latestMs = Math.max(latestMs, performance.now() - dueMs);
        callback();
      }, afterMs);
    },
    clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
    takeLatenessMs: () => {
      const found = latestMs;
      latestMs = 0;
      return found;
    },
  };
}

/** `periodMs` ± 10 %, so that workstations that started together drift apart. */
export function jittered(periodMs: number, random: number): number {
  return periodMs * (0.9 + 0.2 * random);
}
