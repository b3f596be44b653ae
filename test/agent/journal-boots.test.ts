import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Boots } from '../../agent/src/journal/boots.ts';
import { producedAt, type Boot } from '../../agent/src/journal/produced-at.ts';
import { fuzzSeed } from '../support/fuzz.ts';
import { tempDir } from '../support/temp-dir.ts';
import { BOOT, heartbeat } from './journal-heartbeats.ts';
import { openJournal } from './journal-opened.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** A morning of the collector's clock. */
const NINE = Date.UTC(2024, 4, 15, 2);

const idOf = (number: number): string => number.toString(16).padStart(16, '0');

function boot(number: number, startedWallMs: number, lastsMs: number, offsetMs?: number): Boot {
  const known = { bootId: idOf(number), startedWallMs, lastMonotonicMs: lastsMs };
  return offsetMs === undefined ? known : { ...known, offsetMs };
}

/** When a heartbeat of a boot came about, told by the table. */
const tell = (boots: readonly Boot[], number: number, monotonicMs: number, wallOffsetMs = 0) => {
  const own = boots.find(({ bootId }) => bootId === idOf(number));
  const wallMs = (own?.startedWallMs ?? 0) + monotonicMs;
  return producedAt(boots, { bootId: idOf(number), monotonicMs, wallMs }, wallOffsetMs);
};

