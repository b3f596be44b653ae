import type { Timers } from '@ppe-pulse/protocol';

/** Node's timers. */
export const systemTimers = (): Timers => ({
  set: (callback, afterMs) => setTimeout(callback, afterMs),
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
});

/** `periodMs` ± 10 %, so that workstations that started together drift apart. */
export function jittered(periodMs: number, random: number): number {
  return periodMs * (0.9 + 0.2 * random);
}
