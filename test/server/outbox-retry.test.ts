import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FAILURES_TO_OPEN,
  afterOutcome,
  closedBreaker,
  gateOf,
  probeNow,
  type Breaker,
} from '../../server/src/alerts/outbox/breaker.ts';
import { InFlight } from '../../server/src/alerts/outbox/in-flight.ts';
import { afterAttempt, type EndedAttempt } from '../../server/src/alerts/outbox/retry.ts';
import { attempt } from './outbox-stage.ts';
import { MORNING_MS } from '../support/outbox-events.ts';

const failed: EndedAttempt = {
  attempt: attempt('serverError'),
  attempts: 1,
  nowMs: MORNING_MS,
  deadlineAtMs: MORNING_MS + 3_600_000,
  random: 0.5,
};

describe('what becomes of a delivery after an attempt', () => {
  it('waits twice as long each time, up to five minutes, by chance less', () => {
    const waits = Array.from({ length: 12 }, (_, at) => {
      const next = afterAttempt({ ...failed, attempts: at + 1, random: 0.999_999 });
      return next.state === 'pending' ? next.nextAttemptAtMs - MORNING_MS : 0;
    });
    expect(waits).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000, 300_000,
      300_000,
    ]);
    expect(afterAttempt({ ...failed, attempts: 12, random: 0 })).toEqual({
      state: 'pending',
      nextAttemptAtMs: MORNING_MS + 100,
    });
  });

  it('has the patience that a receiver asks for', () => {
    const asked = { ...failed, attempt: attempt('throttled', { retryAfterMs: 90_000 }) };
    expect(afterAttempt(asked)).toMatchObject({ nextAttemptAtMs: MORNING_MS + 90_000 });
    const beyond = { ...asked, deadlineAtMs: MORNING_MS + 60_000 };
    expect(afterAttempt(beyond)).toEqual({ state: 'dead' });
  });

  it('is tried a last time at the deadline, and given up there', () => {
    const late = { ...failed, attempts: 9, random: 0.9, deadlineAtMs: MORNING_MS + 10_000 };
    expect(afterAttempt(late)).toEqual({ state: 'pending', nextAttemptAtMs: MORNING_MS + 10_000 });
    expect(afterAttempt({ ...late, nowMs: MORNING_MS + 10_000 })).toEqual({ state: 'dead' });
  });

  it('is dead at once where another attempt would end alike', () => {
    for (const outcome of ['gone', 'rejected', 'redirected', 'addressRefused'] as const) {
      expect(afterAttempt({ ...failed, attempt: attempt(outcome) })).toEqual({ state: 'dead' });
    }
    const isDelivered = { ...failed, attempt: attempt('delivered'), nowMs: MORNING_MS * 2 };
    expect(afterAttempt(isDelivered)).toEqual({ state: 'delivered' });
  });

  it('is never after the deadline and never before the receiver’s word', () => {
    const anyEnd = fc.record({
      attempts: fc.integer({ min: 1, max: 10_000 }),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      leftMs: fc.integer({ min: 1, max: 86_400_000 }),
      retryAfterMs: fc.option(fc.integer({ min: 0, max: 3_600_000 })),
    });
    fc.assert(
      fc.property(anyEnd, ({ attempts, random, leftMs, retryAfterMs }) => {
        const next = afterAttempt({
          attempt: attempt('throttled', { retryAfterMs }),
          attempts,
          nowMs: MORNING_MS,
          deadlineAtMs: MORNING_MS + leftMs,
          random,
        });
        if (next.state !== 'pending') return next.state === 'dead' && (retryAfterMs ?? 0) > leftMs;
        const waitMs = next.nextAttemptAtMs - MORNING_MS;
        return waitMs <= leftMs && waitMs >= (retryAfterMs ?? 0) && waitMs > 0;
      }),
      { seed: 6 },
    );
  });
});

