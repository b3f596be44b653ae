import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClockMapping, rangesOf } from '@ppe-pulse/protocol';

describe('clock mapping', () => {
  const frame = (part: object) =>
    ({
      type: 'heartbeat',
      bootId: 'a',
      seq: 1,
      delivery: 'live',
      wallMs: 0,
      monotonicMs: 0,
      mode: 'prep',
      journalLag: 0,
      metrics: {},
      verdicts: [],
      ...part,
    }) as Parameters<ClockMapping['observe']>[0];

  const taken = (wallMs: number, monotonicMs = wallMs) => ({ wallMs, monotonicMs });

  it('puts heartbeats of this boot by the monotonic clock, whatever the wall clock does', () => {
    const mapping = new ClockMapping('a');
    mapping.observe(frame({ monotonicMs: 1_000, wallMs: 5e12 }), taken(100_040));
    mapping.observe(frame({ monotonicMs: 6_000, wallMs: 1 }), taken(105_010));
    expect(
      mapping.at(frame({ monotonicMs: 3_000, wallMs: 9e11, delivery: 'backlog' }), taken(105_010)),
    ).toBe(102_010);
    expect(mapping.at(frame({ monotonicMs: 9_000_000 }), taken(105_010))).toBe(105_010);
  });

  it('takes the word of a sender that was nearer, and none of a clock that stepped', () => {
    const late = { monotonicMs: 1_000, producedAtMs: 101_000 };
    const relayed = { ...late, agentId: 'w-0123456789abcdef' };
    const put = (part: Parameters<typeof frame>[0]): number => {
      const mapping = new ClockMapping('a');
      mapping.observe(frame(part), taken(109_000));
      return mapping.at(frame(part), taken(109_000));
    };
    expect(put(relayed)).toBe(101_000);
    // The first frame of a workstation that a frozen line held up.
    expect(put(late)).toBe(101_000);
    expect(put({ ...late, producedAtMs: 1_000 })).toBe(109_000);
    expect(put({ ...relayed, producedAtMs: 900_000 })).toBe(109_000);
  });

  it('keeps the order of two of which only one says when it was', () => {
    const mapping = new ClockMapping('a');
    const first = frame({ monotonicMs: 1_000, seq: 1 });
    mapping.observe(first, taken(102_600));
    expect(mapping.at(first, taken(102_600))).toBe(102_600);
    const second = frame({ monotonicMs: 2_000, seq: 2, producedAtMs: 102_100 });
    mapping.observe(second, taken(119_000));
    expect(mapping.at(second, taken(119_000))).toBe(102_600);
    // Again, as a backlog without a word: it is no later than what came after it.
    expect(mapping.at(frame({ monotonicMs: 1_900, delivery: 'backlog' }), taken(120_000))).toBe(
      102_600,
    );
  });

  it('is not moved by a step of the listener’s own wall clock', () => {
    const mapping = new ClockMapping('a');
    mapping.observe(frame({ monotonicMs: 1_000 }), taken(1e9, 101_000));
    const step = 3_600_000;
    mapping.observe(frame({ monotonicMs: 6_000 }), taken(1e9 + 5_000 + step, 106_000));
    expect(mapping.at(frame({ monotonicMs: 5_000 }), taken(1e9 + 5_000 + step, 106_000))).toBe(
      1e9 + 4_000 + step,
    );
  });

  it('knows a PC that slept from a line that is slow', () => {
    const slept = new ClockMapping('a');
    slept.observe(frame({ monotonicMs: 1_000, wallMs: 1_000 }), taken(501_000));
    slept.observe(frame({ monotonicMs: 6_000, wallMs: 66_000 }), taken(566_000));
    expect(slept.at(frame({ monotonicMs: 6_000 }), taken(566_000))).toBe(566_000);
    const slow = new ClockMapping('a');
    slow.observe(frame({ monotonicMs: 1_000, wallMs: 1_000 }), taken(501_000));
    slow.observe(frame({ monotonicMs: 6_000, wallMs: 6_000 }), taken(566_000));
    expect(slow.at(frame({ monotonicMs: 6_000 }), taken(566_000))).toBe(506_000);
  });

  it('puts those of an earlier boot by what their sender knows, else by the wall clock', () => {
    const mapping = new ClockMapping('a');
    mapping.observe(frame({ wallMs: 1_000_000 }), taken(400_000));
    const earlier = (part: object) => frame({ bootId: 'b', delivery: 'backlog', ...part });
    expect(mapping.at(earlier({ wallMs: 900_000 }), taken(400_000))).toBe(300_000);
    expect(mapping.at(earlier({ wallMs: 9e12 }), taken(400_000))).toBe(400_000);
    expect(mapping.at(earlier({ wallMs: 9e12, producedAtMs: 250_000 }), taken(400_000))).toBe(
      250_000,
    );
    expect(mapping.clockOffsetMs).toBe(600_000);
  });

  it('opens no day of 1970 for a clock that was never set', () => {
    const nowMs = 1.7e12;
    const mapping = new ClockMapping('a');
    const at = mapping.at(frame({ bootId: 'b', delivery: 'backlog', wallMs: 5 }), taken(nowMs));
    expect(nowMs - at).toBe(90 * 86_400_000);
  });

  it('keeps the order of a boot however late its frames come and however often they come again', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            everyMs: fc.integer({ min: 1_000, max: 6_000 }),
            delayMs: fc.oneof(
              fc.integer({ min: 1, max: 300 }),
              fc.integer({ min: 1, max: 25_000 }),
            ),
            isLost: fc.boolean(),
            stepMs: fc.constantFrom(0, 0, 0, 36_000_000, -36_000_000),
          }),
          { minLength: 2, maxLength: 80 },
        ),
        (beats) => {
          const mapping = new ClockMapping('a');
          const placed = new Map<number, number>();
          let producedMs = 50_000;
          let arrivedMs = 0;
          let wallOffMs = 0;
          for (const [at, { everyMs, delayMs, isLost, stepMs }] of beats.entries()) {
            producedMs += everyMs;
            wallOffMs += stepMs;
            const sent = { seq: at + 1, monotonicMs: producedMs - 50_000 };
            if (isLost) {
              placed.set(at, Number.NaN);
              continue;
            }
            // A line keeps the order.
            arrivedMs = Math.max(arrivedMs + 1, producedMs + delayMs);
            const live = frame({ ...sent, wallMs: 1.7e12 + producedMs + wallOffMs });
            const now = taken(1.7e12 + arrivedMs, arrivedMs);
            mapping.observe(live, now);
            placed.set(at, mapping.at(live, now));
          }
          // What was lost comes from the journal in the end.
          producedMs = 50_000;
          const endMs = arrivedMs + 100_000;
          for (const [at, { everyMs }] of beats.entries()) {
            producedMs += everyMs;
            if (!Number.isNaN(placed.get(at))) continue;
            const late = frame({ delivery: 'backlog', monotonicMs: producedMs - 50_000 });
            placed.set(at, mapping.at(late, taken(1.7e12 + endMs, endMs)));
          }
          const inOrder = beats.map((_, at) => placed.get(at) ?? 0);
          if (beats.every(({ isLost }) => isLost)) return;
          expect(inOrder).toEqual(inOrder.toSorted((one, other) => one - other));
        },
      ),
      { seed: 48, numRuns: 2_000 },
    );
  });

  it('follows a clock that drifts', () => {
    const mapping = new ClockMapping('a');
    const slow = 1 - 100e-6;
    let nowMs = 0;
    for (; nowMs < 86_400_000; nowMs += 30_000) {
      const taking = taken(1.7e12 + nowMs + 20, nowMs + 20);
      mapping.observe(frame({ monotonicMs: nowMs * slow, wallMs: 1.7e12 }), taking);
    }
    // A day at 100 ppm is 8.6 s; what is old by more than twenty minutes says nothing of now.
    const now = taken(1.7e12 + nowMs, nowMs);
    expect(1.7e12 + nowMs - mapping.at(frame({ monotonicMs: nowMs * slow }), now)).toBeLessThan(
      150,
    );
  });

  it('puts what a PC kept from before its sleep where it was', () => {
    const mapping = new ClockMapping('a');
    mapping.observe(frame({ monotonicMs: 1_000, wallMs: 1_000 }), taken(501_000));
    mapping.observe(frame({ monotonicMs: 6_000, wallMs: 3_606_000 }), taken(4_106_000));
    expect(mapping.at(frame({ monotonicMs: 800, delivery: 'backlog' }), taken(4_106_000))).toBe(
      500_800,
    );
  });
});

describe('ack ranges', () => {
  it('name exactly the numbers that they were made of', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { maxLength: 80 }),
        (sequences) => {
          const ranges = rangesOf(sequences);
          const named = ranges.flatMap(([from, to]) =>
            Array.from({ length: to - from + 1 }, (_, at) => from + at),
          );
          expect(named).toEqual(sequences.toSorted((a, b) => a - b));
        },
      ),
      { seed: 1 },
    );
  });
});
