import { useMemo } from 'react';
import { useHqZone } from './use-hq.ts';

/** Says when something was, to a person who reads it at `nowMs`. */
export type MomentText = (ms: number, nowMs: number) => string;

/** `09:34` of today, `14.05 17:30` of another day, both of the ППЭ. Formatters are made once. */
export function useMoment(language: string): MomentText {
  const timeZone = useHqZone();
  return useMemo(() => {
    const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
      new Intl.DateTimeFormat(language === 'ru' ? 'ru-RU' : 'en-GB', {
        timeZone,
        hourCycle: 'h23',
        ...options,
      });
    const time = format({ hour: '2-digit', minute: '2-digit' });
    const day = format({ day: '2-digit', month: '2-digit' });
    return (ms, nowMs) => {
      const ofDay = day.format(ms);
      return ofDay === day.format(nowMs) ? time.format(ms) : `${ofDay} ${time.format(ms)}`;
    };
  }, [language, timeZone]);
}
