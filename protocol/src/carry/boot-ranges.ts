/** Inclusive range of sequence numbers. */
export type Range = readonly [number, number];

/** Inclusive ranges of one boot, ascending, neither touching nor overlapping. */
type Ranges = [number, number][];

/** Which heartbeats of one workstation are meant, as ranges by boot. */
export class BootRanges {
  readonly #boots = new Map<string, Ranges>();

  add(bootId: string, from: number, to: number): void {
    let ranges = this.#boots.get(bootId);
    if (!ranges) this.#boots.set(bootId, (ranges = []));
    const before = lastStartingUpTo(ranges, from);
    const left = ranges[before];
    let merged: [number, number] = [from, to];
    let first = before + 1;
    if (left && left[1] >= from - 1) {
      merged = [left[0], Math.max(to, left[1])];
      first = before;
    }
    let after = first;
    for (let next = ranges[after]; next && next[0] <= merged[1] + 1; next = ranges[after]) {
      merged[1] = Math.max(merged[1], next[1]);
      after += 1;
    }
    ranges.splice(first, after - first, merged);
  }

  addAll(other: BootRanges): void {
    for (const [bootId, ranges] of other.boots())
      for (const [from, to] of ranges) this.add(bootId, from, to);
  }

  has(bootId: string, seq: number): boolean {
    return this.covers(bootId, seq, seq);
  }

  /** True when every number of the range is meant. */
  covers(bootId: string, from: number, to: number): boolean {
    const ranges = this.#boots.get(bootId);
    const range = ranges?.[lastStartingUpTo(ranges, from)];
    return range !== undefined && to <= range[1];
  }

  /** Boots in the order they were first added. */
  boots(): ReadonlyMap<string, readonly Range[]> {
    return this.#boots;
  }

  /** How many heartbeats are meant. */
  get count(): number {
    let sum = 0;
    for (const ranges of this.#boots.values())
      for (const [from, to] of ranges) sum += to - from + 1;
    return sum;
  }
}

/** Index of the last range that starts at or before `seq`, −1 when none does. */
function lastStartingUpTo(ranges: readonly Range[], seq: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.[0] ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
