import type { Region } from '../region/region.ts';
import { listProblems, regionProblems } from './list-problems.ts';
import type { Plan } from './plan.ts';
import type { PlanProblem } from './plan-problem.ts';
import { planTimes } from './plan-times.ts';
import { stageProblems } from './stage-problems.ts';
import { thresholdProblems } from './threshold-problems.ts';
import { examProblems, groundProblems, spanProblems, type DateRules } from './time-problems.ts';

/** What a plan is judged against. */
export interface PlanRules extends DateRules {
  /** Null while no region is known: then codes are only looked at as codes. */
  readonly region: Region | null;
}

/**
 * Everything that is wrong with a plan whose shape is right. Errors keep it from being applied;
 * with warnings it may be.
 */
export function planProblems(plan: Plan, rules: PlanRules): readonly PlanProblem[] {
  const ground = [...groundProblems(plan, rules), ...examProblems(plan)];
  const rest = [
    ...listProblems(plan),
    ...thresholdProblems(plan),
    ...(rules.region ? regionProblems(plan, rules.region) : []),
  ];
  // Without a day, a zone and times that are some, nothing can be put in order.
  if (ground.some(({ severity, reason }) => severity === 'error' && reason !== 'dateOld'))
    return [...ground, ...rest];
  const times = planTimes(plan);
  return [...ground, ...stageProblems(plan, times), ...spanProblems(plan, times), ...rest];
}
