import type { Role } from '../../placement.ts';
import { placesOf, type ConditionDefinition, type SiteFacts } from '../condition.ts';
import type { ConditionId } from '../../texts/readiness-texts.ts';
import { tally } from '../places.ts';
import { carriedDueMs, readPlace, type ReadingRule } from './reading.ts';

/** A condition that every planned workstation of some roles must hold by its own checks. */
export interface StationCondition {
  readonly id: ConditionId;
  readonly roles: readonly Role[];
  readonly duty?: 'main' | 'any';
  readonly rule: ReadingRule;
  readonly appliesTo: (facts: SiteFacts) => boolean;
}

/** Makes the definition; it does not apply to a site that has no such workstation. */
export function stationCondition(condition: StationCondition): ConditionDefinition {
  const { id, roles, rule, duty = 'main' } = condition;
  return {
    id,
    roles,
    checks: rule.checks,
    stages: [],
    appliesTo: (facts) => condition.appliesTo(facts) && placesOf(facts, roles, duty).length > 0,
    judge: (facts, nowMs) => {
      const planned = placesOf(facts, roles, duty);
      const places = planned.flatMap((each) => readPlace(facts, each, rule, nowMs) ?? []);
      return { ...tally(places), dueMs: carriedDueMs(facts, planned, nowMs) };
    },
  };
}
