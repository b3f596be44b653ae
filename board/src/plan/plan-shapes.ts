import type { Plan, StageId } from '@ppe-pulse/protocol';

/** A version of the plan as the API tells it. */
export interface PlanVersionAnswer {
  readonly version: number;
  readonly planId: string;
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  readonly note: string;
}

export interface PlanProblemWords {
  readonly wrong: string;
  readonly toDo: string;
}

export interface PlanProblemAnswer {
  readonly severity: 'error' | 'warning';
  readonly reason: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly ru: PlanProblemWords;
  readonly en: PlanProblemWords;
}

/** `GET /api/v1/plan`. */
export interface PlanAnswer extends PlanVersionAnswer {
  readonly text: string;
  readonly plan: Plan;
  readonly problems: readonly PlanProblemAnswer[];
}

export interface PlanChangeAnswer {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** `PUT /api/v1/plan`. */
export interface PlanEditAnswer {
  readonly outcome: 'applied' | 'same' | 'wouldApply';
  readonly version: number;
  readonly changes: readonly PlanChangeAnswer[];
  readonly problems: readonly PlanProblemAnswer[];
}

export interface PlanTemplateAnswer {
  readonly id: string;
  readonly text: string;
}

/** `POST /api/v1/plan/shift`, beside the text. */
export interface ShiftOrder {
  readonly stage: StageId;
  readonly minutes: number;
  readonly andLater: boolean;
}
