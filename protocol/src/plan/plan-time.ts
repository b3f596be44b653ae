import type { PlanTime } from './plan.ts';

/** A `PlanTime` taken apart. */
export type PlanTimeParts =
  | {
      /** Minutes from local midnight of a day, `daysBefore` working days before the rehearsal's. */
      readonly kind: 'clock';
      readonly daysBefore: number;
      readonly minute: number;
    }
  | {
      /** Minutes from the first start or the last end of the exams. */
      readonly kind: 'start' | 'end';
      readonly minutes: number;
    };

/** `HH:MM`. */
export const TIME_OF_DAY_PATTERN = '^([01][0-9]|2[0-3]):[0-5][0-9]$';

/** `08:00`, `T-1 17:00` (up to 30 working days), `start`, `start-5`, `end+60` (up to a day). */
export const PLAN_TIME_PATTERN =
  '^((T-([1-9]|[12][0-9]|30) )?([01][0-9]|2[0-3]):[0-5][0-9]|(start|end)([+-][0-9]{1,4})?)$';

const CLOCK = /^(?:T-(\d{1,2}) )?([0-2]\d:[0-5]\d)$/;
const FROM_EXAM = /^(start|end)([+-]\d{1,4})?$/;
const MINUTES_OF_DAY = 1_440;
const planTime = new RegExp(PLAN_TIME_PATTERN);

/** Takes a time of a plan apart; null for what is none. */
export function parsePlanTime(text: PlanTime): PlanTimeParts | null {
  if (!planTime.test(text)) return null;
  const clock = CLOCK.exec(text);
  if (clock) {
    return {
      kind: 'clock',
      daysBefore: Number(clock[1] ?? 0),
      minute: minuteOf(clock[2] ?? ''),
    };
  }
  const found = FROM_EXAM.exec(text);
  const minutes = Number(found?.[2] ?? 0);
  if (!found || Math.abs(minutes) > MINUTES_OF_DAY) return null;
  return { kind: found[1] === 'start' ? 'start' : 'end', minutes };
}

/** Minutes from midnight of `HH:MM`. */
export function minuteOf(timeOfDay: string): number {
  return Number(timeOfDay.slice(0, 2)) * 60 + Number(timeOfDay.slice(3, 5));
}
