import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ledger } from '../../server/src/series/ledger.ts';

const who = { workstationId: 'w-1', bootId: 'b' };

describe('ledger', () => {
  it('holds exactly what was added, in as few ranges as possible', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 8 })), {
          maxLength: 40,
        }),
        (added) => {
          const ledger = new Ledger();
          const expected = new Set<number>();
          for (const [from, length] of added) {
            ledger.addRange({ ...who, from, to: from + length });
            for (let seq = from; seq <= from + length; seq += 1) expected.add(seq);
          }
          for (let seq = 0; seq <= 70; seq += 1)
            expect(ledger.has('w-1', 'b', seq)).toBe(expected.has(seq));
          const ranges = ledger.ranges();
          const islands = [...expected].filter((seq) => !expected.has(seq - 1)).length;
          expect(ranges).toHaveLength(islands);
        },
      ),
      { seed: 20240515 },
    );
  });

  it('keeps boots and workstations apart', () => {
    const ledger = new Ledger();
    ledger.add({ ...who, seq: 5 });
    expect(ledger.has('w-1', 'b', 5)).toBe(true);
    expect(ledger.has('w-1', 'c', 5)).toBe(false);
    expect(ledger.has('w-2', 'b', 5)).toBe(false);
  });
});
