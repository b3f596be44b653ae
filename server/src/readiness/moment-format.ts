import type { Language } from '@ppe-pulse/protocol/texts';

/** Moments of one site on its own clock. */
export interface MomentFormat {
  /** Now, with its date: `15.05.2024, 07:12`. */
  readonly whole: string;
  /** `07:12` of the same day, `14.05 17:30` of another. */
  readonly short: (ms: number) => string;
}

/** Formats moments as the wall clock of a zone shows them at `nowMs`. */
export function momentIn(timeZone: string, language: Language, nowMs: number): MomentFormat {
  const locale = language === 'ru' ? 'ru-RU' : 'en-GB';
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, hourCycle: 'h23', ...options });
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  const day = format({ year: 'numeric', month: '2-digit', day: '2-digit' });
  const ofDay = format(time);
  const ofOtherDay = format({ month: '2-digit', day: '2-digit', ...time });
  const today = day.format(nowMs);
  return {
    whole: format({ year: 'numeric', month: '2-digit', day: '2-digit', ...time }).format(nowMs),
    short: (ms) =>
      day.format(ms) === today ? ofDay.format(ms) : ofOtherDay.format(ms).replace(',', ''),
  };
}
