import {
  defaultThresholds,
  type FactsCheck,
  type FactsOf,
  type Judgement,
  type Subject,
  type Thresholds,
} from '@ppe-pulse/protocol';

/** What a check that applies to such a thing says of it, without a plan; throws where it does not apply. */
export function judged<S extends Subject>(
  check: FactsCheck<S>,
  facts: FactsOf[S],
  thresholds: Thresholds = defaultThresholds,
): Judgement {
  const judgement = check.judge(facts, thresholds, null);
  if (!judgement) throw new Error(`${check.id} does not apply to ${JSON.stringify(facts)}`);
  return judgement;
}
