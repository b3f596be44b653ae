import type { SeriesAnswer } from '../api/shapes.ts';

/** One moment of a chart; a metric without a reading there is missing, so that its line breaks. */
export interface ChartRow {
  readonly atMs: number;
  readonly [metric: string]: number | undefined;
}

/** A pause longer than this many buckets, or than this, is a gap and not a line. */
const GAP_BUCKETS = 3;
const GAP_MIN_MS = 20_000;

/**
 * Series of one chart by moment, with a row without values inside every gap. `sparse` metrics are
 * measured now and then by design: their points are joined.
 */
export function chartRows(
  answers: readonly SeriesAnswer[],
  sparse: ReadonlySet<string>,
): ChartRow[] {
  const rows = new Map<number, Record<string, number | undefined>>();
  const rowAt = (atMs: number): Record<string, number | undefined> => {
    const known = rows.get(atMs);
    if (known) return known;
    const fresh: Record<string, number | undefined> = { atMs };
    rows.set(atMs, fresh);
    return fresh;
  };
  for (const { metric, points, bucketMs } of answers) {
    const gapMs = Math.max(GAP_MIN_MS, GAP_BUCKETS * bucketMs);
    let previousMs: number | undefined;
    for (const point of points) {
      const atMs = Date.parse(point.at);
      const isGap = previousMs !== undefined && atMs - previousMs > gapMs && !sparse.has(metric);
      if (isGap && previousMs !== undefined) rowAt(previousMs + bucketMs)[metric] = undefined;
      rowAt(atMs)[metric] = point.mean;
      previousMs = atMs;
    }
  }
  return [...rows.values()]
    .map((row) => row as unknown as ChartRow)
    .sort((a, b) => a.atMs - b.atMs);
}
