import {
  documentOf,
  parsePlanTime,
  planOf,
  stageCatalogue,
  type Plan,
  type PlanTime,
  type StageId,
  type StagePlan,
} from '@ppe-pulse/protocol';
import { parseLocatedYaml, withYamlText } from '../yaml.ts';
import { checkPlanText, type PlacedProblem } from './check-plan-text.ts';

/** The commonest edit of the day: a stage is due some minutes later, or earlier. */
export interface StageShift {
  readonly stage: StageId;
  readonly minutes: number;
  /** The stages of the day that come after it go with it, as far as their times are of the clock. */
  readonly andLater: boolean;
}

export type StageShiftOutcome =
  | { readonly kind: 'shifted'; readonly text: string }
  /** What was written cannot be read as a plan: mend it first. */
  | { readonly kind: 'refused'; readonly problems: readonly PlacedProblem[] }
  /** `noDeadline`: nothing to shift; `outOfDay`: it would leave its day; `notWritable`: by hand. */
  | { readonly kind: 'impossible'; readonly reason: ImpossibleShift };
export type ImpossibleShift = 'noDeadline' | 'outOfDay' | 'notWritable';

const DAY_MINUTES = 1_440;
const fields = ['due', 'amber', 'red'] as const;

/**
 * Shifts all times of a stage in the text of a plan: its deadline and the moments from which it is
 * late. A time that the text leaves to its default is written down. Comments stay. Whether the stages
 * still stand in their order is judged when the text is applied. Pure.
 */
export function shiftStage(text: string, shift: StageShift): StageShiftOutcome {
  const plan = shapeOf(text);
  if (plan === null) {
    const checked = checkPlanText(text, { nowMs: null, region: null, allowOld: true });
    return { kind: 'refused', problems: checked.problems };
  }
  const planned = plan.stages.find(({ id }) => id === shift.stage);
  if (!planned || planned.due === null) return { kind: 'impossible', reason: 'noDeadline' };
  const first = shiftOne(text, planned, shift.minutes);
  if (first.kind !== 'shifted' || !shift.andLater) return first;
  let next = first.text;
  for (const later of laterStages(plan, planned)) {
    const outcome = shiftOne(next, later, shift.minutes);
    // What would leave the day, such as "by midnight", stays where it is.
    if (outcome.kind === 'shifted') next = outcome.text;
  }
  return { kind: 'shifted', text: next };
}

/** The plan that a text says, whether or not its times make sense together. */
function shapeOf(text: string): Plan | null {
  const parsed = parseLocatedYaml(text);
  if (!parsed.ok) return null;
  const shape = documentOf(parsed.value);
  return shape.ok ? planOf(shape.document) : null;
}

/** Stages behind one in the order of the day that share a track with it and are due by the clock. */
function laterStages(plan: Plan, after: StagePlan): readonly StagePlan[] {
  const tracks = new Set(stageCatalogue[after.id].tracks);
  return plan.stages.slice(plan.stages.indexOf(after) + 1).filter(({ id, due }) => {
    const parts = due === null ? null : parsePlanTime(due);
    const isOfDay = parts?.kind === 'clock' && parts.daysBefore === 0;
    return isOfDay && stageCatalogue[id].tracks.some((track) => tracks.has(track));
  });
}

function shiftOne(text: string, planned: StagePlan, minutes: number): StageShiftOutcome {
  let next = text;
  for (const field of fields) {
    const time = planned[field];
    if (time === null) continue;
    const shifted = shiftedTime(time, minutes);
    if (shifted === null) return { kind: 'impossible', reason: 'outOfDay' };
    const written = withYamlText(next, ['stages', planned.id, field], shifted);
    if (written === null) return { kind: 'impossible', reason: 'notWritable' };
    next = written;
  }
  return { kind: 'shifted', text: next };
}

/** A time of a plan so many minutes later; null where it would be of another day. */
export function shiftedTime(time: PlanTime, minutes: number): PlanTime | null {
  const parts = parsePlanTime(time);
  if (parts === null) return null;
  if (parts.kind === 'clock') {
    const minute = parts.minute + minutes;
    if (minute < 0 || minute >= DAY_MINUTES) return null;
    const clock = [Math.floor(minute / 60), minute % 60]
      .map((each) => String(each).padStart(2, '0'))
      .join(':');
    return parts.daysBefore === 0 ? clock : `T-${parts.daysBefore} ${clock}`;
  }
  const after = parts.minutes + minutes;
  if (Math.abs(after) > DAY_MINUTES) return null;
  return after === 0 ? parts.kind : `${parts.kind}${after > 0 ? '+' : ''}${after}`;
}
