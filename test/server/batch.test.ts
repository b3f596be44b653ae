import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextBatch } from '../../server/src/series/batch.ts';
import type { SeriesRow } from '../../server/src/series/store.ts';
import { fuzzSeed } from '../support/fuzz.ts';
import { REHEARSAL_MS, row } from '../support/rows.ts';

const DAY_MS = 86_400_000;
const bounds = { maxRows: 100, maxDays: 3 };

/** A row for each age in days, numbered in the order in which they came. */
function ofAges(...agesDays: number[]): SeriesRow[] {
  return agesDays.map((age, at) => row({ seq: at + 1, atMs: REHEARSAL_MS - age * DAY_MS }));
}

const sequences = (rows: readonly SeriesRow[]): number[] => rows.map(({ seq }) => seq);

describe('the rows of the next commit', () => {
  it('are all that wait, in their order, as a rule', () => {
    expect(sequences(nextBatch(ofAges(0, 1, 0, 2, 1), bounds))).toEqual([1, 2, 3, 4, 5]);
    expect(nextBatch([], bounds)).toEqual([]);
  });

  it('are no more than fit into one', () => {
    expect(sequences(nextBatch(ofAges(0, 0, 0), { maxRows: 2, maxDays: 3 }))).toEqual([1, 2]);
  });

  it('always hold those of today, however much of other days came before them', () => {
    expect(sequences(nextBatch(ofAges(9, 8, 7, 6, 0, 5, 9), bounds))).toEqual([1, 2, 5, 7]);
  });

  it('come to every row in the end, at most so many days at once', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 90 }), { maxLength: 300 }), (agesDays) => {
        let pending = ofAges(...agesDays);
        const total = pending.length;
        let committed = 0;
        for (let commits = 0; pending.length > 0 && commits <= 91; commits += 1) {
          const newest = Math.max(...pending.map(({ atMs }) => atMs));
          const rows = nextBatch(pending, { maxRows: 1_000, maxDays: 3 });
          expect(new Set(rows.map(({ atMs }) => atMs)).size).toBeLessThanOrEqual(3);
          expect(rows.filter(({ atMs }) => atMs === newest).length).toBe(
            pending.filter(({ atMs }) => atMs === newest).length,
          );
          committed += rows.length;
          pending = pending.filter((each) => !rows.includes(each));
        }
        expect(committed).toBe(total);
      }),
      { seed: fuzzSeed('the rows of the next commit') },
    );
  });
});
