/** Timers and slewed clocks differ by less. */
const UNNOTICED_MS = 2_000;

/** Two clocks at one moment, ms. */
export interface TwoClocks {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/**
 * By how much the wall clock ran ahead of the monotonic one since `before`, 0 for not at all. On many
 * computers the monotonic clock stands still in sleep: after it a picture of an hour ago would pass for
 * one of now. A wall clock that was set forward looks the same and does no harm: the next frame is
 * believed again.
 */
export function sleptMs(before: TwoClocks, now: TwoClocks): number {
  const ahead = now.wallMs - before.wallMs - (now.monotonicMs - before.monotonicMs);
  return ahead > UNNOTICED_MS ? ahead : 0;
}
