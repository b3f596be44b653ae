import type { CheckVerdict } from '../messages/shared.ts';
import type { Flip } from './flip.ts';
import type { WorkstationState } from './workstation-state.ts';
import { judgeClone } from './clone.ts';

/** What changed between two states of one workstation, check by check. Pure. */
export function flipsBetween(
  before: WorkstationState,
  after: WorkstationState,
  atMs: number,
): readonly Flip[] {
  const isSame =
    before.heartbeat.verdict === after.heartbeat.verdict &&
    before.checks === after.checks &&
    before.clone === after.clone;
  if (isSame) return [];
  const flips: Flip[] = [];
  const compare = (from: CheckVerdict | undefined, to: CheckVerdict): void => {
    // A check that was never judged was unknown until now.
    const fromVerdict = from?.verdict ?? 'unknown';
    if (fromVerdict === to.verdict) return;
    flips.push({
      workstationId: after.id,
      checkId: to.id,
      from: fromVerdict,
      to: to.verdict,
      reason: to.reason,
      atMs,
      evidence: to.evidence,
    });
  };
  compare(before.heartbeat, after.heartbeat);
  compareClones(before, after, compare);
  for (const check of after.checks) {
    compare(
      before.checks.find((each) => each.id === check.id),
      check,
    );
  }
  return flips;
}

function compareClones(
  before: WorkstationState,
  after: WorkstationState,
  compare: (from: CheckVerdict, to: CheckVerdict) => void,
): void {
  const sighting = after.clone ?? before.clone;
  if (sighting === null) return;
  const cloned = judgeClone(sighting);
  const alone: CheckVerdict = { ...cloned, verdict: 'ok', reason: 'ok', evidence: {} };
  compare(before.clone ? cloned : alone, after.clone ? cloned : alone);
}