describe('the time of a heartbeat of an earlier boot', () => {
  it('is the measured one when its boot was ever connected, whatever its wall clock said', () => {
    const boots = [boot(1, 0, HOUR, NINE), boot(2, 4e12, HOUR, NINE + 2 * HOUR)];
    expect(tell(boots, 1, MINUTE)).toEqual({ atMs: NINE + MINUTE, basis: 'measured' });
    expect(tell(boots, 2, MINUTE)).toEqual({ atMs: NINE + 2 * HOUR + MINUTE, basis: 'measured' });
  });

  it('is the wall clock’s, put right by the error that it has now, when it never was', () => {
    const fast = 10 * HOUR;
    const boots = [boot(1, NINE + fast, HOUR), boot(2, NINE + 2 * HOUR + fast, 0, NINE + 2 * HOUR)];
    expect(tell(boots, 1, MINUTE, -fast)).toEqual({ atMs: NINE + MINUTE, basis: 'wallClock' });
  });

  it('is not later than the next boot: a PC that was hours ahead comes before what followed', () => {
    const boots = [
      boot(1, NINE + 10 * HOUR, HOUR),
      boot(2, NINE + 2 * HOUR, HOUR, NINE + 2 * HOUR),
    ];
    const first = tell(boots, 1, 0);
    expect(first).toEqual({ atMs: NINE + HOUR, basis: 'bounded' });
    expect(tell(boots, 1, HOUR).atMs).toBe(NINE + 2 * HOUR);
  });

  it('goes by the error that the clock had before it was set, where today’s is impossible', () => {
    const slow = 3 * HOUR;
    const boots = [
      boot(1, NINE - slow, HOUR, NINE),
      boot(2, NINE + 2 * HOUR - slow, HOUR),
      boot(3, NINE + 4 * HOUR - slow, HOUR),
      // Somebody set the clock 20 h back.
      boot(4, NINE - 14 * HOUR, 0, NINE + 6 * HOUR),
    ];
    for (const [number, hours] of [
      [2, 2],
      [3, 4],
    ] as const)
      expect(tell(boots, number, MINUTE, 20 * HOUR)).toEqual({
        atMs: NINE + hours * HOUR + MINUTE,
        basis: 'wallClock',
      });
  });

  it('follows a clock that was set while a boot ran that nobody heard', () => {
    const [fast, slow] = [-5 * HOUR, 2 * HOUR];
    const boots = [
      boot(1, NINE - fast, HOUR, NINE),
      // It began with the error of before and ended with another, which the next one still had.
      { ...boot(2, NINE + 2 * HOUR - slow, HOUR), firstWallMs: NINE + 2 * HOUR - fast },
      boot(3, NINE + 4 * HOUR - slow, HOUR),
      boot(4, NINE - 14 * HOUR, 0, NINE + 6 * HOUR),
    ];
    for (const [number, hours] of [
      [2, 2],
      [3, 4],
    ] as const)
      expect(tell(boots, number, MINUTE, 20 * HOUR)).toEqual({
        atMs: NINE + hours * HOUR + MINUTE,
        basis: 'wallClock',
      });
  });

  it('is not earlier than the boot before: a PC that was hours behind comes after it', () => {
    const boots = [
      boot(1, NINE, HOUR, NINE),
      boot(2, NINE - 10 * HOUR, HOUR),
      boot(3, NINE + 5 * HOUR, 0, NINE + 5 * HOUR),
    ];
    expect(tell(boots, 2, MINUTE)).toEqual({ atMs: NINE + HOUR + MINUTE, basis: 'bounded' });
  });

  it('is sane for a PC that was started in 1970: it ended when the next boot began', () => {
    const boots = [
      boot(1, 5_000, HOUR),
      boot(2, 9_000, HOUR),
      boot(3, NINE + 5 * HOUR, 0, NINE + 5 * HOUR),
    ];
    expect(tell(boots, 1, 0)).toEqual({ atMs: NINE + 3 * HOUR, basis: 'bounded' });
    expect(tell(boots, 2, 0)).toEqual({ atMs: NINE + 4 * HOUR, basis: 'bounded' });
  });

  it('lets a wrong clock not pull those before it along', () => {
    const boots = [
      boot(1, NINE, HOUR, NINE),
      boot(2, NINE + 3 * HOUR, HOUR),
      boot(3, NINE - 20 * HOUR, HOUR),
      boot(4, NINE + 9 * HOUR, 0, NINE + 9 * HOUR),
    ];
    expect(tell(boots, 2, 0)).toEqual({ atMs: NINE + 3 * HOUR, basis: 'wallClock' });
    expect(tell(boots, 3, 0)).toEqual({ atMs: NINE + 4 * HOUR, basis: 'bounded' });
    const unset = [boot(1, NINE, HOUR), boot(2, 3_000, HOUR)];
    expect(tell(unset, 1, 0).atMs).toBe(NINE);
    expect(tell(unset, 2, 0)).toEqual({ atMs: NINE + HOUR, basis: 'bounded' });
  });

  it('of a boot that the table lost is the wall clock’s, but before all that it holds', () => {
    const boots = [boot(2, NINE, HOUR, NINE)];
    const lost = (wallMs: number) =>
      producedAt(boots, { bootId: idOf(1), monotonicMs: 5, wallMs }, MINUTE);
    expect(lost(NINE - HOUR)).toEqual({ atMs: NINE - HOUR + MINUTE, basis: 'wallClock' });
    expect(lost(NINE + HOUR)).toEqual({ atMs: NINE, basis: 'bounded' });
  });

  const anyBoot = fc.record({
    wallMs: fc.oneof(
      fc.integer({ min: 0, max: 90_000 }),
      fc.integer({ min: NINE - 40 * HOUR, max: NINE + 60 * HOUR }),
    ),
    lastsMs: fc.integer({ min: 0, max: 9 * HOUR }),
    offsetMs: fc.option(fc.integer({ min: NINE - HOUR, max: NINE + 40 * HOUR }), {
      nil: undefined,
    }),
  });

  it('keeps the order within a boot, and boots never overlap, however wrong the clocks are', () => {
    fc.assert(
      fc.property(
        fc.array(anyBoot, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: -50 * HOUR, max: 50 * HOUR }),
        (drawn, wallOffsetMs) => {
          const boots = drawn.map(({ wallMs, lastsMs, offsetMs }, at) =>
            boot(at + 1, wallMs, lastsMs, offsetMs),
          );
          const times = boots.flatMap(({ lastMonotonicMs }, at) =>
            // The table may be a minute behind: heartbeats go on after what it knows as the end.
            [0, 1, lastMonotonicMs / 2, lastMonotonicMs, lastMonotonicMs + MINUTE]
              .sort((a, b) => a - b)
              .map((monotonicMs) => tell(boots, at + 1, monotonicMs, wallOffsetMs).atMs),
          );
          for (const each of times) expect(each).not.toBeNaN();
          expect(times).toEqual(times.toSorted((a, b) => a - b));
        },
      ),
      { seed: fuzzSeed('boots in order'), numRuns: 3_000 },
    );
  });

  it('is true to the millisecond for all that was connected, when the collector was right', () => {
    const story = fc.array(
      fc.record({
        offMs: fc.integer({ min: 0, max: 5 * HOUR }),
        lastsMs: fc.integer({ min: 1, max: 9 * HOUR }),
        isConnected: fc.boolean(),
        wallErrorMs: fc.oneof(fc.constant(0), fc.integer({ min: -20 * HOUR, max: 20 * HOUR })),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(story, (told) => {
        let trueMs = NINE;
        const boots: Boot[] = [];
        const starts = told.map(({ offMs, lastsMs, isConnected, wallErrorMs }, at) => {
          const startMs = trueMs + offMs;
          trueMs = startMs + lastsMs;
          const offsetMs = isConnected ? startMs : undefined;
          boots.push(boot(at + 1, startMs + wallErrorMs, lastsMs, offsetMs));
          return startMs;
        });
        for (const [at, startMs] of starts.entries()) {
          const found = tell(boots, at + 1, 1);
          if (told[at]?.isConnected === true) {
            expect(found).toEqual({ atMs: startMs + 1, basis: 'measured' });
          } else {
            // It lies between the nearest connected ones, as it did in truth.
            const before = starts.filter((_, n) => n < at && told[n]?.isConnected).at(-1);
            const after = starts.find((_, n) => n > at && told[n]?.isConnected);
            expect(found.atMs).toBeGreaterThanOrEqual(before ?? Number.NEGATIVE_INFINITY);
            expect(found.atMs).toBeLessThanOrEqual(after ?? Number.POSITIVE_INFINITY);
            expect(found.basis).not.toBe('measured');
          }
        }
      }),
      { seed: fuzzSeed('true boots'), numRuns: 1_500 },
    );
  });

  it('is the wall clock’s exactly where no clock was ever wrong', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(HOUR), fc.nat(HOUR)), { minLength: 1, maxLength: 8 }),
        (pairs) => {
          let nowMs = NINE;
          const boots = pairs.map(([offMs, lastsMs], at) => {
            const startMs = nowMs + offMs;
            nowMs = startMs + lastsMs;
            return boot(at + 1, startMs, lastsMs);
          });
          for (const [at, { startedWallMs, lastMonotonicMs }] of boots.entries())
            expect(tell(boots, at + 1, lastMonotonicMs)).toEqual({
              atMs: startedWallMs + lastMonotonicMs,
              basis: 'wallClock',
            });
        },
      ),
      { seed: fuzzSeed('right clocks'), numRuns: 500 },
    );
  });
});

