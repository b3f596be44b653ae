import { matchedLines } from './line-diff.ts';

/** Two edits of one text, and what it was before both. */
export interface TwoEdits {
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
}

export interface MergedText {
  readonly text: string;
  /** Places where both changed the same lines: they stand in the text between marks. */
  readonly conflicts: number;
}

/** Words behind the marks of a conflict; the marks themselves are no YAML, so none slips through. */
export interface ConflictNames {
  readonly mine: string;
  readonly theirs: string;
}

/** Puts two edits of a text together, line by line. Pure. */
export function mergeTexts(
  { base, mine, theirs }: TwoEdits,
  names: ConflictNames = { mine: 'mine', theirs: 'theirs' },
): MergedText {
  const [old, left, right] = [base, mine, theirs].map((text) => text.split('\n')) as [
    string[],
    string[],
    string[],
  ];
  const inLeft = matchedLines(old, left);
  const inRight = matchedLines(old, right);
  const merged: string[] = [];
  let conflicts = 0;
  let [atOld, atLeft, atRight] = [0, 0, 0];
  const settle = (oldEnd: number, leftEnd: number, rightEnd: number): void => {
    const was = old.slice(atOld, oldEnd);
    const ours = left.slice(atLeft, leftEnd);
    const others = right.slice(atRight, rightEnd);
    if (isSame(ours, was)) merged.push(...others);
    else if (isSame(others, was) || isSame(ours, others)) merged.push(...ours);
    else {
      conflicts += 1;
      merged.push(
        `<<<<<<< ${names.mine}`,
        ...ours,
        '=======',
        ...others,
        `>>>>>>> ${names.theirs}`,
      );
    }
  };
  for (const [at, line] of old.entries()) {
    const [l, r] = [inLeft[at] ?? -1, inRight[at] ?? -1];
    if (l === -1 || r === -1) continue;
    settle(at, l, r);
    merged.push(line);
    [atOld, atLeft, atRight] = [at + 1, l + 1, r + 1];
  }
  settle(old.length, left.length, right.length);
  return { text: merged.join('\n'), conflicts };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, at) => line === b[at]);
}
