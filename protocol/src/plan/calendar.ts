const DAY_MS = 86_400_000;

/** Days from 1970-01-01 to a date written `YYYY-MM-DD`, or null where there is no such day. */
export function dayOf(date: string): number | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (!found) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const ms = Date.UTC(year, month - 1, day);
  const made = new Date(ms);
  // 30 February would be taken for 1 March.
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day && year >= 1970
    ? ms / DAY_MS
    : null;
}

/** The day `count` working days before: Monday to Friday; holidays are not known. */
export function workingDaysBefore(day: number, count: number): number {
  let at = day;
  for (let left = count; left > 0; left -= 1) {
    do at -= 1;
    while (isWeekend(at));
  }
  return at;
}

/** 1970-01-01 was a Thursday. */
function isWeekend(day: number): boolean {
  const weekday = (((day + 4) % 7) + 7) % 7;
  return weekday === 0 || weekday === 6;
}

/** A zone's local times as moments. */
export interface ZoneClock {
  /**
   * The moment at which clocks of the zone show a minute of a day. What they show twice is the first
   * of the two; what they jump over comes as much later as they jump.
   */
  momentMs(day: number, minute: number): number;
}

/** True for a zone that this machine knows by its IANA name. */
export function isTimeZone(timeZone: string): boolean {
  // Bare offsets pass as zones on some engines and not on others.
  if (!/^[A-Za-z]/.test(timeZone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone }).format(0);
    return true;
  } catch {
    return false;
  }
}

/** The clock of an IANA zone. Making one is slow (a formatter), asking it is not. */
export function zoneClock(timeZone: string): ZoneClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  /** How far local clocks are ahead of UTC at a moment. */
  const offsetMsAt = (atMs: number): number => {
    const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(atMs)) part[type] = Number(value);
    const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1_000) * 1_000;
  };
  return {
    momentMs: (day, minute) => {
      const localMs = day * DAY_MS + minute * 60_000;
      const beforeMs = localMs - offsetMsAt(localMs - DAY_MS);
      const afterMs = localMs - offsetMsAt(localMs + DAY_MS);
      if (beforeMs === afterMs) return beforeMs;
      const shown = [beforeMs, afterMs].filter((ms) => ms + offsetMsAt(ms) === localMs);
      return shown.length > 0 ? Math.min(...shown) : beforeMs;
    },
  };
}
