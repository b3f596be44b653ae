import {
  dayOf,
  planTimes,
  rehearsalDays,
  zoneClock,
  type Plan,
  type ZoneClock,
} from '@ppe-pulse/protocol';

/** From when to when credentials hold: ms since 1970 UTC, the end excluded. */
export interface EnrolmentValidity {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a person asked for, and what there is without it. */
export interface AskedValidity {
  /** `YYYY-MM-DD`; whole days of the region's zone. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The plan in force, undefined for none. */
  readonly plan: Plan | undefined;
  readonly timeZone: string;
}

/** A window, or why there is none. */
export type ValidityOutcome =
  | { readonly kind: 'valid'; readonly validity: EnrolmentValidity }
  | {
      readonly kind: 'refused';
      readonly reason: 'noValidity' | 'badValidity' | 'validityOver' | 'validityTooLong';
      readonly detail: string;
    };

/** A rehearsal and its preparation take weeks: a file that holds for years protects nobody. */
const MAX_DAYS = 120;
const DAY_MS = 86_400_000;

/**
 * From today to the end of the rehearsal by the plan in force, or the days that a person names: agents are set
 * up and updated in the weeks before, for a rehearsal's own days change nothing any more. Pure.
 */
export function enrolmentValidity(
  { from, to, plan, timeZone }: AskedValidity,
  nowMs: number,
): ValidityOutcome {
  const planned = plan && rehearsalDays(planTimes(plan), timeZone);
  if (!planned && (from === undefined || to === undefined))
    return refused('noValidity', 'there is no plan to take the days from: name both dates');
  const clock = zoneClock(timeZone);
  const fromDay = from === undefined ? null : dayOf(from);
  const toDay = to === undefined ? null : dayOf(to);
  if ((from !== undefined && fromDay === null) || (to !== undefined && toDay === null))
    return refused('badValidity', 'a date is written YYYY-MM-DD');
  const toMs = toDay === null ? (planned?.toMs ?? 0) : clock.momentMs(toDay + 1, 0);
  const earliestMs = Math.max(todayMs(clock, timeZone, nowMs), toMs - MAX_DAYS * DAY_MS);
  const fromMs =
    fromDay === null
      ? Math.min(planned?.fromMs ?? earliestMs, earliestMs)
      : clock.momentMs(fromDay, 0);
  if (toMs <= fromMs) return refused('badValidity', 'the last day is before the first');
  if (toMs - fromMs > MAX_DAYS * DAY_MS)
    return refused('validityTooLong', `${MAX_DAYS} days are the most`);
  if (toMs <= nowMs)
    return refused('validityOver', 'the last day is over by the clock of this collector');
  return { kind: 'valid', validity: { fromMs, toMs } };
}

/** When today began in a zone. */
function todayMs(clock: ZoneClock, timeZone: string, nowMs: number): number {
  // Swedes write dates as ISO does.
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone }).format(nowMs);
  return clock.momentMs(dayOf(today) ?? 0, 0);
}

function refused(
  reason: Extract<ValidityOutcome, { kind: 'refused' }>['reason'],
  detail: string,
): ValidityOutcome {
  return { kind: 'refused', reason, detail };
}
