import type { PlanExpectation } from '../plan/plan-document.ts';
import type { PlanReason } from '../plan/plan-problem.ts';

/** Words of the checks of a plan; `{name}` stands for a value of the problem. */
export interface PlanTexts {
  readonly expectations: Readonly<Record<PlanExpectation, string>>;
  /** What is wrong, and what to do. */
  readonly problems: Readonly<Record<PlanReason, readonly [wrong: string, toDo: string]>>;
  readonly error: string;
  readonly warning: string;
}
