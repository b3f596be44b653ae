import type { Words } from './texts.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `12 мин назад`: one unit, rounded down, for what nobody needs to the second. */
export function roughlyAgo(words: Words, ageMs: number): string {
  const { page } = words;
  if (ageMs < MINUTE_MS) return page.justNow;
  if (ageMs < HOUR_MS) return page.ago(page.minutes(Math.floor(ageMs / MINUTE_MS)));
  if (ageMs < DAY_MS) return page.ago(page.hours(Math.floor(ageMs / HOUR_MS)));
  return page.ago(words.count(Math.floor(ageMs / DAY_MS), page.days));
}
