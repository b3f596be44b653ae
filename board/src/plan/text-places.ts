/** Where a line and a column, both from 1, stand in a text; past its end is the end. */
export function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let passed = 1; passed < line; passed += 1) {
    const newline = text.indexOf('\n', start);
    if (newline === -1) return text.length;
    start = newline + 1;
  }
  const newline = text.indexOf('\n', start);
  const end = newline === -1 ? text.length : newline;
  return Math.min(start + column - 1, end);
}

/** The shortest stretch to replace, and by what, that makes one text another. */
export function changedStretch(
  before: string,
  after: string,
): { readonly from: number; readonly to: number; readonly by: string } {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from += 1;
  let tail = 0;
  while (
    tail < shorter - from &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail += 1;
  return { from, to: before.length - tail, by: after.slice(from, after.length - tail) };
}

/** The worst that each line has, from 1. */
export function marksOf(
  problems: readonly { readonly line: number; readonly severity: 'error' | 'warning' }[],
): ReadonlyMap<number, 'error' | 'warning'> {
  const marks = new Map<number, 'error' | 'warning'>();
  for (const { line, severity } of problems)
    if (severity === 'error' || !marks.has(line)) marks.set(line, severity);
  return marks;
}
