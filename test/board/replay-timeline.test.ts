import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReplaySpan } from '@ppe-pulse/protocol';
import { readAddress, writeAddress, zonedTime } from '../../board/src/replay/replay-address.ts';
import {
  clampTo,
  dayMsAt,
  gapAt,
  gapsOf,
  lastMark,
  momentOf,
  nextMark,
  reelAt,
  reelsOf,
  shareOf,
} from '../../board/src/replay/timeline.ts';

const ZONE = 'Asia/Novokuznetsk';
const at = (time: string): number => Date.parse(time);
const span = (from: string, to: string, day: ReplaySpan['day'] = null): ReplaySpan => ({
  fromMs: at(from),
  toMs: at(to),
  day,
});
const days = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE });
const dayOf = (ms: number): string => days.format(ms);

/** A morning with a gap of three minutes, an evening over midnight. */
const spans = [
  span('2024-05-15T08:00:00+07:00', '2024-05-15T09:40:00+07:00'),
  span('2024-05-15T09:43:00+07:00', '2024-05-15T12:00:00+07:00'),
  span('2024-05-15T23:30:00+07:00', '2024-05-16T00:30:00+07:00'),
];

describe('slider of the replay', () => {
  it('has a reel a day of the zone, and what was recorded over midnight in both', () => {
    const reels = reelsOf(spans, dayOf);
    expect(reels.map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [at('2024-05-15T08:00:00+07:00'), at('2024-05-15T23:59:59.999+07:00')],
      [at('2024-05-16T00:00:00+07:00'), at('2024-05-16T00:30:00+07:00')],
    ]);
    expect(reelAt(reels, at('2024-05-16T00:10:00+07:00'))).toBe(reels[1]);
    expect(reelAt(reels, at('2024-05-15T10:10:00+07:00'))).toBe(reels[0]);
    expect(reelAt(reels, at('2025-01-01T00:00:00Z'))).toBe(reels[1]);
    expect(reelAt([], 0)).toBeUndefined();
  });

  it('keeps every moment of every span in exactly one reel', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2024-05-14T00:00:00Z'), max: at('2024-05-16T00:00:00Z') }),
        fc.integer({ min: 1, max: 4 * 86_400_000 }),
        (fromMs, lengthMs) => {
          const one: ReplaySpan = { fromMs, toMs: fromMs + lengthMs, day: null };
          const parts = reelsOf([one], dayOf).flatMap((reel) => reel.spans);
          expect(parts[0]?.fromMs).toBe(one.fromMs);
          expect(parts.at(-1)?.toMs).toBe(one.toMs);
          for (const [index, part] of parts.entries()) {
            expect(dayOf(part.fromMs)).toBe(dayOf(part.toMs));
            if (index > 0) expect(part.fromMs).toBe((parts[index - 1]?.toMs ?? 0) + 1);
          }
        },
      ),
      { seed: 907 },
    );
  });

  it('shows gaps where nothing was recorded', () => {
    expect(gapsOf(spans.slice(0, 2))).toEqual([
      { fromMs: spans[0]?.toMs, toMs: spans[1]?.fromMs, reason: 'notRecorded' },
    ]);
    expect(gapAt(spans, at('2024-05-15T09:41:00+07:00'))).toBeDefined();
    expect(gapAt(spans, at('2024-05-15T09:40:00+07:00'))).toBeUndefined();
    expect(gapAt(spans, at('2024-05-15T10:00:00+07:00'))).toBeUndefined();
  });

  it('places moments between its ends and nowhere else', () => {
    const reel = { fromMs: 1_000, toMs: 3_000 };
    expect([0, 1_000, 2_000, 3_000, 9_000].map((ms) => shareOf(reel, ms))).toEqual([
      0, 0, 0.5, 1, 1,
    ]);
    expect(shareOf({ fromMs: 5, toMs: 5 }, 5)).toBe(0);
    expect([0, 2_000, 9_000].map((ms) => clampTo(reel, ms))).toEqual([1_000, 2_000, 3_000]);
  });

  it('finds the marks around a moment', () => {
    const marks = [{ atMs: 10 }, { atMs: 20 }, { atMs: 30 }];
    expect(nextMark(marks, 20)).toBe(marks[2]);
    expect(lastMark(marks, 20)).toBe(marks[1]);
    expect(nextMark(marks, 30)).toBeUndefined();
    expect(lastMark(marks, 9)).toBeUndefined();
  });

  it('understands the time of a played day, of its last showing where there were two', () => {
    const played = (wallFrom: string, hours: number): ReplaySpan =>
      span(wallFrom, new Date(at(wallFrom) + hours * 3_600_000).toISOString(), {
        atMs: at(wallFrom),
        nowMs: at('2024-05-15T09:00:00+07:00'),
        speed: 2,
      });
    const both = [played('2026-11-20T10:00:00Z', 1), played('2026-11-21T10:00:00Z', 1)];
    const meant = momentOf(both, at('2024-05-15T09:42:00+07:00'));
    expect(meant).toBe(at('2026-11-21T10:21:00Z'));
    expect(dayMsAt(both, meant)).toBe(at('2024-05-15T09:42:00+07:00'));
    expect(reelsOf(both, dayOf).map(({ fromMs }) => fromMs)).toEqual(
      both.map(({ fromMs }) => fromMs),
    );
    // The collector's own clock goes first, and a time that nobody recorded stays what it is.
    expect(momentOf(both, at('2026-11-20T10:21:00Z'))).toBe(at('2026-11-20T10:21:00Z'));
    expect(momentOf(both, 5)).toBe(5);
  });
});

describe('address of the replay', () => {
  it('names moment and speed, and is read as it was written', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') }),
        fc.constantFrom(1 as const, 2 as const, 5 as const, 10 as const, 30 as const, 60 as const),
        fc.boolean(),
        fc.constantFrom(ZONE, 'Europe/Moscow', 'America/St_Johns', 'UTC'),
        (atMs, speed, isPlaying, zone) => {
          const text = writeAddress(
            new URLSearchParams('view=country'),
            { atMs, speed, isPlaying },
            zone,
          );
          expect(readAddress(new URLSearchParams(text))).toEqual({ atMs, speed, isPlaying });
          expect(text).toContain('view=country');
        },
      ),
      { seed: 508 },
    );
    expect(zonedTime(at('2024-05-15T02:42:19Z'), ZONE)).toBe('2024-05-15T09:42:19+07:00');
  });

  it.each(['', 'at=yesterday', 'at=2024-13-45T99:99:99Z', 'at=2024-05-15', 'speed=7&at=1e9'])(
    'takes no moment from "%s"',
    (text) => {
      expect(readAddress(new URLSearchParams(text))).toEqual({
        atMs: undefined,
        speed: 1,
        isPlaying: false,
      });
    },
  );

  it('takes a plus that nobody escaped', () => {
    const { atMs } = readAddress(new URLSearchParams('at=2024-05-15T09:42:19+07:00'));
    expect(atMs).toBe(at('2024-05-15T09:42:19+07:00'));
  });
});
