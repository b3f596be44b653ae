import { useMemo } from 'react';
import { useLive } from '../live/use-live.ts';
import { useWords } from '../text/texts.ts';
import { zoneClock } from '../ui/time.ts';

/** Times of a zone: `10:07` on the rehearsal's day, or today without one, `14.05 10:07` on any other. */
export function useDayClock(timeZone: string): (ms: number) => string {
  const { language } = useWords();
  const clock = useMemo(() => zoneClock(timeZone, language, false), [timeZone, language]);
  const days = useMemo(
    () => new Intl.DateTimeFormat(language, { timeZone, day: '2-digit', month: '2-digit' }),
    [timeZone, language],
  );
  const today = useLive(({ overview, serverTimeMs }) =>
    days.format(overview?.rehearsal ? Date.parse(overview.rehearsal.nowAt) : serverTimeMs),
  );
  return (ms) => {
    const day = days.format(ms);
    return day === today ? clock.time(ms) : `${day} ${clock.time(ms)}`;
  };
}
