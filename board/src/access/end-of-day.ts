import { dayOf, zoneClock } from '@ppe-pulse/protocol';
import { zonedTime } from '../replay/replay-address.ts';

const DAY_MS = 86_400_000;
const MINUTES_OF_DAY = 1_440;

/** The end of a day `YYYY-MM-DD` of a zone, RFC 3339; undefined for what is no day. Pure. */
export function endOfDay(date: string, timeZone: string): string | undefined {
  const day = dayOf(date);
  if (day === null) return undefined;
  return zonedTime(zoneClock(timeZone).momentMs(day, MINUTES_OF_DAY), timeZone);
}

/** The day of a zone, so many days after a moment: `YYYY-MM-DD`. Pure. */
export function dateAfter(nowMs: number, days: number, timeZone: string): string {
  return zonedTime(nowMs + days * DAY_MS, timeZone).slice(0, 10);
}
