import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rarely, SleepMeter, systemClock } from '../../agent/src/platform/clock.ts';
import { fuzzSeed } from '../support/fuzz.ts';

/** A PC whose monotonic clock stops in sleep and whose uptime is told in steps of 10 ms. */
class Pc {
  awakeMs = 0;
  upMs = 5_000_000;
  /** Time that passes between two readings of a clock. */
  readingTakesMs = 0;

  readonly monotonicMs = (): number => {
    this.pass(this.readingTakesMs);
    return this.awakeMs;
  };
  readonly uptimeMs = (): number => {
    this.pass(this.readingTakesMs);
    return Math.floor(this.upMs / 10) * 10;
  };

  pass(ms: number): void {
    this.awakeMs += ms;
    this.upMs += ms;
  }

  sleep(ms: number): void {
    this.upMs += ms;
  }
}

const meterOf = (pc: Pc): SleepMeter => new SleepMeter(pc.monotonicMs, pc.uptimeMs);

describe('elapsed time', () => {
  it('is the monotonic time as long as the PC is awake, to the last digit', () => {
    const pc = new Pc();
    const meter = meterOf(pc);
    for (let step = 1; step <= 100_000; step += 1) {
      pc.pass(4_999.7 + (step % 7) * 0.1);
      expect(meter.elapsedMs()).toBe(pc.awakeMs);
    }
    expect(meter.takeSleptMs()).toBe(0);
  });

  it('counts sleep, and tells it once', () => {
    const pc = new Pc();
    const meter = meterOf(pc);
    pc.pass(1_000);
    pc.sleep(3_600_000);
    pc.pass(20);
    expect(Math.abs(meter.elapsedMs() - 3_601_020)).toBeLessThanOrEqual(10);
    expect(Math.abs(meter.takeSleptMs() - 3_600_000)).toBeLessThanOrEqual(10);
    expect(meter.takeSleptMs()).toBe(0);
    pc.sleep(60_000);
    expect(Math.abs(meter.takeSleptMs() - 60_000)).toBeLessThanOrEqual(10);
    expect(Math.abs(meter.elapsedMs() - 3_661_020)).toBeLessThanOrEqual(20);
  });

  it('takes what two clocks drift apart for no sleep, however long it adds up', () => {
    const pc = new Pc();
    const meter = meterOf(pc);
    for (let step = 0; step < 200_000; step += 1) {
      pc.pass(5_000);
      // 100 ppm: 100 s in eleven days.
      pc.upMs += 0.5;
      meter.elapsedMs();
    }
    expect(meter.elapsedMs()).toBe(pc.awakeMs);
  });

  it('takes a process that is stopped between two readings for no sleep', () => {
    const pc = new Pc();
    const meter = meterOf(pc);
    pc.pass(5_000);
    pc.readingTakesMs = 30_000;
    meter.elapsedMs();
    pc.readingTakesMs = 0;
    pc.pass(5_000);
    expect(meter.elapsedMs()).toBe(pc.awakeMs);
    expect(meter.takeSleptMs()).toBe(0);
  });

  it('is the monotonic time where the system tells no uptime', () => {
    const pc = new Pc();
    const meter = new SleepMeter(pc.monotonicMs, () => Number.NaN);
    pc.pass(5_000);
    pc.sleep(99_000);
    expect([meter.elapsedMs(), meter.takeSleptMs()]).toEqual([5_000, 0]);
  });

  it('never goes back and is never further off than 10 ms a sleep, whatever happens', () => {
    const step = fc.record({
      kind: fc.constantFrom('pass', 'sleep', 'nap', 'uptimeBack'),
      ms: fc.integer({ min: 0, max: 10_000_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const pc = new Pc();
        const meter = meterOf(pc);
        let before = 0;
        let slept = 0;
        let sleeps = 0;
        for (const { kind, ms } of steps) {
          if (kind === 'pass') pc.pass(ms);
          if (kind === 'sleep') {
            pc.sleep(ms + 1_020);
            slept += ms + 1_020;
            sleeps += 1;
          }
          // Too short to be told from the steps of 10 ms.
          if (kind === 'nap') pc.sleep(ms % 900);
          if (kind === 'uptimeBack') pc.upMs -= ms;
          const now = meter.elapsedMs();
          expect(now).toBeGreaterThanOrEqual(before);
          expect(Math.abs(now - (pc.awakeMs + slept))).toBeLessThanOrEqual(10 * sleeps);
          before = now;
        }
      }),
      { seed: fuzzSeed('elapsed time'), numRuns: 300 },
    );
  });

  it('of this machine starts at nothing and goes with the monotonic clock', async () => {
    const clock = systemClock();
    const first = clock.elapsedMs();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(first).toBeGreaterThanOrEqual(0);
    expect(first).toBeLessThan(1_000);
    const before = clock.monotonicMs();
    const now = clock.elapsedMs();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now - before).toBeLessThan(1_000);
    expect(clock.takeSleptMs()).toBe(0);
  });
});

describe('a clock that is dear to read', () => {
  it('is read again after 20 ms, goes on in between and shows what it missed then', () => {
    const pc = new Pc();
    let reads = 0;
    const read = (): number => {
      reads += 1;
      return pc.upMs;
    };
    const uptimeMs = rarely(read, pc.monotonicMs);
    expect(uptimeMs()).toBe(pc.upMs);
    pc.pass(19);
    expect(uptimeMs()).toBe(pc.upMs);
    pc.sleep(60_000);
    expect(uptimeMs()).toBe(pc.upMs - 60_000);
    expect(reads).toBe(1);
    pc.pass(1);
    expect(uptimeMs()).toBe(pc.upMs);
    expect(reads).toBe(2);
  });

  it('is asked again when it told nothing', () => {
    const pc = new Pc();
    let upMs = Number.NaN;
    const uptimeMs = rarely(() => upMs, pc.monotonicMs);
    expect(uptimeMs()).toBeNaN();
    upMs = 5;
    pc.pass(20);
    expect(uptimeMs()).toBe(5);
  });
});
