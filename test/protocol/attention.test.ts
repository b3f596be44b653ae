import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Attention, limits, recoveryMs } from '@ppe-pulse/protocol';

const INTERVAL_MS = 5_000;
const BACK_MS = recoveryMs(INTERVAL_MS);

/** Looks twice a second from one moment to another, as its owner does. */
function listen(attention: Attention, fromMs: number, toMs: number): number {
  for (let nowMs = fromMs; nowMs <= toMs; nowMs += 500) attention.at(nowMs);
  return attention.at(toMs);
}

describe('attention', () => {
  it('counts every moment that was listened to', () => {
    const attention = new Attention(7_000, false, INTERVAL_MS);
    expect(listen(attention, 7_000, 67_000)).toBe(60_000);
    expect(attention.isRecovering).toBe(false);
  });

  it.each([
    ['a loop that was blocked for three seconds', 3_000, false],
    ['a loop that was blocked for nine seconds', 9_000, false],
    ['a process that was frozen for ten', 10_000, true],
    ['a machine that was suspended for a night', 30_000_000, true],
  ])('counts one second of %s', (_, gapMs, recovers) => {
    const attention = new Attention(0, false, INTERVAL_MS);
    listen(attention, 0, 20_000);
    expect(attention.at(20_000 + gapMs)).toBe(21_000);
    expect(attention.isRecovering).toBe(recovers);
    expect(attention.isForgiven(20_000)).toBe(recovers);
  });

  it('takes many short freezes with little between them for a long one', () => {
    const attention = new Attention(0, false, INTERVAL_MS);
    let nowMs = 0;
    for (const _ of [1, 2]) {
      attention.at((nowMs += 8_000));
      attention.at((nowMs += 500));
    }
    expect(attention.isRecovering).toBe(true);
    const rested = new Attention(0, false, INTERVAL_MS);
    rested.at(8_000);
    listen(rested, 8_000, 30_000);
    rested.at(38_000);
    expect(rested.isRecovering).toBe(false);
  });

  it('never counts more than passed, never backwards, and no downtime, whatever the gaps are', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.record({ kind: fc.constant('look'), ms: fc.integer({ min: -50, max: 40_000 }) }),
            fc.record({ kind: fc.constantFrom('deaf', 'hears'), ms: fc.nat(2_000) }),
          ),
          { maxLength: 60 },
        ),
        fc.boolean(),
        (steps, hasRestarted) => {
          const attention = new Attention(1_000, hasRestarted, INTERVAL_MS);
          let nowMs = 1_000;
          let newestMs = 1_000;
          let isDeaf = false;
          let before = 0;
          for (const { kind, ms } of steps) {
            nowMs += ms;
            if (kind !== 'look') attention.deaf((isDeaf = kind === 'deaf'), nowMs);
            const after = attention.at(nowMs);
            const passedMs = Math.max(0, nowMs - newestMs);
            newestMs = Math.max(newestMs, nowMs);
            expect(after).toBeGreaterThanOrEqual(before);
            expect(after - before).toBeLessThanOrEqual(Math.min(passedMs, 1_000));
            if (isDeaf) expect(attention.isForgiven(after)).toBe(true);
            if (isDeaf && kind === 'look') expect(after).toBe(before);
            before = after;
          }
        },
      ),
      { seed: 45 },
    );
  });

  it('lets nobody be silent while it is deaf, and gives all of them time to come back', () => {
    const attention = new Attention(0, false, INTERVAL_MS);
    listen(attention, 0, 10_000);
    attention.deaf(true, 10_000);
    expect(listen(attention, 10_000, 500_000)).toBe(10_000);
    attention.deaf(false, 500_000);
    attention.deaf(false, 500_000);
    expect(attention.isForgiven(10_000)).toBe(true);
    expect(attention.isForgiven(10_001)).toBe(false);
    listen(attention, 500_000, 500_000 + BACK_MS - 1);
    expect(attention.isForgiven(10_000)).toBe(true);
    listen(attention, 500_000 + BACK_MS - 1, 500_000 + BACK_MS);
    expect(attention.isForgiven(10_000)).toBe(false);
  });

  it('forgives after a restart until the slowest agent must be back', () => {
    const slowest = limits.reconnectCapMs + limits.handshakeMs + INTERVAL_MS;
    expect(BACK_MS).toBeGreaterThan(slowest);
    const attention = new Attention(0, true, INTERVAL_MS);
    expect(attention.isForgiven(-3_000)).toBe(true);
    listen(attention, 0, BACK_MS);
    expect(attention.isForgiven(-3_000)).toBe(false);
    expect(new Attention(0, false, INTERVAL_MS).isForgiven(-3_000)).toBe(false);
  });

  it('does not take what lay in a buffer for a sign of life of now', () => {
    const attention = new Attention(0, false, INTERVAL_MS);
    listen(attention, 0, 10_000);
    attention.at(100_000);
    // Produced while nobody listened, read two seconds later and half a minute later.
    expect(attention.isForgiven(attention.heardAt(30_000, 102_000))).toBe(true);
    listen(attention, 102_000, 130_000);
    expect(attention.isForgiven(attention.heardAt(99_000, 130_000))).toBe(true);
    expect(attention.isForgiven(attention.heardAt(129_990, 130_000))).toBe(false);
  });
});
