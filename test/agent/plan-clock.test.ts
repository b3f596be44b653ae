import { describe, expect, it } from 'vitest';
import type { Boot } from '../../agent/src/journal/produced-at.ts';
import { PlanClock, lastKnownTime } from '../../agent/src/plan/plan-clock.ts';

const HOUR_MS = 3_600_000;
/** 15 May 2024, 03:00 UTC. */
const trueMs = 1_715_742_000_000;

/** A start of an agent, `lastedMs` long, on a PC whose clock is off by so much. */
const boot = (startMs: number, lastedMs: number, wallErrorMs: number, isMeasured = true): Boot => ({
  bootId: startMs.toString(16).padStart(16, '0'),
  startedWallMs: startMs + wallErrorMs,
  lastMonotonicMs: lastedMs,
  ...(isMeasured && { offsetMs: startMs, boundMs: 20 }),
});

/** A PC that has just started at the true moment, its clock off by so much. */
function pc(wallErrorMs: number, boots: readonly Boot[]) {
  let [elapsedMs, errorMs, offsetMs] = [0, wallErrorMs, undefined as number | undefined];
  const clock = { wallMs: () => trueMs + elapsedMs + errorMs, elapsedMs: () => elapsedMs };
  const collectorTime = {
    get offset() {
      return offsetMs === undefined ? undefined : { offsetMs, boundMs: 20 };
    },
    nowMs: () => elapsedMs + (offsetMs ?? 0),
  };
  return {
    clock: new PlanClock(clock, collectorTime, lastKnownTime(boots)),
    passes: (ms: number) => (elapsedMs += ms),
    steps: (ms: number) => (errorMs += ms),
    isConnected: () => (offsetMs = trueMs),
  };
}

describe('the clock of the plan', () => {
  it('is the collector’s once this start was connected, whatever the PC’s own says', () => {
    const { clock, passes, steps, isConnected } = pc(10 * HOUR_MS, []);
    isConnected();
    passes(5_000);
    steps(-3 * HOUR_MS);
    expect(clock.nowMs()).toBe(trueMs + 5_000);
  });

  it('is right on a PC that is 10 hours off and was connected in an earlier start', () => {
    for (const errorMs of [10 * HOUR_MS, -10 * HOUR_MS]) {
      const before = boot(trueMs - 24 * HOUR_MS, HOUR_MS, errorMs);
      expect(pc(errorMs, [before]).clock.nowMs()).toBe(trueMs);
    }
  });

  it('is not moved by a step of the PC’s clock in a start without a line', () => {
    const { clock, passes, steps } = pc(0, [boot(trueMs - HOUR_MS, 60_000, 0)]);
    passes(1_000);
    steps(10 * HOUR_MS);
    passes(1_000);
    expect(clock.nowMs()).toBe(trueMs + 2_000);
  });

  it('goes on where it stopped when the battery of the PC is flat', () => {
    const boots = [
      boot(trueMs - 3 * HOUR_MS, HOUR_MS, 0),
      boot(trueMs - 2 * HOUR_MS, 30 * 60_000, 0, false),
    ];
    const { clock, passes } = pc(-trueMs, boots);
    passes(7_000);
    expect(clock.nowMs()).toBe(trueMs - 3 * HOUR_MS + 1.5 * HOUR_MS + 7_000);
  });

  it('goes by the error of the last start that was connected', () => {
    const boots = [
      boot(trueMs - 50 * HOUR_MS, HOUR_MS, 5 * HOUR_MS),
      boot(trueMs - 40 * HOUR_MS, HOUR_MS, 2 * HOUR_MS),
      boot(trueMs - 30 * HOUR_MS, HOUR_MS, 2 * HOUR_MS, false),
    ];
    expect(pc(2 * HOUR_MS, boots).clock.nowMs()).toBe(trueMs);
  });

  it('is the PC’s own, and follows it, where nothing was ever known', () => {
    const { clock, steps } = pc(HOUR_MS, [boot(trueMs - HOUR_MS, 1_000, 0, false)]);
    expect(clock.nowMs()).toBe(trueMs + HOUR_MS);
    steps(-HOUR_MS);
    expect(clock.nowMs()).toBe(trueMs);
  });
});
