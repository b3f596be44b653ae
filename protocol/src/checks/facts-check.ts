import type { FactsOf, Subject } from '../facts/facts.ts';
import type { Role } from '../placement.ts';
import type { Judgement } from './check.ts';
import type { Family } from './metrics.ts';
import type { PrintTask } from './print-task.ts';
import type { Thresholds } from './thresholds.ts';

/** A check that rests on facts rather than on numbers alone. Add one to `catalogue.ts`. */
export interface FactsCheck<S extends Subject = Subject> {
  readonly id: string;
  readonly subject: S;
  readonly family: Family;
  /** Roles it applies to where such a thing is configured or found. */
  readonly roles: readonly Role[];
  /** Roles that must have one: without it the check is `unknown` and says so. */
  readonly expectedBy: readonly Role[];
  /** Its main number on charts. */
  readonly mainMetric: string;
  /** Facts older than this are stale: `unknown`, never `ok`. */
  readonly maxAgeMs: number;
  /** Undefined where this thing can never tell: the check then does not apply to it. */
  readonly judge: (
    facts: FactsOf[S],
    thresholds: Thresholds,
    print: PrintTask | null,
  ) => Judgement | undefined;
}

/** Keeps the subject's type of a definition. */
export function factsCheck<S extends Subject>(definition: FactsCheck<S>): FactsCheck<S> {
  return definition;
}

/** Judgement of what only the plan can decide, until there is one. */
export function noPlanYet(): Judgement {
  return { verdict: 'unknown', reason: 'noPlan', evidence: {} };
}
