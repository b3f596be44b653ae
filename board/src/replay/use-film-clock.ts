import { useMemo } from 'react';
import type { ReplaySpan } from '@ppe-pulse/protocol';
import { useWords } from '../text/texts.ts';
import { REGION_ZONE, zoneClock } from '../ui/time.ts';
import { dayMsAt, spanAt } from './timeline.ts';

/** Times of the film as the board showed them: on a played day those of the day. */
export interface FilmClock {
  /** `09:42:19`. */
  readonly time: (wallMs: number) => string;
  readonly date: (wallMs: number) => string;
  /** The day of the collector's clock, `2024-05-15`: a day that was played twice is two reels. */
  readonly dayOf: (wallMs: number) => string;
  readonly dayMs: (wallMs: number) => number;
  /** Which showing that is: when a played day was played, empty for a day that was lived. */
  readonly showing: (wallMs: number) => string;
}

/** By the clocks of the spans; the same object while nothing of them changed. */
export function useFilmClock(spans: readonly ReplaySpan[]): FilmClock {
  const { language } = useWords();
  return useMemo(() => {
    const clock = zoneClock(REGION_ZONE, language, true);
    const real = zoneClock(REGION_ZONE, language, false);
    const days = new Intl.DateTimeFormat('sv-SE', { timeZone: REGION_ZONE });
    const dayMs = (wallMs: number): number => dayMsAt(spans, wallMs);
    return {
      time: (wallMs) => clock.time(dayMs(wallMs)),
      date: (wallMs) => clock.date(dayMs(wallMs)),
      dayOf: (wallMs) => days.format(wallMs),
      dayMs,
      showing: (wallMs) =>
        spanAt(spans, wallMs)?.day ? ` (${days.format(wallMs)} ${real.time(wallMs)})` : '',
    };
  }, [spans, language]);
}
