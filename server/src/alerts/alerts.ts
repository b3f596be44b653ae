import type { Incident } from '@ppe-pulse/protocol';
import type { AlertOccasion } from './alert.ts';

/** A moment of the collector's wall clock and of its monotonic one. */
export interface AlertMoment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/**
 * Decides who is told what, and writes it. `take` and `tick` run inside the transaction of the change
 * of the incident, so that a decision is never lost and never without its cause.
 */
export interface AlertDesk {
  /** Occasions in their order. */
  take(occasions: readonly AlertOccasion[], at: AlertMoment): void;
  /**
   * Escalations and digests that are due, and receivers that came later. `open`: every open incident.
   * Answers ids of incidents whose history has a new line.
   */
  tick(open: Iterable<Incident>, at: AlertMoment): readonly string[];
  /** After the commit: what was written may go out. */
  wake(): void;
}
