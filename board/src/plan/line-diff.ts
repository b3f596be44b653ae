/** A line of two texts put beside each other. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** More edits than people compare by eye: then the whole stretch is said to be another. */
const MAX_EDITS = 1_500;

/** What leads from one text to another, line by line (Myers 1986). Pure. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [from, to] = [before.split('\n'), after.split('\n')];
  const pairs = matchedLines(from, to);
  const lines: DiffLine[] = [];
  let next = 0;
  for (const [at, text] of from.entries()) {
    const match = pairs[at] ?? -1;
    if (match === -1) lines.push({ kind: 'removed', text });
    else {
      for (; next < match; next += 1) lines.push({ kind: 'added', text: to[next] ?? '' });
      lines.push({ kind: 'same', text });
      next = match + 1;
    }
  }
  for (; next < to.length; next += 1) lines.push({ kind: 'added', text: to[next] ?? '' });
  return lines;
}

/** A stretch of a difference with a few lines around it, as people read it. */
export interface DiffHunk {
  /** Lines of the same text that are passed over before it. */
  readonly skipped: number;
  readonly lines: readonly DiffLine[];
}

/** Only what differs, with `around` lines of what does not. */
export function hunksOf(lines: readonly DiffLine[], around = 2): readonly DiffHunk[] {
  const isShown = lines.map(() => false);
  for (const [at, { kind }] of lines.entries()) {
    if (kind === 'same') continue;
    for (let near = at - around; near <= at + around; near += 1)
      if (near >= 0 && near < lines.length) isShown[near] = true;
  }
  const hunks: { skipped: number; lines: DiffLine[] }[] = [];
  let skipped = 0;
  for (const [at, line] of lines.entries()) {
    if (isShown[at] !== true) {
      skipped += 1;
      continue;
    }
    if (skipped > 0 || hunks.length === 0) hunks.push({ skipped, lines: [] });
    skipped = 0;
    hunks.at(-1)?.lines.push(line);
  }
  return hunks;
}

/** For every line of `from` its partner in `to`, −1 for none; partners stand in the same order. */
export function matchedLines(from: readonly string[], to: readonly string[]): number[] {
  const pairs = from.map(() => -1);
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) {
    pairs[start] = start;
    start += 1;
  }
  let [fromEnd, toEnd] = [from.length, to.length];
  while (fromEnd > start && toEnd > start && from[fromEnd - 1] === to[toEnd - 1]) {
    fromEnd -= 1;
    toEnd -= 1;
    pairs[fromEnd] = toEnd;
  }
  for (const [x, y] of snakes(from.slice(start, fromEnd), to.slice(start, toEnd)))
    pairs[start + x] = start + y;
  return pairs;
}

/** Pairs of equal lines of a shortest edit script; none where it is too long to look for. */
function snakes(from: readonly string[], to: readonly string[]): readonly [number, number][] {
  const trace = forwardTrace(from, to);
  if (trace === null) return [];
  const pairs: [number, number][] = [];
  let [x, y] = [from.length, to.length];
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const furthest = trace[edits];
    const diagonal = x - y;
    const isDown = goesDown(furthest, diagonal, edits);
    const previous = isDown ? diagonal + 1 : diagonal - 1;
    const beforeX = furthest?.get(previous) ?? 0;
    const beforeY = beforeX - previous;
    while (x > beforeX && y > beforeY && x > 0 && y > 0) {
      x -= 1;
      y -= 1;
      pairs.push([x, y]);
    }
    [x, y] = [beforeX, beforeY];
  }
  return pairs;
}

type Furthest = ReadonlyMap<number, number>;

function goesDown(furthest: Furthest | undefined, diagonal: number, edits: number): boolean {
  const left = furthest?.get(diagonal - 1) ?? -1;
  const right = furthest?.get(diagonal + 1) ?? -1;
  return diagonal === -edits || (diagonal !== edits && left < right);
}

/** The furthest reaching x of each diagonal before each round; null when there are too many rounds. */
function forwardTrace(from: readonly string[], to: readonly string[]): Furthest[] | null {
  const trace: Furthest[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  const most = Math.min(from.length + to.length, MAX_EDITS);
  for (let edits = 0; edits <= most; edits += 1) {
    trace.push(furthest);
    const next = new Map(furthest);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const isDown = goesDown(next, diagonal, edits);
      let x = isDown ? (next.get(diagonal + 1) ?? 0) : (next.get(diagonal - 1) ?? 0) + 1;
      while (x < from.length && x - diagonal < to.length && from[x] === to[x - diagonal]) x += 1;
      next.set(diagonal, x);
      if (x >= from.length && x - diagonal >= to.length) return trace;
    }
    furthest = next;
  }
  return null;
}
