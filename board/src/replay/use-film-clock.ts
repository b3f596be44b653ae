import { useMemo } from 'react';
import type { ReplaySpan } from '@ppe-pulse/protocol';
import { useWords } from '../text/texts.ts';
import { zoneClock } from '../ui/time.ts';
import { dayMsAt, spanAt } from './timeline.ts';

/** Times of the film as the board showed them: on a played day those of the day. */
export interface FilmClock {
  /** `09:42:19`. */
  readonly time: (wallMs: number) => string;
  readonly date: (wallMs: number) => string;
  /** The day of the collector's clock, `2024-05-15`: a day that was played twice is two reels. */
  readonly dayOf: (wallMs: number) => string;
  readonly timeZone: string;
  readonly dayMs: (wallMs: number) => number;
  /** Which showing that is: when a played day was played, empty for a day that was lived. */
  readonly showing: (wallMs: number) => string;
}

/** By the clocks of the spans; the same object while nothing of them changed. */
export function useFilmClock(spans: readonly ReplaySpan[], timeZone: string): FilmClock {
  const { language } = useWords();
  return useMemo(() => {
    const clock = zoneClock(timeZone, language, true);
    const real = zoneClock(timeZone, language, false);
    const days = new Intl.DateTimeFormat('sv-SE', { timeZone });
    const dayMs = (wallMs: number): number => dayMsAt(spans, wallMs);
    return {
      time: (wallMs) => clock.time(dayMs(wallMs)),
      date: (wallMs) => clock.date(dayMs(wallMs)),
      dayOf: (wallMs) => days.format(wallMs),
      timeZone,
      dayMs,
      showing: (wallMs) =>
        spanAt(spans, wallMs)?.day ? ` (${days.format(wallMs)} ${real.time(wallMs)})` : '',
    };
  }, [spans, timeZone, language]);
}