describe('the breaker of a receiver', () => {
  const fail = (breaker: Breaker, nowMs: number): Breaker =>
    afterOutcome(breaker, attempt('timedOut'), nowMs);
  const opened = (): Breaker => {
    let breaker = closedBreaker;
    for (let count = 1; count < FAILURES_TO_OPEN; count += 1) {
      breaker = fail(breaker, 1_000);
      expect(gateOf(breaker, 1_000)).toBe('closed');
    }
    return fail(breaker, 1_000);
  };

  it('opens after five failures in a row and is probed after 15 s, then 30 s … 5 min', () => {
    let breaker = opened();
    const waits = [15_000, 30_000, 60_000, 120_000, 240_000, 300_000, 300_000];
    let nowMs = 1_000;
    for (const waitMs of waits) {
      expect(gateOf(breaker, nowMs + waitMs - 1)).toBe('open');
      nowMs += waitMs;
      expect(gateOf(breaker, nowMs)).toBe('halfOpen');
      breaker = fail(breaker, nowMs);
    }
    expect(breaker).toMatchObject({ failures: 12, lastFailure: 'timedOut' });
    expect(afterOutcome(breaker, attempt('delivered'), nowMs)).toBe(closedBreaker);
  });

  it('does not stay open longer for attempts that were under way when it opened', () => {
    const breaker = fail(fail(opened(), 1_500), 2_000);
    expect(gateOf(breaker, 16_000)).toBe('halfOpen');
  });

  it('keeps the patience that the receiver asks for, which is no failure', () => {
    let breaker = closedBreaker;
    for (let count = 0; count < 9; count += 1) {
      breaker = afterOutcome(breaker, attempt('throttled', { retryAfterMs: 7_000 }), 1_000);
    }
    expect(gateOf(breaker, 7_999)).toBe('patience');
    expect(gateOf(breaker, 8_000)).toBe('closed');
    const answered = afterOutcome(opened(), attempt('throttled', { retryAfterMs: 7_000 }), 20_000);
    expect(gateOf(answered, 27_000)).toBe('closed');
  });

  it('is not moved by messages that could not be made', () => {
    let breaker = closedBreaker;
    for (let count = 0; count < 9; count += 1) {
      breaker = afterOutcome(breaker, attempt('notRenderable'), 1_000);
    }
    expect(breaker).toBe(closedBreaker);
  });

  it('is probed at once when a person asks', () => {
    expect(gateOf(probeNow(opened(), 2_000), 2_000)).toBe('halfOpen');
    expect(probeNow(closedBreaker, 2_000)).toEqual(closedBreaker);
  });
});

describe('attempts under way', () => {
  const add = (inFlight: InFlight, webhookId: string, id: number): void =>
    inFlight.add({ delivery: { id, webhookId } } as Parameters<InFlight['add']>[0]);

  it('are four to a receiver, and leave room for those that have none', () => {
    const inFlight = new InFlight();
    expect(inFlight.roomFor('wh-1', 9)).toBe(4);
    expect(inFlight.roomFor('wh-1', 1)).toBe(1);
    let id = 0;
    for (const webhookId of ['wh-1', 'wh-2']) {
      for (let count = 0; count < 4; count += 1) add(inFlight, webhookId, (id += 1));
    }
    expect(inFlight.roomFor('wh-1', 9)).toBe(0);
    for (let number = 3; number <= 10; number += 1) {
      expect(inFlight.roomFor(`wh-${number}`, 9)).toBe(1);
      add(inFlight, `wh-${number}`, (id += 1));
      expect(inFlight.roomFor(`wh-${number}`, 9)).toBe(0);
    }
    expect(inFlight.underWay).toBe(16);
    expect(inFlight.roomFor('wh-11', 9)).toBe(0);
    // Answered: it takes no room, and is not to be chosen until that is written.
    inFlight.answered(1);
    expect(inFlight.of('wh-1').has(1)).toBe(true);
    expect(inFlight.roomFor('wh-11', 9)).toBe(1);
    inFlight.written(1);
    expect(inFlight.has(1)).toBe(false);
    expect(inFlight.roomFor('wh-11', 9)).toBe(1);
    expect(inFlight.roomFor('wh-1', 9)).toBe(0);
  });
});
