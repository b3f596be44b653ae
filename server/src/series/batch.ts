import type { SeriesRow } from './store.ts';
import { DAY_MS } from './tables.ts';

/** What one commit may hold. */
export interface BatchBounds {
  readonly maxRows: number;
  /** Different UTC days: each is a file of its own, which costs a commit of its own. */
  readonly maxDays: number;
}

/**
 * The rows of the next commit; the others wait for a later one. Rows of the newest day always go; of
 * the other days those that have waited longest. A peer whose backlog is strewn over months, by a
 * wrong clock or on purpose, so delays its own acks and nobody else's.
 */
export function nextBatch(
  pending: readonly SeriesRow[],
  { maxRows, maxDays }: BatchBounds,
): SeriesRow[] {
  const days = new Set<number>();
  const newest = pending.reduce((day, row) => Math.max(day, dayOf(row)), Number.NEGATIVE_INFINITY);
  days.add(newest);
  const rows: SeriesRow[] = [];
  for (const row of pending) {
    const day = dayOf(row);
    if (days.size < maxDays) days.add(day);
    if (rows.length < maxRows && days.has(day)) rows.push(row);
  }
  return rows;
}

function dayOf({ atMs }: SeriesRow): number {
  return Math.floor(atMs / DAY_MS);
}
