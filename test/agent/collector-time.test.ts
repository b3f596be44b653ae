import { describe, expect, it } from 'vitest';
import { CollectorTime } from '../../agent/src/link/collector-time.ts';

describe('the collector’s time', () => {
  const clock = { wallMs: () => 7_000, monotonicMs: () => 1_000, elapsedMs: () => 1_000 };
  const create = (): CollectorTime => new CollectorTime({ ...clock, takeSleptMs: () => 0 });
  const says = (collectorMs: number, boundMs: number) => ({
    collectorClock: () => ({ collectorMs, boundMs }),
  });

  it('is the PC’s own until something is known, and then the greeting’s', () => {
    const time = create();
    expect(time.offset).toBeUndefined();
    expect(time.nowMs()).toBe(7_000);
    time.greeted(500_000);
    expect(time.nowMs()).toBe(500_000);
    expect(time.offset?.boundMs).toBeUndefined();
  });

  it('is that of a good exchange rather than of a bad one that agrees', () => {
    const time = create();
    time.learn(says(500_000, 20));
    time.learn(says(503_000, 3_500));
    expect(time.offset).toEqual({ offsetMs: 499_000, boundMs: 20 });
    time.learn(says(500_010, 25));
    expect(time.nowMs()).toBe(500_010);
  });

  it('follows a collector whose clock is another', () => {
    const time = create();
    time.learn(says(500_000, 20));
    time.learn(says(590_000, 400));
    expect(time.offset).toEqual({ offsetMs: 589_000, boundMs: 400 });
  });
});
