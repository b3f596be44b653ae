import type { Role } from '../placement.ts';
import { neverQuietRoles } from '../plan/agent-plan-of.ts';
import type { Plan, StagePlan } from '../plan/plan.ts';
import { planTimes, trackOfRole, type PlanTimes } from '../plan/plan-times.ts';
import type { SignalWindows } from './signals.ts';
import { stageTracks, type StageId, type StageTrack } from './stage.ts';
import { stagesOf, unitOf, type StageDefinition, type StageUnit } from './stage-catalogue.ts';

/** One stage of one track of a plan. Slots are in the order of tracks and of the day. */
export interface StageSlot {
  readonly index: number;
  readonly track: StageTrack;
  readonly stage: StageId;
  readonly unit: StageUnit;
  readonly definition: StageDefinition;
  /** Share of units that makes a site's stage reached. */
  readonly target: number;
}

/** When a stage is due in one zone, ms since 1970 UTC; null for never. */
export interface DueTimes {
  readonly dueMs: number | null;
  readonly amberMs: number | null;
  readonly redMs: number | null;
}

/** A stretch in which a role's workstations may be silent. */
export interface QuietSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The plan's clock in one zone. */
export interface ZoneSchedule {
  readonly timeZone: string;
  /** By slot. */
  readonly due: readonly DueTimes[];
  /** Local midnight of the day: what was seen before it is of another day. */
  readonly dayFromMs: number;
  readonly windows: SignalWindows;
  /** Moments at which a stage may stand otherwise though nobody said a word, in order. */
  readonly moments: readonly number[];
  quietSpans(role: Role): readonly QuietSpan[];
}

/** A plan as the engine reads it. */
export interface StageSchedule {
  readonly slots: readonly StageSlot[];
  /** Position of a stage's slot in `slots`; undefined for one that the plan leaves out. */
  slotAt(track: StageTrack, stage: StageId): StageSlot | undefined;
  zone(timeZone: string): ZoneSchedule;
}

/** Reads a plan for the engine. Throws on times that no checked plan has. */
export function stageSchedule(plan: Plan): StageSchedule {
  const slots = slotsOf(plan);
  const byKey = new Map(slots.map((slot) => [`${slot.track} ${slot.stage}`, slot]));
  const times = planTimes(plan);
  const zones = new Map<string, ZoneSchedule>();
  return {
    slots,
    slotAt: (track, stage) => byKey.get(`${track} ${stage}`),
    zone: (timeZone) => {
      const known = zones.get(timeZone);
      if (known) return known;
      const made = zoneSchedule(plan, slots, times, timeZone);
      zones.set(timeZone, made);
      return made;
    },
  };
}

function slotsOf(plan: Plan): StageSlot[] {
  const planned = new Map(plan.stages.map((each): [StageId, StagePlan] => [each.id, each]));
  return stageTracks
    .filter((track) =>
      track === 'video' ? plan.video !== null : plan.exams.some(({ kind }) => kind === track),
    )
    .flatMap((track) => stagesOf(track).map((definition) => ({ track, definition })))
    .flatMap(({ track, definition }) => {
      const stage = planned.get(definition.id);
      return stage ? [{ track, definition, target: stage.target }] : [];
    })
    .map(({ track, definition, target }, index) => ({
      index,
      track,
      stage: definition.id,
      unit: unitOf(definition.id, track),
      definition,
      target,
    }));
}

function zoneSchedule(
  plan: Plan,
  slots: readonly StageSlot[],
  times: PlanTimes,
  timeZone: string,
): ZoneSchedule {
  const planned = new Map(plan.stages.map((each): [StageId, StagePlan] => [each.id, each]));
  const due = slots.map(({ stage, track }): DueTimes => {
    const { due: dueAt, amber, red } = planned.get(stage) ?? noTimes;
    const at = (time: string | null): number | null =>
      time === null ? null : times.at(time, timeZone, track);
    return { dueMs: at(dueAt), amberMs: at(amber), redMs: at(red) };
  });
  const spans = new Map<Role, readonly QuietSpan[]>();
  const quietSpans = (role: Role): readonly QuietSpan[] => {
    const known = spans.get(role);
    if (known) return known;
    const made = quietSpansOf(plan, role, times, timeZone);
    spans.set(role, made);
    return made;
  };
  const quiet = plan.modes.flatMap(({ roles }) => roles).flatMap(quietSpans);
  const dayFromMs = times.dayStartMs(0, timeZone);
  const printFromMs = times.at(plan.print.startAt, timeZone, 'written');
  const moments = [
    dayFromMs,
    printFromMs,
    ...due.flatMap(({ dueMs, amberMs, redMs }) => [dueMs, amberMs, redMs]),
    ...quiet.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
  ].filter((each) => each !== null);
  return {
    timeZone,
    due,
    dayFromMs,
    windows: {
      printFromMs,
      scanFromMs: times.at('start', timeZone, 'written'),
    },
    moments: [...new Set(moments)].sort((a, b) => a - b),
    quietSpans,
  };
}

const noTimes = { due: null, amber: null, red: null };

function quietSpansOf(
  plan: Plan,
  role: Role,
  times: PlanTimes,
  timeZone: string,
): readonly QuietSpan[] {
  if (neverQuietRoles.includes(role)) return [];
  const track = trackOfRole(role);
  return plan.modes
    .filter(({ roles }) => roles.includes(role))
    .flatMap(({ from, to }) => {
      const fromMs = times.at(from, timeZone, track);
      const toMs = times.at(to, timeZone, track);
      return fromMs === null || toMs === null || fromMs >= toMs ? [] : [{ fromMs, toMs }];
    });
}
