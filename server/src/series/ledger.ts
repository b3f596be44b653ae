import type { DeliveredRange, SeriesRow } from './store.ts';

/** Inclusive ranges of one boot, ascending, neither touching nor overlapping. */
type Ranges = [number, number][];

/**
 * Which heartbeats are durable, by (workstation, boot, seq): what makes delivery exactly once. Pure
 * bookkeeping; a boot is one range unless its backlog is still on the way.
 */
export class Ledger {
  readonly #workstations = new Map<string, Map<string, Ranges>>();

  /** True when the heartbeat is durable. */
  has(workstationId: string, bootId: string, seq: number): boolean {
    const ranges = this.#workstations.get(workstationId)?.get(bootId);
    if (!ranges) return false;
    const at = lastStartingUpTo(ranges, seq);
    const range = ranges[at];
    return range !== undefined && seq <= range[1];
  }

  /** Notes one heartbeat as durable. */
  add(row: Pick<SeriesRow, 'workstationId' | 'bootId' | 'seq'>): void {
    this.addRange({
      workstationId: row.workstationId,
      bootId: row.bootId,
      from: row.seq,
      to: row.seq,
    });
  }

  /** Notes a whole range as durable. */
  addRange(range: DeliveredRange): void {
    const ranges = this.#boot(range.workstationId, range.bootId);
    const before = lastStartingUpTo(ranges, range.from);
    const left = ranges[before];
    let first = before + 1;
    let { from, to } = range;
    if (left && left[1] >= from - 1) {
      from = left[0];
      to = Math.max(to, left[1]);
      first = before;
    }
    let after = first;
    for (let next = ranges[after]; next && next[0] <= to + 1; next = ranges[after]) {
      to = Math.max(to, next[1]);
      after += 1;
    }
    ranges.splice(first, after - first, [from, to]);
  }

  /** Everything that is noted. */
  ranges(): DeliveredRange[] {
    const all: DeliveredRange[] = [];
    for (const [workstationId, boots] of this.#workstations) {
      for (const [bootId, ranges] of boots) {
        for (const [from, to] of ranges) all.push({ workstationId, bootId, from, to });
      }
    }
    return all;
  }

  #boot(workstationId: string, bootId: string): Ranges {
    let boots = this.#workstations.get(workstationId);
    if (!boots) this.#workstations.set(workstationId, (boots = new Map<string, Ranges>()));
    let ranges = boots.get(bootId);
    if (!ranges) boots.set(bootId, (ranges = []));
    return ranges;
  }
}

/** Index of the last range that starts at or before `seq`, −1 when none does. */
function lastStartingUpTo(ranges: Ranges, seq: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.[0] ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
