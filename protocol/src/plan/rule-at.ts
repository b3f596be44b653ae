import type { PlanRule } from '../fleet/plan-rule.ts';
import type { AgentPlan } from './agent-plan.ts';
import { modeAt } from './mode-at.ts';

/** The back-off of agents after a quiet span: nobody is called silent before it is over. */
export const RETURN_GRACE_MS = 120_000;

/**
 * What the plan says of its workstation to whoever listens for it: that it takes no part, or that it
 * is quiet, or was within the grace. Null where it must be heard. `nowMs` and the grace are of the
 * rehearsal's clock.
 */
export function ruleAt(
  plan: AgentPlan,
  nowMs: number,
  returnGraceMs = RETURN_GRACE_MS,
): PlanRule | null {
  if (!plan.isInvolved) return 'notInvolved';
  const isIsolated =
    modeAt(plan, nowMs) !== 'prep' || modeAt(plan, nowMs - returnGraceMs) !== 'prep';
  return isIsolated ? 'isolated' : null;
}
