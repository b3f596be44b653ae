import { useMemo } from 'react';
import { useWords } from '../text/texts.ts';

/** Times as the page of the plan tells them, in one zone. */
export interface PlanClock {
  /** `10:15` on the plan's day, `14.05 17:00` on any other. */
  readonly ofDay: (ms: number) => string;
  /** `14.05.2024, 17:00`: when somebody edited. */
  readonly full: (ms: number) => string;
  /** `среда, 15 мая 2024 г.` of a date without a time. */
  readonly date: (date: string) => string;
}

/** Formatters made once for a zone and a day, `YYYY-MM-DD`. */
export function usePlanClock(timeZone: string, day: string): PlanClock {
  const { language } = useWords();
  return useMemo(() => {
    const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    const time = new Intl.DateTimeFormat(language, { timeZone, ...clock });
    const short = new Intl.DateTimeFormat(language, { timeZone, day: '2-digit', month: '2-digit' });
    const full = new Intl.DateTimeFormat(language, {
      timeZone,
      day: '2-digit',
      month: '2-digit',
      year: 'numeric',
      ...clock,
    });
    const long = new Intl.DateTimeFormat(language, { timeZone: 'UTC', dateStyle: 'full' });
    // `sv` writes dates as the plan does.
    const iso = new Intl.DateTimeFormat('sv', { timeZone });
    return {
      ofDay: (ms) =>
        iso.format(ms) === day ? time.format(ms) : `${short.format(ms)} ${time.format(ms)}`,
      full: (ms) => full.format(ms),
      date: (date) => long.format(Date.parse(`${date}T00:00:00Z`)),
    };
  }, [language, timeZone, day]);
}
