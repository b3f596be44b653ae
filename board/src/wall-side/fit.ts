/** How many rows of a height fit into a list; one at least, so that the worst is always there. Pure. */
export function rowsThatFit(listPx: number, rowPx: number): number {
  // A pixel that was rounded away is not a row.
  return rowPx > 0 ? Math.max(1, Math.floor((listPx + 0.5) / rowPx)) : 1;
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
