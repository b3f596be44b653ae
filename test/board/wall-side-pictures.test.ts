import { describe, expect, it } from 'vitest';
import type { CameraCounts } from '@ppe-pulse/protocol';
import { cameraFactsOf, worstDark } from '../../board/src/wall-side/camera-facts.ts';
import { rowsThatFit } from '../../board/src/wall-side/fit.ts';
import { niceTicks, niceTimes } from '../../board/src/wall-side/nice-ticks.ts';
import { megabitsOf, trendPathOf } from '../../board/src/wall-side/trend-path.ts';
import { BOARD_MS, MINUTE_MS, incidentOf, noCameras } from '../support/board-page.ts';

describe('ticks of an axis', () => {
  it.each([
    [0, [0, 0.5, 1]],
    [Number.NaN, [0, 0.5, 1]],
    [0.25, [0, 0.1, 0.2, 0.3]],
    [1, [0, 0.5, 1]],
    [201, [0, 100, 200, 300]],
    [999, [0, 500, 1_000]],
    [1_001, [0, 500, 1_000, 1_500]],
    [2_850, [0, 1_000, 2_000, 3_000]],
    [3_000, [0, 1_000, 2_000, 3_000]],
  ])('up to %d are round', (max, ticks) => {
    expect(niceTicks(max)).toEqual(ticks);
  });

  it('are three or four, and reach the highest value, whatever it is', () => {
    for (let exponent = -3; exponent < 6; exponent += 0.01) {
      const max = 10 ** exponent;
      const ticks = niceTicks(max);
      expect([3, 4]).toContain(ticks.length);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(max * (1 - 1e-9));
    }
  });
});

describe('times of an axis', () => {
  const at = (time: string): number => Date.parse(`2024-05-15T${time}:00+07:00`);

  it('are round and four at most', () => {
    expect(niceTimes(at('08:03'), at('09:48'))).toEqual(
      ['08:30', '09:00', '09:30'].map((time) => at(time)),
    );
    expect(niceTimes(at('09:40'), at('09:47'))).toEqual([at('09:40'), at('09:45')]);
  });

  it('are none where no time passes', () => {
    expect(niceTimes(at('09:00'), at('09:00'))).toEqual([]);
  });
});

describe('the trend', () => {
  const box = { width: 100, height: 100 };
  const pointsOf = (...values: readonly (readonly [seconds: number, megabits: number])[]) => ({
    everyMs: 15_000,
    points: values.map(([seconds, megabits]) => ({
      atMs: BOARD_MS + seconds * 1_000,
      rxBytesPerSecond: (megabits * 1_000_000) / 8,
    })),
  });

  it('is none for less than two points', () => {
    expect(trendPathOf(pointsOf(), box)).toBeUndefined();
    expect(trendPathOf(pointsOf([0, 100]), box)).toBeUndefined();
  });

  it('draws megabits over time, and the same closed to the ground', () => {
    const values = [0, 15, 30, 45, 60].map((each) => [each * 60 - 3_600, each] as const);
    const path = trendPathOf({ ...pointsOf(...values), everyMs: 15 * MINUTE_MS }, box);
    expect(path?.line).toBe('M0 100L25 75L50 50L75 25L100 0');
    expect(path?.area).toBe('M0 100L25 75L50 50L75 25L100 0L100 100L0 100Z');
    expect(path?.ticks).toEqual(
      [0, 20, 40, 60].map((megabits) => ({
        megabits,
        y: Math.round((1 - megabits / 60) * 1_000) / 10,
      })),
    );
  });

  it('does not draw across a hole', () => {
    const path = trendPathOf(pointsOf([-900, 10], [-885, 10], [-300, 10], [-285, 10]), box);
    expect(path?.line.match(/M/g)).toHaveLength(2);
  });

  it('does not stretch two points over the whole width', () => {
    const path = trendPathOf(pointsOf([-15, 1], [0, 1]), box);
    expect(path?.line).toBe('M98.3 0L100 0');
  });

  it('tells the times of the day that is shown', () => {
    const points = pointsOf([-900, 1], [0, 1]);
    const played = trendPathOf(points, box, (wallMs) => (wallMs - BOARD_MS) * 60 + BOARD_MS);
    const hours = played?.times.map(({ dayMs }) => (dayMs - BOARD_MS) / (60 * MINUTE_MS));
    expect(hours?.every((hour) => hour <= 0 && hour >= -15)).toBe(true);
    expect(hours?.length).toBeGreaterThan(1);
  });
});

describe('cameras', () => {
  const counts = (part: Partial<CameraCounts>): CameraCounts => ({
    ...noCameras,
    planned: 100,
    on: 100,
    ...part,
  });

  it.each([
    ['all on', {}, 'ok', null],
    ['some unknown', { on: 90 }, 'unknown', null],
    ['some off', { on: 90, off: 5 }, 'warn', null],
    ['dark for 5 minutes', { on: 98, off: 2, darkRoomsOver5Minutes: 1 }, 'warn', 5],
    [
      'dark for 15',
      { on: 98, off: 2, darkRoomsOver5Minutes: 3, darkRoomsOver15Minutes: 2 },
      'fail',
      15,
    ],
    [
      'dark for 20',
      {
        on: 98,
        off: 2,
        darkRoomsOver5Minutes: 3,
        darkRoomsOver15Minutes: 2,
        darkRoomsOver20Minutes: 1,
      },
      'fail',
      20,
    ],
  ] as const)('%s', (_, part, verdict, minutes) => {
    const facts = cameraFactsOf(counts(part));
    expect(facts.verdict).toBe(verdict);
    expect(facts.over?.minutes ?? null).toBe(minutes);
  });

  it('that nobody sees are unknown, neither on nor off', () => {
    expect(cameraFactsOf(counts({ on: 60, off: 10 }))).toMatchObject({ unknown: 30, share: 0.6 });
    expect(cameraFactsOf(counts({ on: 104, off: 2 })).unknown).toBe(0);
    expect(cameraFactsOf(noCameras).share).toBeNull();
  });

  it('that the plan hides are no lack of data, and no part of a share', () => {
    expect(cameraFactsOf(counts({ on: 10, byRule: 90 }))).toMatchObject({
      byRule: 90,
      unknown: 0,
      share: null,
      verdict: 'ok',
    });
    expect(cameraFactsOf(counts({ on: 10, byRule: 89 }))).toMatchObject({
      unknown: 1,
      verdict: 'unknown',
    });
  });

  it('lead to the rooms that are dark the longest', () => {
    const dark = (number: number, minutes: number) =>
      incidentOf(number, { kind: 'camera.stream', evidence: { outageMs: minutes * MINUTE_MS } });
    const all = [dark(1, 3), incidentOf(2), dark(3, 21), dark(4, 7)];
    expect(worstDark(all, 2).map(({ id }) => id)).toEqual(['i-3', 'i-4']);
  });
});

describe('rows of a list', () => {
  it.each([
    [414, 52, 7],
    [416, 52, 8],
    [415.6, 52, 8],
    [20, 52, 1],
    [0, 52, 1],
    [400, 0, 1],
  ])('of %d px and %d a row are %d', (height, row, rows) => {
    expect(rowsThatFit(height, row)).toBe(rows);
  });

  it('are measured in megabits of eight bits', () => {
    expect(megabitsOf(25_250_000)).toBe(202);
  });
});