describe('the table of boots', () => {
  it('outlives the agent, also its death, in the true order', () => {
    const directory = tempDir();
    const ids = [3, 1, 2].map(idOf);
    for (const [at, bootId] of ids.entries()) {
      const { journal, clock } = openJournal(directory);
      journal.append(heartbeat(1, { bootId, wallMs: 0, monotonicMs: 2_000 }));
      if (at < 2) journal.noteOffset(bootId, NINE + at * HOUR, 12);
      journal.sync();
      clock.pass(5_000);
      // Within the minute that the table may be behind.
      journal.append(heartbeat(2, { bootId, wallMs: 7_000, monotonicMs: 9_000 }));
    }
    const { journal } = openJournal(directory);
    expect(journal.boots.map(({ bootId }) => bootId)).toEqual(ids);
    expect(journal.boots.map(({ lastMonotonicMs }) => lastMonotonicMs)).toEqual([9e3, 9e3, 9e3]);
    expect(journal.boots[1]).toEqual({
      bootId: idOf(1),
      startedWallMs: -2_000,
      firstWallMs: -2_000,
      lastMonotonicMs: 9_000,
      offsetMs: NINE + HOUR,
      boundMs: 12,
    });
    const late = heartbeat(2, { bootId: idOf(1), wallMs: 7_000, monotonicMs: 9_000 });
    expect(journal.producedAt(late)).toEqual({ atMs: NINE + HOUR + 9_000, basis: 'measured' });
  });

  it('is made again from the segments when it is lost', () => {
    const directory = tempDir();
    for (const number of [5, 4]) {
      const { journal } = openJournal(directory);
      for (const seq of [1, 2])
        journal.append(
          heartbeat(seq, { bootId: idOf(number), wallMs: NINE + seq, monotonicMs: seq }),
        );
      journal.close();
    }
    rmSync(join(directory, 'boots.json'));
    expect(openJournal(directory).journal.boots).toEqual(
      [5, 4].map((number) => ({ ...boot(number, NINE, 2), firstWallMs: NINE })),
    );
  });

  it('is written at once for a new boot or a moved offset, else once a minute', () => {
    const directory = tempDir();
    const boots = new Boots(directory);
    const path = join(directory, 'boots.json');
    const written = (): unknown => JSON.parse(readFileSync(path, 'utf8'));
    const inodeOf = (): number => statSync(path).ino;
    boots.note({ bootId: BOOT, wallMs: NINE, monotonicMs: 0 });
    boots.save(0);
    expect(written()).toHaveLength(1);
    let inode = inodeOf();
    const isWritten = (): boolean => {
      const isNew = inodeOf() !== inode;
      inode = inodeOf();
      return isNew;
    };
    boots.noteOffset(BOOT, NINE, 4);
    boots.save(1_000);
    expect(isWritten()).toBe(true);
    boots.noteOffset(BOOT, NINE + 90, 3);
    boots.note({ bootId: BOOT, wallMs: NINE + 5_000, monotonicMs: 5_000 });
    boots.save(5_000);
    expect(isWritten()).toBe(false);
    boots.save(61_000);
    expect(isWritten()).toBe(true);
    boots.noteOffset(BOOT, NINE + 300, 3);
    boots.save(62_000);
    expect(isWritten()).toBe(true);
    boots.save(200_000);
    expect(isWritten()).toBe(false);
  });

  it('forgets boots that are acked, but for the one that bounds the oldest left', () => {
    const { journal } = openJournal(tempDir(), { maxBytes: 1_000_000 });
    for (let number = 1; number <= 5; number += 1) {
      for (let seq = 1; seq <= 3; seq += 1)
        journal.append(
          heartbeat(seq, {
            bootId: idOf(number),
            // A segment for each.
            verdicts: Array.from({ length: 1_000 }, (_, at) => ({
              id: `net.${Math.trunc(((at * 7_919 + seq) % 9_973) * 1e9).toString(36)}`,
              verdict: 'ok',
              reason: 'ok',
              evidence: { value: (at * 104_729 * seq) % 1e9 },
              ageMs: (at * 31) % 977,
            })),
          }),
        );
    }
    for (const number of [1, 2, 3]) journal.ack(idOf(number), [[1, 3]]);
    const left = journal.boots.map(({ bootId }) => bootId);
    expect(left.at(-1)).toBe(idOf(5));
    expect(left).toContain(idOf(3));
    expect(left).not.toContain(idOf(1));
  });
});
