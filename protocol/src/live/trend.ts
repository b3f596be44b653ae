import type { Trend } from '../messages/live-parts.ts';

/** Points of the trend that boards keep, and how far apart: three hours. */
export const TREND_POINTS = 720;
export const TREND_EVERY_MS = 15_000;

/** Nothing yet. */
export const noTrend: Trend = { everyMs: TREND_EVERY_MS, points: [] };

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
  return { ...trend, points: [...points, point].slice(-TREND_POINTS) };
}
