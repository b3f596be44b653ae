import type { CheckVerdict } from '../messages/shared.ts';
import type { Flip } from './flip.ts';
import type { WorkstationState } from './workstation-state.ts';
import { judgeClone } from './clone.ts';

const nothing: readonly Flip[] = [];

/** What changed between two states of one workstation, check by check. Pure. */
export function flipsBetween(
  before: WorkstationState,
  after: WorkstationState,
  atMs: number,
): readonly Flip[] {
  const isSame =
    before.heartbeat.verdict === after.heartbeat.verdict &&
    before.clone === after.clone &&
    haveSameVerdicts(before.checks, after.checks);
  if (isSame) return nothing;
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

/** The ordinary case, hundreds of times a second: the same checks in the same order say the same. */
function haveSameVerdicts(
  before: readonly CheckVerdict[],
  after: readonly CheckVerdict[],
): boolean {
  if (before === after) return true;
  if (before.length !== after.length) return false;
  for (let at = 0; at < after.length; at += 1) {
    const from = before[at];
    const to = after[at];
    if (from?.id !== to?.id || from?.verdict !== to?.verdict) return false;
  }
  return true;
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
