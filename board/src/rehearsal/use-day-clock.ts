import { useMemo } from 'react';
import { useLive } from '../live/use-live.ts';
import { useWords } from '../text/texts.ts';
import { zoneClock } from '../ui/time.ts';
import { useZone } from '../ui/use-zone.ts';

const MINUTE_MS = 60_000;

/** Times of the page's zone: `10:07` on the rehearsal's day, or today without one, `14.05 10:07` on any other. */
export function useDayClock(): (ms: number) => string {
  const { language } = useWords();
  const timeZone = useZone();
  const clock = useMemo(() => zoneClock(timeZone, language, false), [timeZone, language]);
  const days = useMemo(
    () => new Intl.DateTimeFormat(language, { timeZone, day: '2-digit', month: '2-digit' }),
    [timeZone, language],
  );
  // Days begin with a minute in every zone; a picture comes four times a second.
  const minute = useLive(({ overview, serverTimeMs }) =>
    Math.floor(
      (overview?.rehearsal ? Date.parse(overview.rehearsal.nowAt) : serverTimeMs) / MINUTE_MS,
    ),
  );
  const today = days.format(minute * MINUTE_MS);
  return (ms) => {
    const day = days.format(ms);
    return day === today ? clock.time(ms) : `${day} ${clock.time(ms)}`;
  };
}
