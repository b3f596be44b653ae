import { useMemo } from 'react';
import { REGION_ZONE } from '../ui/time.ts';

/** Says when something was, to a person who reads it at `nowMs`. */
export type MomentText = (ms: number, nowMs: number) => string;

/** `09:34` of today, `14.05 17:30` of another day, both of the region. Formatters are made once. */
export function useMoment(language: string): MomentText {
  return useMemo(() => {
    const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
      new Intl.DateTimeFormat(language === 'ru' ? 'ru-RU' : 'en-GB', {
        timeZone: REGION_ZONE,
        hourCycle: 'h23',
        ...options,
      });
    const time = format({ hour: '2-digit', minute: '2-digit' });
    const day = format({ day: '2-digit', month: '2-digit' });
    return (ms, nowMs) => {
      const ofDay = day.format(ms);
      return ofDay === day.format(nowMs) ? time.format(ms) : `${ofDay} ${time.format(ms)}`;
    };
  }, [language]);
}
