import type { PlanTimes } from '../plan/plan-times.ts';
import type { Plan, PlanTime } from '../plan/plan.ts';
import { examKinds, type Exam } from '../plan/plan.ts';
import type { StageId, StageTrack } from '../stages/stage.ts';
import type { Phase } from './phase.ts';

/** When each phase of a site's day begins, ms since 1970 UTC of the rehearsal's clock. */
export interface DayPhases {
  readonly preparationMs: number;
  readonly openingMs: number;
  readonly examMs: number;
  readonly collectionMs: number;
  readonly closedMs: number;
}

/** What a site's day is made of; `tracks` as `involvementOf` names them. */
export interface PhasePlan {
  readonly plan: Plan;
  readonly times: PlanTimes;
  readonly timeZone: string;
  readonly tracks: readonly StageTrack[];
}

const MINUTE_MS = 60_000;
/** Calendar days: technical preparation begins five working days before. */
const PREPARATION_DAYS = 7;
/** People come this long before the cameras must be on. */
const BEFORE_VIDEO_MINUTES = 60;
const DEFAULT_OPENING: PlanTime = '07:00';
/** A room of 15 prints for 10 to 15 minutes from the start on, the slowest for twice as long. */
const AFTER_START_MINUTES = 30;
/** Without a deadline for scanning: an hour to scan, and two to send. */
const AFTER_END_MINUTES = 180;
const AFTER_SCANNING_MINUTES = 120;
/** A test of the video alone goes on for so long after its last deadline. */
const AFTER_VIDEO_TEST_MINUTES = 120;

/** What must be done before a package can be sent. */
const collected: readonly StageId[] = ['scanning', 'answersExported', 'audioExported'];

/** The phases of a site's day by the plan. Pure. */
export function dayPhasesOf(of: PhasePlan): DayPhases {
  const { times, timeZone } = of;
  const preparationMs = times.dayStartMs(-PREPARATION_DAYS, timeZone);
  const openingMs = openingOf(of);
  const exams = examsOf(of);
  if (exams.length === 0) {
    const endMs = later(
      [openingMs, ...momentsOf(of, ['camsOn'], 'video')],
      AFTER_VIDEO_TEST_MINUTES,
    );
    return { preparationMs, openingMs, examMs: endMs, collectionMs: endMs, closedMs: endMs };
  }
  const starts = exams.map(({ startMs }) => startMs);
  const ends = exams.map(({ endMs }) => endMs);
  const tracks = new Set(exams.map(({ exam }) => exam.kind));
  const reds = [...tracks].flatMap((track) => momentsOf(of, ['examStarted'], track, 'red'));
  const sent = [...tracks].flatMap((track) => momentsOf(of, collected, track, 'due'));
  const collectionMs = Math.max(...ends);
  // A deadline that somebody set to after the exam's end ends no phase.
  const examMs = Math.min(collectionMs, Math.max(later(starts, AFTER_START_MINUTES), ...reds));
  const closedMs =
    sent.length > 0
      ? later([...sent, ...ends], AFTER_SCANNING_MINUTES)
      : later(ends, AFTER_END_MINUTES);
  return { preparationMs, openingMs: Math.min(openingMs, examMs), examMs, collectionMs, closedMs };
}

/** The phase at a moment of the rehearsal; null for a site that takes no part, or without a plan. Pure. */
export function phaseAt(day: DayPhases | null, nowMs: number): Phase {
  if (day === null || nowMs < day.preparationMs) return 'idle';
  if (nowMs < day.openingMs) return 'preparation';
  if (nowMs < day.examMs) return 'opening';
  if (nowMs < day.collectionMs) return 'exam';
  return nowMs < day.closedMs ? 'collection' : 'closed';
}

function openingOf(of: PhasePlan): number {
  const { times, timeZone } = of;
  const deadlines = [
    ...momentsOf(of, ['camsOn'], 'video'),
    ...examKinds.flatMap((track) => momentsOf(of, ['videoOn'], track)),
  ];
  const dayMs = times.dayStartMs(0, timeZone);
  if (deadlines.length > 0)
    return Math.max(dayMs, Math.min(...deadlines) - BEFORE_VIDEO_MINUTES * MINUTE_MS);
  return times.at(DEFAULT_OPENING, timeZone, null) ?? dayMs;
}

interface ExamTimes {
  readonly exam: Exam;
  readonly startMs: number;
  readonly endMs: number;
}

/** The exams that a site holds; all of the day where it holds none: the РЦОИ serves them all. */
function examsOf({ plan, times, timeZone, tracks }: PhasePlan): ExamTimes[] {
  const own = plan.exams.filter(({ kind }) => tracks.includes(kind));
  return (own.length > 0 ? own : plan.exams).flatMap((exam) => {
    const startMs = times.at(exam.startAt, timeZone, exam.kind);
    if (startMs === null) return [];
    return [{ exam, startMs, endMs: startMs + exam.durationMinutes * MINUTE_MS }];
  });
}

/** Deadlines of stages of one track, those that the plan sets. */
function momentsOf(
  { plan, times, timeZone }: PhasePlan,
  stages: readonly StageId[],
  track: StageTrack,
  only?: 'due' | 'red',
): number[] {
  const set = plan.stages
    .filter(({ id }) => stages.includes(id))
    .flatMap(({ due, amber, red }) => {
      if (only === undefined) return [due, amber, red];
      return [only === 'due' ? due : red];
    });
  return set.flatMap((time) => (time === null ? [] : (times.at(time, timeZone, track) ?? [])));
}

function later(moments: readonly number[], minutes: number): number {
  return Math.max(...moments) + minutes * MINUTE_MS;
}
