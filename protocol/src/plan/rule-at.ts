import type { PlanRule } from '../fleet/plan-rule.ts';
import type { AgentPlan } from './agent-plan.ts';
import { modeAt } from './mode-at.ts';

/**
 * What would outlive the beginning of a quiet time is not begun so long before it, and the line is
 * left. A look-up cannot be taken back: the system asks a resolver that is silent twice, 5 s apart,
 * and waits 10 s (resolv.conf(5)); a slot takes 4 s, and the goodbye has to come through.
 */
export const WIND_DOWN_MS = 15_000;
/** Listeners look once a second, and clocks agree within this: the rule comes before the goodbye. */
export const RULE_LEAD_MS = 5_000;
/** The back-off of agents after a quiet span: nobody is called silent before it is over. */
export const RETURN_GRACE_MS = 120_000;

/**
 * What the plan says of its workstation to whoever listens for it: that it takes no part, or that it
 * is quiet, is about to be, or was within the grace. Null where it must be heard. `nowMs` and the grace are of the
 * rehearsal's clock.
 */
export function ruleAt(
  plan: AgentPlan,
  nowMs: number,
  returnGraceMs = RETURN_GRACE_MS,
): PlanRule | null {
  if (!plan.isInvolved) return 'notInvolved';
  const moments = [nowMs + WIND_DOWN_MS + RULE_LEAD_MS, nowMs, nowMs - returnGraceMs];
  return moments.some((atMs) => modeAt(plan, atMs) !== 'prep') ? 'isolated' : null;
}
