import type { Role } from '../placement.ts';
import type { StageTrack } from '../stages/stage.ts';
import { dayOf, workingDaysBefore, zoneClock, type ZoneClock } from './calendar.ts';
import type { Plan, PlanTime } from './plan.ts';
import { minuteOf, parsePlanTime } from './plan-time.ts';

/** The times of a plan as moments, ms since 1970 UTC. */
export interface PlanTimes {
  /**
   * A time of the plan in a zone. `start` and `end` are the first start and the last end of the
   * exams of the track's kind, of all exams where the track has none or is the video's; null where
   * there are no exams at all. Throws on a text that is no `PlanTime`: a checked plan has none.
   */
  at(time: PlanTime, timeZone: string, track: StageTrack | null): number | null;
  /** Local midnight at which a day begins, counted in calendar days from the rehearsal's. */
  dayStartMs(days: number, timeZone: string): number;
}

interface ExamSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Resolves the times of one plan. What was asked once is remembered, so that thousands of sites in
 * a handful of zones cost a look-up each.
 */
export function planTimes(plan: Plan): PlanTimes {
  const day = dayOf(plan.date);
  if (day === null) throw new Error(`plan "${plan.id}": "${plan.date}" is no date`);
  const clocks = new Map<string, ZoneClock>();
  const moments = new Map<string, number | null>();
  const clockOf = (timeZone: string): ZoneClock => {
    const known = clocks.get(timeZone);
    if (known) return known;
    const made = zoneClock(timeZone);
    clocks.set(timeZone, made);
    return made;
  };
  const resolve = (time: PlanTime, clock: ZoneClock, track: StageTrack | null): number | null => {
    const parts = parsePlanTime(time);
    if (parts === null) throw new Error(`plan "${plan.id}": "${time}" is no time of a plan`);
    if (parts.kind === 'clock')
      return clock.momentMs(workingDaysBefore(day, parts.daysBefore), parts.minute);
    const span = examSpan(plan, track, (minute) => clock.momentMs(day, minute));
    if (span === null) return null;
    return (parts.kind === 'start' ? span.startMs : span.endMs) + parts.minutes * 60_000;
  };
  return {
    at: (time, timeZone, track) => {
      const key = `${timeZone} ${track ?? ''} ${time}`;
      const known = moments.get(key);
      if (known !== undefined) return known;
      const moment = resolve(time, clockOf(timeZone), track);
      moments.set(key, moment);
      return moment;
    },
    dayStartMs: (days, timeZone) => clockOf(timeZone).momentMs(day + days, 0),
  };
}

/** The track whose exams a workstation of this role serves; null for those that serve all. */
export function trackOfRole(role: Role): StageTrack | null {
  switch (role) {
    case 'organizer':
    case 'print':
    case 'scan':
      return 'written';
    case 'kege':
      return 'kege';
    case 'speaking':
      return 'speaking';
    case 'video':
      return 'video';
    case 'hq':
    case 'rcoi':
      return null;
  }
}

function examSpan(
  plan: Plan,
  track: StageTrack | null,
  momentMs: (minute: number) => number,
): ExamSpan | null {
  const own = plan.exams.filter(({ kind }) => kind === track);
  const exams = own.length > 0 ? own : plan.exams;
  if (exams.length === 0) return null;
  const spans = exams.map(({ startAt, durationMinutes }) => {
    const startMs = momentMs(minuteOf(startAt));
    // An exam lasts by the clock on the wall only as long as nobody moves its hands.
    return { startMs, endMs: startMs + durationMinutes * 60_000 };
  });
  return {
    startMs: Math.min(...spans.map(({ startMs }) => startMs)),
    endMs: Math.max(...spans.map(({ endMs }) => endMs)),
  };
}
