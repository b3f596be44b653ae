import type { Evidence, Verdict } from './evidence.ts';
import { Hearing } from './hearing.ts';
import { deliveryRules, gapRule, orderRule, timeRule } from './stored-rules.ts';
import { flipRule, returnRule, unknownRules } from './verdict-rules.ts';

/** Compares what was produced with what came of it. Every count must be zero. Pure. */
export function judge(evidence: Evidence): readonly Verdict[] {
  const hearing = new Hearing(evidence);
  return [
    ...deliveryRules(evidence),
    gapRule(evidence),
    orderRule(evidence),
    timeRule(evidence, hearing),
    ...unknownRules(evidence, hearing),
    flipRule(evidence, hearing),
    returnRule(evidence, hearing),
  ];
}
