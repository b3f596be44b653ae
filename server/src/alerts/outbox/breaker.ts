import type { Attempt, AttemptOutcome } from '../delivery.ts';

/** As many failures in a row open a breaker. */
export const FAILURES_TO_OPEN = 5;
/** An open one is probed after this long, then after twice as long, … */
export const FIRST_PROBE_AFTER_MS = 15_000;
/** … up to this. */
export const LAST_PROBE_AFTER_MS = 300_000;

/** What is known of a receiver. Moments are of the monotonic clock. */
export interface Breaker {
  /** In a row. */
  readonly failures: number;
  /** How often it opened, or stayed open after a probe, in a row. */
  readonly openings: number;
  /** Null for closed. */
  readonly probeAtMs: number | null;
  /** The receiver asked for patience until then. */
  readonly patienceUntilMs: number;
  /** Of the last failure. */
  readonly lastFailure: AttemptOutcome | null;
}

export const closedBreaker: Breaker = {
  failures: 0,
  openings: 0,
  probeAtMs: null,
  patienceUntilMs: Number.NEGATIVE_INFINITY,
  lastFailure: null,
};

/** `patience`: the receiver is there and asked not to be asked. */
export type BreakerGate = 'closed' | 'open' | 'halfOpen' | 'patience';

/** What may be sent now: all, one probe, or nothing. */
export function gateOf(breaker: Breaker, nowMs: number): BreakerGate {
  if (nowMs < breaker.patienceUntilMs) return 'patience';
  if (breaker.probeAtMs === null) return 'closed';
  return nowMs < breaker.probeAtMs ? 'open' : 'halfOpen';
}

/** When a closed gate is to be looked at again. */
export function opensAtMs(breaker: Breaker): number {
  return Math.max(breaker.probeAtMs ?? Number.NEGATIVE_INFINITY, breaker.patienceUntilMs);
}

/** A person changed something or asks for another try: the next attempt is a probe, now. */
export function probeNow(breaker: Breaker, nowMs: number): Breaker {
  return {
    ...breaker,
    probeAtMs: breaker.probeAtMs === null ? null : nowMs,
    patienceUntilMs: Number.NEGATIVE_INFINITY,
  };
}

export function afterOutcome(
  breaker: Breaker,
  attempt: Pick<Attempt, 'outcome' | 'retryAfterMs'>,
  nowMs: number,
): Breaker {
  if (attempt.outcome === 'delivered') return closedBreaker;
  // Our own message was wrong: that says nothing of the receiver.
  if (attempt.outcome === 'notRenderable') return breaker;
  if (attempt.outcome === 'throttled') {
    const patienceUntilMs = nowMs + (attempt.retryAfterMs ?? 0);
    return { ...closedBreaker, patienceUntilMs, lastFailure: 'throttled' };
  }
  const failed = { ...breaker, failures: breaker.failures + 1, lastFailure: attempt.outcome };
  const isTooMany = failed.failures >= FAILURES_TO_OPEN;
  // Those that were under way when it opened say nothing new.
  const isKnown = breaker.probeAtMs !== null && nowMs < breaker.probeAtMs;
  if (!isTooMany || isKnown) return failed;
  const waitMs = Math.min(LAST_PROBE_AFTER_MS, FIRST_PROBE_AFTER_MS * 2 ** breaker.openings);
  return { ...failed, openings: breaker.openings + 1, probeAtMs: nowMs + waitMs };
}
