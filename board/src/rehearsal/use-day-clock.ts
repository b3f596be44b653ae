import { useMemo } from 'react';
import { useLive } from '../live/use-live.ts';
import { useWords } from '../text/texts.ts';
import { zoneClock } from '../ui/time.ts';

/** Times of a zone: `10:07` on the rehearsal's day, `14.05 10:07` on any other. */
export function useDayClock(timeZone: string): (ms: number) => string {
  const { language } = useWords();
  const clock = useMemo(() => zoneClock(timeZone, language, false), [timeZone, language]);
  const days = useMemo(
    () => new Intl.DateTimeFormat(language, { timeZone, day: '2-digit', month: '2-digit' }),
    [timeZone, language],
  );
  const nowAt = useLive((state) => state.overview?.rehearsal?.nowAt);
  const today = nowAt === undefined ? '' : days.format(Date.parse(nowAt));
  return (ms) => {
    const day = days.format(ms);
    return day === today ? clock.time(ms) : `${day} ${clock.time(ms)}`;
  };
}
