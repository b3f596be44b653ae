import type { SiteKind } from '../region/region.ts';
import type { StageState } from './stage.ts';
import type { StageSchedule } from './stage-schedule.ts';

/** The stages of sites of a kind that take no part; one list serves all of them. */
export function idleStates({ slots }: StageSchedule, kind: SiteKind): readonly StageState[] {
  return slots
    .filter(({ definition }) => definition.siteKinds.includes(kind))
    .map(({ stage, track }) => ({
      stage,
      track,
      done: 0,
      total: 0,
      unknown: 0,
      late: 0,
      reachedAtMs: null,
      by: null,
      dueAtMs: null,
      verdict: 'notInvolved',
      reason: 'notInvolved',
      isMismatch: false,
    }));
}
