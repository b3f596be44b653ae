/**
 * How many whole rows of a height fit into a list; `least` of them where the worst must be there even
 * if it is cut, none where something larger above tells of it. Pure.
 */
export function rowsThatFit(listPx: number, rowPx: number, least = 1): number {
  // A pixel that was rounded away is not a row.
  return rowPx > 0 ? Math.max(least, Math.floor((listPx + 0.5) / rowPx)) : 1;
}

/** What is shown, and what only a number tells of. Pure. */
export interface Fitted<T> {
  readonly shown: readonly T[];
  readonly hidden: readonly T[];
}

/** The first that fit. The line that counts the rest has a place of its own. Pure. */
export function fitted<T>(all: readonly T[], rows: number): Fitted<T> {
  return { shown: all.slice(0, rows), hidden: all.slice(rows) };
}
