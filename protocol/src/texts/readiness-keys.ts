import type { readinessRu } from './readiness-ru.ts';
import type { ConditionText, NounOf, ReadinessTextShape } from './readiness-text-shape.ts';

/** Id of a condition: whatever has texts. */
export type ConditionId = keyof typeof readinessRu.conditions;
/** Reasons of conditions beside those of checks. */
export type ReadinessReason = keyof typeof readinessRu.reasons;

/** Texts of readiness, with every key. */
export interface ReadinessTexts extends ReadinessTextShape {
  readonly conditions: Readonly<Record<ConditionId, ConditionText>>;
  readonly reasons: Readonly<Record<ReadinessReason, string>>;
  readonly evidence: Readonly<Record<keyof typeof readinessRu.evidence, string>>;
  readonly phrases: Readonly<Record<keyof typeof readinessRu.phrases, string>>;
  readonly sheet: Readonly<
    Record<Exclude<keyof typeof readinessRu.sheet, 'conditions'>, string>
  > & { readonly conditions: NounOf };
}
