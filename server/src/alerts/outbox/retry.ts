import type { Attempt } from '../delivery.ts';

/** The first wait is up to this long, each further one up to twice the one before. */
export const FIRST_WAIT_MS = 1_000;
/** A receiver that is down for an hour is asked at least every five minutes. */
export const LONGEST_WAIT_MS = 300_000;
/** Jitter may choose nothing at all; a receiver gets at least this to draw breath. */
export const SHORTEST_WAIT_MS = 100;

/** What is known when an attempt has ended. */
export interface EndedAttempt {
  readonly attempt: Pick<Attempt, 'outcome' | 'isRetryable' | 'retryAfterMs'>;
  /** Attempts so far, this one among them. */
  readonly attempts: number;
  /** Collector's wall clock, like the deadline. */
  readonly nowMs: number;
  readonly deadlineAtMs: number;
  /** In [0, 1). */
  readonly random: number;
}

/** What becomes of a delivery after an attempt. */
export type RetryDecision =
  | { readonly state: 'delivered' }
  | { readonly state: 'dead' }
  | { readonly state: 'pending'; readonly nextAttemptAtMs: number };

/**
 * Full jitter: everybody who lost the same receiver at the same moment comes back at another one. Every
 * delivery gets one attempt however late it is: the collector's own downtime is in no deadline.
 */
export function afterAttempt(ended: EndedAttempt): RetryDecision {
  const { attempt, nowMs, deadlineAtMs } = ended;
  if (attempt.outcome === 'delivered') return { state: 'delivered' };
  if (!attempt.isRetryable || nowMs >= deadlineAtMs) return { state: 'dead' };
  const earliestAtMs = nowMs + (attempt.retryAfterMs ?? 0);
  if (earliestAtMs > deadlineAtMs) return { state: 'dead' };
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (ended.attempts - 1));
  const waitMs = Math.max(SHORTEST_WAIT_MS, ended.random * ceiling);
  // The last attempt is at the deadline, not somewhere before it.
  const atMs = Math.min(deadlineAtMs, Math.max(earliestAtMs, nowMs + waitMs));
  return { state: 'pending', nextAttemptAtMs: Math.round(atMs) };
}
