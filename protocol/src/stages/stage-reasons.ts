import type { Verdict } from '../truth.ts';

/** Why a stage stands as it stands; the later of two tells more of a place with both. */
export const stageReasons = [
  'notInvolved',
  'silentByRule',
  'reached',
  'reachedLate',
  'noDeadline',
  'notDue',
  // Past the deadline, and what should show it cannot.
  'notHeard',
  'notWatched',
  'notMeasured',
  'noPageCounter',
  'noImageCounter',
  'countIncomplete',
  // Not reached, and it is known.
  'dueSoon',
  'overdue',
  'claimMismatch',
] as const;
export type StageReason = (typeof stageReasons)[number];

/** A verdict with its reason. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly reason: StageReason;
}
