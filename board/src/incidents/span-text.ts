import type { IncidentWords } from './use-incident-words.ts';

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;

/** `4 мин`, `1 ч 05 мин`, `2 дня`: how long something lasts, for what is looked at from afar. */
export function spanText(
  words: Pick<IncidentWords, 'own' | 'page' | 'count'>,
  spanMs: number,
): string {
  const { own, page, count } = words;
  const minutes = Math.floor(spanMs / MINUTE_MS);
  if (minutes < 1) return own.lessThanAMinute;
  if (minutes < HOUR_MINUTES) return page.minutes(minutes);
  if (minutes >= DAY_MINUTES) return count(Math.floor(minutes / DAY_MINUTES), page.days);
  return own.hoursAndMinutes(Math.floor(minutes / HOUR_MINUTES), minutes % HOUR_MINUTES);
}
