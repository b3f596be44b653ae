import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isPointDue,
  noTrend,
  TREND_EVERY_MS,
  TREND_POINTS,
  withPoint,
  type Trend,
} from '@ppe-pulse/protocol';
import { REHEARSAL_MS } from '../support/rows.ts';

const every = TREND_EVERY_MS;
const at = (atMs: number, rxBytesPerSecond = 1): Trend['points'][number] => ({
  atMs,
  rxBytesPerSecond,
});

describe('the trend', () => {
  it('gets its first point at once and the next one a period later', () => {
    const first = withPoint(noTrend, at(REHEARSAL_MS, 5));
    expect(first.points).toEqual([at(REHEARSAL_MS, 5)]);
    expect(withPoint(first, at(REHEARSAL_MS + every - 1))).toBe(first);
    expect(withPoint(first, at(REHEARSAL_MS + every, 7)).points).toEqual([
      at(REHEARSAL_MS, 5),
      at(REHEARSAL_MS + every, 7),
    ]);
  });

  it('goes on at once when the clock is set back, without what is to come', () => {
    let trend = noTrend;
    for (const step of [0, 1, 2, 3]) trend = withPoint(trend, at(REHEARSAL_MS + step * every));
    const back = REHEARSAL_MS + every + 10;
    expect(isPointDue(trend, back)).toBe(true);
    expect(withPoint(trend, at(back)).points.map(({ atMs }) => atMs)).toEqual([
      REHEARSAL_MS,
      REHEARSAL_MS + every,
      back,
    ]);
  });

  it('is in order and bounded, whatever the clock does', () => {
    const steps = fc.array(fc.integer({ min: -5 * every, max: 9 * every }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.boolean(), (jumps, isLong) => {
        const points = Array.from({ length: isLong ? TREND_POINTS : 0 }, (_, step) =>
          at(REHEARSAL_MS + step * every),
        );
        let [trend, nowMs]: [Trend, number] = [{ ...noTrend, points }, REHEARSAL_MS];
        nowMs += points.length * every;
        for (const jump of jumps) {
          nowMs += jump;
          trend = withPoint(trend, at(nowMs));
          const times = trend.points.map(({ atMs }) => atMs);
          expect(times.length).toBeLessThanOrEqual(TREND_POINTS);
          expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
          expect(nowMs - (times.at(-1) ?? 0)).toBeLessThan(every);
        }
      }),
      { seed: 720, numRuns: 100 },
    );
  });
});
