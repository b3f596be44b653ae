import { limits } from '../limits.ts';
import type { Trend } from '../messages/live.ts';

/** Nothing yet. */
export const noTrend: Trend = { everyMs: limits.boardTrendMs, points: [] };

/** True when the next point may be added: `everyMs` after the last, or the clock was set back. */
export function isPointDue({ everyMs, points }: Trend, atMs: number): boolean {
  const last = points.at(-1);
  return last === undefined || atMs < last.atMs || atMs - last.atMs >= everyMs;
}

/**
 * The trend after a beat; the same object before a point is due. The collector and boards add points
 * by this one rule to the same beats: a board that stays and one that comes see the same.
 */
export function withPoint(
  trend: Trend,
  point: { readonly atMs: number; readonly rxBytesPerSecond: number },
): Trend {
  const { atMs } = point;
  if (!isPointDue(trend, atMs)) return trend;
  const points = trend.points.filter((each) => each.atMs < atMs);
  return { ...trend, points: [...points, point].slice(-limits.boardTrendPoints) };
}
