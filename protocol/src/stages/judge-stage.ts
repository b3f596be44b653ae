import { verdictWeight } from '../truth.ts';
import type { Missing } from './shown.ts';
import type { StageState } from './stage.ts';
import { stageReasons, type Outcome } from './stage-reasons.ts';
import type { DueTimes, StageSlot } from './stage-schedule.ts';

/** What is known of a stage at a place. */
export interface Standing {
  readonly slot: StageSlot;
  readonly due: DueTimes;
  readonly done: number;
  readonly total: number;
  readonly reachedAtMs: number | null;
  readonly by: StageState['by'];
  readonly isMismatch: boolean;
}

/** Units that are not done, by why. */
export type Left = Pick<StageState, 'unknown' | 'late'>;

/** What so many units are that stand as `open` says: of no deadline and not due yet, neither. */
export function leftBy({ verdict }: Outcome, units: number): Left {
  return {
    unknown: verdict === 'unknown' ? units : 0,
    late: verdict === 'warn' || verdict === 'fail' ? units : 0,
  };
}

/**
 * The state of a stage that stands so; `open` is how it is judged while it is not reached, `left` what
 * its missing units are.
 */
export function stageState(
  standing: Standing,
  open: Outcome,
  left: Left = leftBy(open, standing.total - standing.done),
): StageState {
  const { slot, due, done, total, reachedAtMs, by, isMismatch } = standing;
  const found = reachedAtMs === null ? open : reachedOutcome(reachedAtMs, due);
  const { verdict, reason } = isMismatch ? worse(found, mismatched) : found;
  return {
    stage: slot.stage,
    track: slot.track,
    done,
    total,
    unknown: left.unknown,
    late: left.late,
    reachedAtMs,
    by,
    dueAtMs: due.dueMs,
    verdict,
    reason,
    isMismatch,
  };
}

/** How what is not reached is judged by the clock alone. */
export function openOutcome({ dueMs, amberMs, redMs }: DueTimes, nowMs: number): Outcome {
  const isDue = dueMs !== null && nowMs >= dueMs;
  const reason = isDue ? 'overdue' : 'dueSoon';
  if (redMs !== null && nowMs >= redMs) return { verdict: 'fail', reason };
  if (amberMs !== null && nowMs >= amberMs) return { verdict: 'warn', reason };
  // The plan sets a time and alarms nobody.
  if (isDue) return { verdict: 'ok', reason: 'overdue' };
  return { verdict: 'ok', reason: dueMs === null ? 'noDeadline' : 'notDue' };
}

/** The same where devices should show it and do not: nothing is known once it matters. */
export function blindOutcome(due: DueTimes, nowMs: number, missing: Missing | null): Outcome {
  const open = openOutcome(due, nowMs);
  if (missing === null || (open.verdict === 'ok' && open.reason !== 'overdue')) return open;
  return { verdict: missing === 'silentByRule' ? 'silentByRule' : 'unknown', reason: missing };
}

/** The one of two that asks for more attention. */
export function worse(a: Outcome, b: Outcome): Outcome {
  const more = verdictWeight(b.verdict) - verdictWeight(a.verdict);
  if (more !== 0) return more > 0 ? b : a;
  return stageReasons.indexOf(b.reason) > stageReasons.indexOf(a.reason) ? b : a;
}

const mismatched: Outcome = { verdict: 'warn', reason: 'claimMismatch' };

function reachedOutcome(reachedAtMs: number, { dueMs }: DueTimes): Outcome {
  const isLate = dueMs !== null && reachedAtMs > dueMs;
  return { verdict: 'ok', reason: isLate ? 'reachedLate' : 'reached' };
}
