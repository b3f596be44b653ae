import { defaultClosedHours } from '../closed-hours.ts';
import { dayOf, isTimeZone } from './calendar.ts';
import type { StageTrack } from '../stages/stage.ts';
import type { Plan } from './plan.ts';
import { defaultModes, defaultPrint, defaultStages } from './plan-defaults.ts';
import { minuteOf, parsePlanTime } from './plan-time.ts';
import { trackOfRole, type PlanTimes } from './plan-times.ts';
import { planError, planWarning, type PlanProblem } from './plan-problem.ts';

/** What the date is judged against. */
export interface DateRules {
  /** Moment of the rehearsal's clock; null where the plan is applied already and may have grown old. */
  readonly nowMs: number | null;
  /** The plan says that it is of a day that has passed. */
  readonly isArchive: boolean;
}

const DAY_MS = 86_400_000;
/** A year: the plan of the same rehearsal of last year, taken by mistake. */
const OLD_DAYS = 365;
const FAR_DAYS = 400;
const MINUTES_OF_DAY = 1_440;

/** Dates, zones and times that are none; with these, moments cannot be worked out at all. */
export function groundProblems(plan: Plan, { nowMs, isArchive }: DateRules): PlanProblem[] {
  const problems: PlanProblem[] = [];
  const day = dayOf(plan.date);
  if (day === null) problems.push(planError(['date'], 'noSuchDate', { date: plan.date }));
  else if (nowMs !== null) {
    const days = Math.floor(nowMs / DAY_MS) - day;
    if (days >= OLD_DAYS && !isArchive)
      problems.push(planError(['date'], 'dateOld', { date: plan.date, days }));
    if (-days > FAR_DAYS)
      problems.push(planWarning(['date'], 'dateFar', { date: plan.date, days: -days }));
  }
  if (!isTimeZone(plan.timeZone))
    problems.push(planError(['timeZone'], 'noSuchZone', { zone: plan.timeZone }));
  return [...problems, ...wrongTimes(plan)];
}

/** Exams that go on into the next day: no time that counts from their end is in order then. */
export function examProblems({ exams }: Plan): PlanProblem[] {
  return exams.flatMap(({ startAt, durationMinutes, subject }, index) => {
    if (minuteOf(startAt) + durationMinutes <= MINUTES_OF_DAY) return [];
    const values = { subject, startAt, durationMinutes };
    return [planError(['exams', index, 'durationMinutes'], 'examOverMidnight', values)];
  });
}

/** Stretches of time and budgets that contradict themselves. */
export function spanProblems(plan: Plan, times: PlanTimes): PlanProblem[] {
  const isBackwards = (from: string, to: string, track: StageTrack | null): boolean => {
    const fromMs = times.at(from, plan.timeZone, track);
    const toMs = times.at(to, plan.timeZone, track);
    return fromMs !== null && toMs !== null && fromMs >= toMs;
  };
  const { openFrom, deadline } = plan.emPackage;
  return [
    ...plan.modes.flatMap(({ roles, from, to }, index) =>
      roles.some((role) => isBackwards(from, to, trackOfRole(role)))
        ? [planError(['modes', index, 'to'], 'fromAfterTo', { from, to })]
        : [],
    ),
    ...(isBackwards(openFrom, deadline, null)
      ? [planError(['emPackage', 'deadline'], 'fromAfterTo', { from: openFrom, to: deadline })]
      : []),
    ...budgetProblems(plan),
  ];
}

/** No probe may take the line while the key comes and rooms print, `domain.md`. */
function budgetProblems({ throughput }: Plan): PlanProblem[] {
  const { closedFrom, closedTo, everyMinutes } = throughput;
  const must = defaultClosedHours;
  const problems: PlanProblem[] = [];
  if (closedFrom > must.closedFrom)
    problems.push(
      planError(['throughput', 'closedFrom'], 'closedHoursShort', { got: closedFrom, ...must }),
    );
  if (closedTo < must.closedTo)
    problems.push(
      planError(['throughput', 'closedTo'], 'closedHoursShort', { got: closedTo, ...must }),
    );
  if (everyMinutes > 0 && everyMinutes < 1)
    problems.push(
      planError(['throughput', 'everyMinutes'], 'probesTooOften', { got: everyMinutes }),
    );
  return problems;
}

function wrongTimes(plan: Plan): PlanProblem[] {
  return timesOf(plan).flatMap(({ path, time, isDefault }) => {
    const parts = parsePlanTime(time);
    if (parts === null) return [planError(path, 'noSuchTime', { time })];
    // Where there are no exams the usual times of theirs mean nothing and harm nobody.
    const isOfExam = parts.kind !== 'clock' && plan.exams.length === 0 && !isDefault;
    return isOfExam ? [planError(path, 'noExam', { time })] : [];
  });
}

interface TimeAt {
  readonly path: PlanProblem['path'];
  readonly time: string;
  readonly isDefault: boolean;
}

/** Every `PlanTime` of a plan and where it stands. */
function timesOf(plan: Plan): TimeAt[] {
  const { print, emPackage } = plan;
  return [
    ...plan.stages.flatMap((stage, index) =>
      (['due', 'amber', 'red'] as const).flatMap((key) => {
        const time = stage[key];
        const isDefault = time === defaultStages[index]?.[key];
        return time === null ? [] : [{ path: ['stages', stage.id, key], time, isDefault }];
      }),
    ),
    ...plan.modes.flatMap((rule, index) =>
      (['from', 'to'] as const).map((key) => ({
        path: ['modes', index, key],
        time: rule[key],
        isDefault: plan.modes === defaultModes,
      })),
    ),
    {
      path: ['print', 'startAt'],
      time: print.startAt,
      isDefault: print.startAt === defaultPrint.startAt,
    },
    ...(['openFrom', 'deadline'] as const).map((key) => ({
      path: ['emPackage', key],
      time: emPackage[key],
      isDefault: false,
    })),
  ];
}
