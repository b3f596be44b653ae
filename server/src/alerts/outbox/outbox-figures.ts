import { attemptOutcomes, type Attempt, type AttemptOutcome, type Delivery } from '../delivery.ts';

/** Bounds of the histogram of latencies, ms; one bucket more holds what took longer. */
export const latencyBoundsMs = [100, 250, 500, 1_000, 2_500, 5_000, 15_000, 60_000, 300_000];

/** The outbox in numbers, for `/metrics` and `/readyz`. */
export interface OutboxFigures {
  readonly pending: number;
  readonly dead: number;
  /** Since the oldest pending one was decided; null for none. */
  readonly oldestPendingMs: number | null;
  readonly breakersOpen: number;
  /** Attempts under way. */
  readonly inFlight: number;
  /** Answered and not yet written. */
  readonly unwritten: number;
  /** False while the database takes nothing: what was answered waits in memory. */
  readonly isWriting: boolean;
  /** Attempts by outcome since the start. */
  readonly attempts: Readonly<Record<AttemptOutcome, number>>;
  /** From the decision to the receiver's yes, since the start. */
  readonly latency: Latency;
}

/** A histogram: `counts[i]` of those up to `latencyBoundsMs[i]`, the last of the rest. */
export interface Latency {
  readonly count: number;
  readonly sumMs: number;
  readonly counts: readonly number[];
}

/** Counts attempts. */
export class AttemptTally {
  readonly #attempts = Object.fromEntries(attemptOutcomes.map((each) => [each, 0])) as Record<
    AttemptOutcome,
    number
  >;
  readonly #counts = Array.from({ length: latencyBoundsMs.length + 1 }, () => 0);
  #sumMs = 0;

  count(attempt: Attempt): void {
    this.#attempts[attempt.outcome] += 1;
  }

  delivered(delivery: Delivery): void {
    // A clock that was set back makes no negative time.
    const tookMs = Math.max(0, (delivery.endedAtMs ?? 0) - delivery.createdAtMs);
    const found = latencyBoundsMs.findIndex((bound) => tookMs <= bound);
    const at = found < 0 ? latencyBoundsMs.length : found;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sumMs += tookMs;
  }

  get attempts(): Readonly<Record<AttemptOutcome, number>> {
    return { ...this.#attempts };
  }

  get latency(): Latency {
    const counts = [...this.#counts];
    return { count: counts.reduce((sum, each) => sum + each, 0), sumMs: this.#sumMs, counts };
  }
}
