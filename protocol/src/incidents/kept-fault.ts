import type { Evidence } from '../messages/shared.ts';
import type { Verdict } from '../truth.ts';

/** A fault of an open incident as it must be known after a restart. */
export interface KeptFault {
  /** Id of the workstation, or `collector`. */
  readonly sourceId: string;
  /** With the device's number. */
  readonly checkId: string;
  /** Number of the incident that covers it; null for one that a person resolved while it lasts. */
  readonly incidentId: string | null;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly evidence: Evidence;
  /** When it began, collector's wall clock. */
  readonly sinceAtMs: number;
}
