/** A wall clock before 2024 was never set: 1970 and 1980 are what a PC with a flat battery says. */
export const PLAUSIBLE_WALL_MS = 1_704_067_200_000;

/** A moment on the journal's clock and on the PC's wall clock. */
export interface Written {
  readonly atMs: number;
  readonly wallMs: number;
}

/**
 * Where the journal's clock stands at a start. It counts the time that the agent runs in full,
 * whatever the wall clock does; what lies between two starts only the wall clock knows. So of that
 * never more than `capMs` counts, and nothing when the clock went back or was not set: one wrong
 * date must not make a whole journal too old.
 */
export function ageClockAtStart(
  newest: Written | undefined,
  wallMs: number,
  capMs: number,
): number {
  if (!newest) return 0;
  const isSet = newest.wallMs >= PLAUSIBLE_WALL_MS && wallMs >= PLAUSIBLE_WALL_MS;
  const offMs = isSet ? Math.max(0, wallMs - newest.wallMs) : 0;
  return newest.atMs + Math.min(offMs, capMs);
}
