import type { Overview } from '@ppe-pulse/protocol';

/** Times as this day shows them: the wall's own, or those of a played rehearsal. */
export interface DayClock {
  /** The moment of the day that a wall clock's moment belongs to, ms since 1970 UTC. */
  readonly dayMs: (wallMs: number) => number;
  /** A span of the wall clock as the day counts it. */
  readonly spanMs: (wallSpanMs: number) => number;
  /** A span of the day as the wall clock counts it: «отложить на 30 мин» is meant in the day. */
  readonly wallSpanMs: (daySpanMs: number) => number;
}

const real: DayClock = {
  dayMs: (wallMs) => wallMs,
  spanMs: (wallSpanMs) => wallSpanMs,
  wallSpanMs: (daySpanMs) => daySpanMs,
};

/** On a played day `nowAt` belongs to `at`, and every second of the wall is `speed` of the day. */
export function dayClockOf(overview: Pick<Overview, 'at' | 'rehearsal'> | null): DayClock {
  const rehearsal = overview?.rehearsal;
  if (!overview || !rehearsal?.isSimulated) return real;
  const { speed } = rehearsal;
  const atMs = Date.parse(overview.at);
  const nowMs = Date.parse(rehearsal.nowAt);
  return {
    dayMs: (wallMs) => nowMs - (atMs - wallMs) * speed,
    spanMs: (wallSpanMs) => wallSpanMs * speed,
    // A day that stands still has no spans of its own.
    wallSpanMs: (daySpanMs) => (speed > 0 ? daySpanMs / speed : daySpanMs),
  };
}
