/** How far the picture may be trusted. */
export type Freshness =
  /** No picture yet. */
  | 'waiting'
  | 'live'
  /** Frames are late, the line may still recover. */
  | 'late'
  /** Nothing came for so long that the picture is history. */
  | 'stale'
  /** The line is gone. */
  | 'lost';

const LATE_AFTER_MS = 3_000;
export const STALE_AFTER_MS = 15_000;
/** A line that is silent this long is gone whatever the socket says. */
const LOST_AFTER_MS = 45_000;
/** A reconnect that succeeds at once should not flash the whole wall red. */
const CLOSED_GRACE_MS = 2_000;

/** What is known of the line. Times are of one monotonic clock, null for never. */
export interface LineFacts {
  readonly lastFrameMs: number | null;
  readonly closedSinceMs: number | null;
  /** The picture was kept by an earlier page, and no frame has confirmed it. */
  readonly isRestored?: boolean | undefined;
}

/** Judges the line by the monotonic clock alone: the wall clock of a wall PC may step. */
export function freshnessOf(facts: LineFacts, nowMs: number): Freshness {
  const { lastFrameMs, closedSinceMs, isRestored = false } = facts;
  if (lastFrameMs === null) return 'waiting';
  const ageMs = nowMs - lastFrameMs;
  if (ageMs > LOST_AFTER_MS) return 'lost';
  if (closedSinceMs !== null && nowMs - closedSinceMs > CLOSED_GRACE_MS) return 'lost';
  if (ageMs > STALE_AFTER_MS) return 'stale';
  return ageMs > LATE_AFTER_MS || isRestored ? 'late' : 'live';
}
