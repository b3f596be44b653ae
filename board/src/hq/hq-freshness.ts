import type { Freshness, LineFacts } from '../live/freshness.ts';

/** The relay sends every 5 s at the latest. */
const LATE_AFTER_MS = 6_000;
const STALE_AFTER_MS = 10_000;
/** The relay is on this very PC: a socket that stays shut means that it does not run. */
const CLOSED_GRACE_MS = 3_000;

/** How far the picture of the Штаб page may be trusted, by the monotonic clock alone. Pure. */
export function hqFreshnessOf({ lastFrameMs, closedSinceMs }: LineFacts, nowMs: number): Freshness {
  const isClosed = closedSinceMs !== null && nowMs - closedSinceMs > CLOSED_GRACE_MS;
  if (lastFrameMs === null) return isClosed ? 'lost' : 'waiting';
  if (isClosed) return 'lost';
  const ageMs = nowMs - lastFrameMs;
  if (ageMs > STALE_AFTER_MS) return 'stale';
  return ageMs > LATE_AFTER_MS ? 'late' : 'live';
}
