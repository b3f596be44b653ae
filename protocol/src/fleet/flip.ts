import type { Evidence } from '../messages/shared.ts';
import type { Verdict } from '../truth.ts';

/** A change of a check's verdict: who, what, from, to, since when, on what evidence. */
export interface Flip {
  readonly workstationId: string;
  readonly checkId: string;
  readonly from: Verdict;
  readonly to: Verdict;
  readonly reason: string;
  /** Listener's wall clock, ms since 1970 UTC. */
  readonly atMs: number;
  readonly evidence: Evidence;
}
