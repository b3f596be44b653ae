import type { StageId, StageState } from './stage.ts';
import type { DueTimes, StageSlot } from './stage-schedule.ts';

/** The next deadline of a rehearsal. */
export interface Milestone {
  readonly id: StageId;
  readonly dueAtMs: number;
}

/** The next deadline among stages that are not reached yet; null after the last. */
export function currentMilestone(states: readonly StageState[], nowMs: number): Milestone | null {
  let next: Milestone | null = null;
  for (const { stage, dueAtMs, reachedAtMs } of states) {
    if (dueAtMs === null || dueAtMs < nowMs || reachedAtMs !== null) continue;
    if (next === null || dueAtMs < next.dueAtMs) next = { id: stage, dueAtMs };
  }
  return next;
}

/** The next deadline of all zones, whoever reached it already. */
export function milestoneOf(
  zones: readonly (readonly DueTimes[])[],
  slots: readonly StageSlot[],
  nowMs: number,
): Milestone | null {
  let next: Milestone | null = null;
  for (const due of zones) {
    for (const { index, stage } of slots) {
      const dueAtMs = due[index]?.dueMs ?? null;
      if (dueAtMs === null || dueAtMs < nowMs) continue;
      if (next === null || dueAtMs < next.dueAtMs) next = { id: stage, dueAtMs };
    }
  }
  return next;
}
