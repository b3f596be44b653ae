import type { Clock } from '../../clock.ts';
import type { Attempt, AttemptOutcome } from '../delivery.ts';
import {
  afterOutcome,
  closedBreaker,
  gateOf,
  opensAtMs,
  probeNow,
  type Breaker,
  type BreakerGate,
} from './breaker.ts';

/** A receiver's breaker as people see it. */
export interface BreakerView {
  readonly state: BreakerGate;
  /** In a row. */
  readonly failures: number;
  readonly lastFailure: AttemptOutcome | null;
  /** Wall clock; null where nothing keeps an attempt back. */
  readonly retryAtMs: number | null;
}

/**
 * Breakers of all receivers. In memory only: after a restart a dead receiver is found to be dead again
 * with a few attempts.
 */
export class Breakers {
  readonly #clock: Clock;
  readonly #breakers = new Map<string, Breaker>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  gate(webhookId: string): BreakerGate {
    return gateOf(this.#of(webhookId), this.#clock.monotonicMs());
  }

  /** True after a failure: one attempt at a time until one gets through. */
  isFailing(webhookId: string): boolean {
    return this.#of(webhookId).failures > 0;
  }

  lastFailure(webhookId: string): AttemptOutcome | null {
    return this.#of(webhookId).lastFailure;
  }

  /** Time until an attempt is let through; 0 for at once. */
  waitMs(webhookId: string): number {
    return Math.max(0, opensAtMs(this.#of(webhookId)) - this.#clock.monotonicMs());
  }

  /** Takes in how an attempt ended. True when the receiver came back. */
  see(webhookId: string, attempt: Attempt): boolean {
    const before = this.#of(webhookId);
    const after = afterOutcome(before, attempt, this.#clock.monotonicMs());
    if (after === closedBreaker) this.#breakers.delete(webhookId);
    else this.#breakers.set(webhookId, after);
    return before.probeAtMs !== null && after.probeAtMs === null;
  }

  probeNow(webhookId: string): void {
    const known = this.#breakers.get(webhookId);
    if (known) this.#breakers.set(webhookId, probeNow(known, this.#clock.monotonicMs()));
  }

  forget(webhookId: string): void {
    this.#breakers.delete(webhookId);
  }

  view(webhookId: string): BreakerView {
    const breaker = this.#of(webhookId);
    const waitMs = this.waitMs(webhookId);
    return {
      state: this.gate(webhookId),
      failures: breaker.failures,
      lastFailure: breaker.lastFailure,
      retryAtMs: waitMs > 0 ? Math.round(this.#clock.wallMs() + waitMs) : null,
    };
  }

  /** Receivers that are known not to take anything. */
  openCount(): number {
    return [...this.#breakers.values()].filter((each) => each.probeAtMs !== null).length;
  }

  #of(webhookId: string): Breaker {
    return this.#breakers.get(webhookId) ?? closedBreaker;
  }
}
