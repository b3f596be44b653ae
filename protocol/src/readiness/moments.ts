import type { Plan } from '../plan/plan.ts';
import { parsePlanTime } from '../plan/plan-time.ts';
import type { PlanTimes } from '../plan/plan-times.ts';
import type { StageId } from '../stages/stage.ts';
import type { ReadinessMoments } from './condition.ts';

/** Where a plan says nothing of the technical control, it is the working day before. */
const CONTROL_DAY = 'T-1 00:00';

/** The moments that conditions of a site wait for. */
export function readinessMoments(plan: Plan, times: PlanTimes, timeZone: string): ReadinessMoments {
  const stageDueMs: Partial<Record<StageId, number | null>> = {};
  for (const { id, due } of plan.stages) {
    stageDueMs[id] = due === null ? null : times.at(due, timeZone, null);
  }
  const control = plan.stages.find(({ id }) => id === 'techControl')?.due ?? null;
  return {
    controlFromMs: times.at(dayOfControl(control), timeZone, null),
    emDeadlineMs: times.at(plan.emPackage.deadline, timeZone, null),
    stageDueMs,
  };
}

/** Midnight at which the day of the technical control begins. */
function dayOfControl(due: string | null): string {
  const parts = due === null ? null : parsePlanTime(due);
  if (parts?.kind !== 'clock') return CONTROL_DAY;
  return parts.daysBefore === 0 ? '00:00' : `T-${parts.daysBefore} 00:00`;
}
