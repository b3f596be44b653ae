import { thresholdsFor, type Thresholds } from '../checks/thresholds.ts';
import { roles } from '../placement.ts';
import type { Plan } from './plan.ts';
import { planError, type PlanProblem } from './plan-problem.ts';

type Key = keyof Thresholds;

/** Limits of one thing, the milder first. `down`: less is worse. */
const ladders: readonly (readonly ['up' | 'down', ...Key[]])[] = [
  ['up', 'cpuWarnRatio', 'cpuFailRatio'],
  ['up', 'ramWarnUsedRatio', 'ramFailUsedRatio'],
  ['down', 'diskWarnFreeBytes', 'diskFailFreeBytes'],
  ['up', 'clockOkMs', 'clockWarnMs'],
  ['up', 'lossOkRatio', 'lossWarnRatio'],
  ['up', 'rttOkMs', 'rttWarnMs'],
  ['down', 'downContractBytesPerSecond', 'downFailBytesPerSecond'],
  ['up', 'outageWarnMs', 'outageFailMs', 'outageCriticalMs'],
  ['up', 'uplinkOkRatio', 'uplinkWarnRatio'],
];

/** Limits by which a thing would fail before it is a warning; judged for every role as it would be. */
export function thresholdProblems({ thresholds }: Plan): PlanProblem[] {
  const found = new Map<string, PlanProblem>();
  for (const role of roles) {
    const own = thresholds.roles[role] ?? {};
    const effective = thresholdsFor(role, { ...thresholds.all, ...own });
    for (const [direction, ...keys] of ladders) {
      for (const [index, severe] of keys.entries()) {
        const mild = keys[index - 1];
        if (mild === undefined) continue;
        const [a, b] = [effective[mild], effective[severe]];
        if (direction === 'up' ? a <= b : a >= b) continue;
        const place = placeOf(thresholds, role, [severe, mild]);
        const values = { role, mild, mildValue: a, severe, severeValue: b };
        // What is wrong for all is told of once, with the first role that it is wrong for.
        const key = place.join('/');
        if (!found.has(key)) found.set(key, planError(place, 'failMilderThanWarn', values));
      }
    }
  }
  return [...found.values()];
}

/** Where the plan sets one of two limits that contradict each other. */
function placeOf(
  { all, roles: byRole }: Plan['thresholds'],
  role: (typeof roles)[number],
  keys: readonly Key[],
): PlanProblem['path'] {
  const own = keys.find((key) => Object.hasOwn(byRole[role] ?? {}, key));
  if (own !== undefined) return ['thresholds', 'roles', role, own];
  const common = keys.find((key) => Object.hasOwn(all, key)) ?? keys[0];
  return ['thresholds', 'all', common ?? ''];
}
