import { describe, expect, it } from 'vitest';
import { fairShareFinish, type FairShareLine, type FairShareWorld } from '@ppe-pulse/protocol';
import { createRandom } from '../../server/src/simulate/random.ts';

const SEED = 20_240_515;

/** Shares by bisection of the water level, moved on in small steps: slow, and obviously right. */
function bySmallSteps(world: FairShareWorld, stepSeconds: number): number[] {
  const left = world.lines.map((line) => line.bytes ?? world.bytes);
  const finishes = left.map(() => Number.POSITIVE_INFINITY);
  for (let now = 0; now < 400 && finishes.some((each) => !Number.isFinite(each));) {
    const isActive = world.lines.map(
      (line, at) => (line.startSeconds ?? 0) <= now + stepSeconds / 2 && (left[at] ?? 0) > 0,
    );
    const rate = (level: number, at: number): number =>
      isActive[at] ? Math.min(level, world.lines[at]?.bytesPerSecond ?? 0) : 0;
    const total = (level: number): number =>
      world.lines.reduce((sum, _, at) => sum + rate(level, at), 0);
    let [low, high] = [0, Math.max(...world.lines.map((line) => line.bytesPerSecond))];
    for (let turn = 0; turn < 40; turn += 1) {
      const middle = (low + high) / 2;
      if (total(middle) <= world.serverBytesPerSecond) low = middle;
      else high = middle;
    }
    now += stepSeconds;
    for (const at of left.keys()) {
      if (!isActive[at]) continue;
      left[at] = (left[at] ?? 0) - rate(low, at) * stepSeconds;
      if ((left[at] ?? 0) <= 0) finishes[at] = now;
    }
  }
  return finishes;
}

function randomWorld(random: () => number): FairShareWorld {
  const lines = Array.from({ length: 1 + Math.floor(random() * 9) }, (_, at): FairShareLine => {
    const bytesPerSecond = 10 + random() * 90;
    return {
      siteCode: String(at),
      bytesPerSecond,
      ...(random() < 0.3 ? { bytes: 200 + random() * 800 } : {}),
      ...(random() < 0.4 ? { startSeconds: random() * 20 } : {}),
    };
  });
  return { bytes: 1_000, serverBytesPerSecond: 50 + random() * 300, lines };
}

describe('a fair share of the server’s uplink', () => {
  it(`ends everybody when a simulation in small steps does (seed ${SEED})`, () => {
    const random = createRandom(SEED);
    for (let run = 0; run < 40; run += 1) {
      const world = randomWorld(random);
      const slow = bySmallSteps(world, 0.02);
      const exact = fairShareFinish(world).ends.map((each) => each.finishSeconds);
      for (const [at, each] of exact.entries()) {
        expect(Math.abs(each - (slow[at] ?? Number.NaN))).toBeLessThan(0.3);
      }
    }
  });

  it(`never gives more than there is, nor to one more than its line takes (seed ${SEED})`, () => {
    const random = createRandom(SEED + 1);
    for (let run = 0; run < 300; run += 1) {
      const world = randomWorld(random);
      const { ends, lastSeconds, saturatedSeconds } = fairShareFinish(world);
      const bytes = world.lines.reduce((sum, line) => sum + (line.bytes ?? world.bytes), 0);
      expect(lastSeconds).toBeGreaterThanOrEqual(bytes / world.serverBytesPerSecond - 1e-6);
      expect(saturatedSeconds).toBeLessThanOrEqual(lastSeconds + 1e-6);
      for (const [at, line] of world.lines.entries()) {
        const took = (ends[at]?.finishSeconds ?? 0) - (line.startSeconds ?? 0);
        const alone = (line.bytes ?? world.bytes) / line.bytesPerSecond;
        expect(took).toBeGreaterThanOrEqual(alone - 1e-6);
      }
    }
  });

  it(`is never later on a faster server (seed ${SEED})`, () => {
    const random = createRandom(SEED + 2);
    for (let run = 0; run < 300; run += 1) {
      const world = randomWorld(random);
      const faster = { ...world, serverBytesPerSecond: world.serverBytesPerSecond * 1.5 };
      expect(fairShareFinish(faster).lastSeconds).toBeLessThanOrEqual(
        fairShareFinish(world).lastSeconds + 1e-6,
      );
    }
  });

  it('divides evenly what the slow ones leave', () => {
    const { ends, saturatedSeconds, lastSeconds } = fairShareFinish({
      bytes: 100,
      serverBytesPerSecond: 30,
      lines: [
        { siteCode: 'slow', bytesPerSecond: 5 },
        { siteCode: 'fast', bytesPerSecond: 100 },
        { siteCode: 'fast too', bytesPerSecond: 100 },
      ],
    });
    expect(ends).toEqual([
      { siteCode: 'slow', finishSeconds: 20, meanBytesPerSecond: 5 },
      { siteCode: 'fast', finishSeconds: 8, meanBytesPerSecond: 12.5 },
      { siteCode: 'fast too', finishSeconds: 8, meanBytesPerSecond: 12.5 },
    ]);
    expect(saturatedSeconds).toBe(8);
    expect(lastSeconds).toBe(20);
  });

  it('lets who starts later wait for nobody', () => {
    const { ends } = fairShareFinish({
      bytes: 100,
      serverBytesPerSecond: 10,
      lines: [
        { siteCode: 'first', bytesPerSecond: 10 },
        { siteCode: 'second', bytesPerSecond: 10, startSeconds: 100 },
        { siteCode: 'nothing left', bytesPerSecond: 10, bytes: 0, startSeconds: 7 },
      ],
    });
    expect(ends.map((each) => each.finishSeconds)).toEqual([10, 110, 7]);
    expect(ends.map((each) => each.meanBytesPerSecond)).toEqual([10, 10, 0]);
  });

  it.each([
    ['a dead line', 10, 0],
    ['a dead server', 0, 10],
    ['a line below nothing', 10, -5],
  ])('never ends on %s', (_, serverBytesPerSecond, bytesPerSecond) => {
    const { ends, lastSeconds } = fairShareFinish({
      bytes: 100,
      serverBytesPerSecond,
      lines: [{ siteCode: '4216', bytesPerSecond }],
    });
    expect(ends).toEqual([
      { siteCode: '4216', finishSeconds: Number.POSITIVE_INFINITY, meanBytesPerSecond: 0 },
    ]);
    expect(lastSeconds).toBe(Number.POSITIVE_INFINITY);
  });

  it('has an answer for nobody at all', () => {
    const world = { bytes: 1, serverBytesPerSecond: 1, lines: [] };
    expect(fairShareFinish(world)).toEqual({ ends: [], lastSeconds: 0, saturatedSeconds: 0 });
  });

  it('counts the ППЭ of the country out to the last byte', () => {
    const random = createRandom(SEED);
    const lines = Array.from({ length: 6_000 }, (_, at) => ({
      siteCode: String(at).padStart(4, '0'),
      bytesPerSecond: 1e6 + random() * 12e6,
    }));
    const world = { bytes: 1.5e9, serverBytesPerSecond: 1.25e9, lines };
    const { ends, lastSeconds } = fairShareFinish(world);
    expect(ends.every(({ finishSeconds }) => Number.isFinite(finishSeconds))).toBe(true);
    // The uplink is the limit for nearly all of the time, and what it carried is all there is.
    expect(lastSeconds).toBeGreaterThanOrEqual((6_000 * 1.5e9) / 1.25e9);
  });
});
