import { createContext, useContext, useMemo } from 'react';
import { STALE_AFTER_MS } from '../live/freshness.ts';
import { useLive, useMoment, type Moment } from '../live/use-live.ts';
import { useWords } from '../text/texts.ts';
import { zoneClock } from '../ui/time.ts';
import { useZone } from '../ui/use-zone.ts';
import { dayClockOf, type DayClock } from './day-clock.ts';

const SECOND_MS = 1_000;

/** The collector's clock as it runs now, and the day that it belongs to. */
export interface IncidentClock extends DayClock {
  /** Collector's wall clock, ms since 1970 UTC, in whole seconds. */
  readonly nowMs: number;
  /** `09:31` of the day that is shown, `14.05 17:30` of another. */
  readonly time: (wallMs: number) => string;
}

/** Given by whoever shows a list: its lines stay as they are, only what tells an age renews itself. */
export const IncidentClockContext = createContext<IncidentClock | null>(null);

/** The clock of the list that this belongs to. */
export function useListClock(): IncidentClock {
  const clock = useContext(IncidentClockContext);
  if (!clock) throw new Error('no list of incidents gives the time here');
  return clock;
}

/** Of an old picture the ages stand still, as those of the tiles do: nobody knows what went on. */
function knownSecond({ state, frameAgeMs }: Moment): number {
  const knownMs = state.serverTimeMs + Math.min(STALE_AFTER_MS, frameAgeMs);
  return Math.floor(knownMs / SECOND_MS) * SECOND_MS;
}

/** A clock that is another object once a second. */
export function useIncidentClock(): IncidentClock {
  const { language } = useWords();
  const timeZone = useZone();
  const time = useMemo(() => zoneClock(timeZone, language, false).time, [timeZone, language]);
  const day = useMemo(() => {
    const days = new Intl.DateTimeFormat(language, {
      timeZone,
      day: '2-digit',
      month: '2-digit',
    });
    return (ms: number): string => days.format(ms);
  }, [timeZone, language]);
  const overview = useLive((state) => state.overview);
  const nowMs = useMoment(knownSecond);
  return useMemo(() => {
    const clock = dayClockOf(overview);
    const today = day(clock.dayMs(nowMs));
    const timeOf = (wallMs: number): string => {
      const ms = clock.dayMs(wallMs);
      const ofDay = day(ms);
      return ofDay === today ? time(ms) : `${ofDay} ${time(ms)}`;
    };
    return { ...clock, nowMs, time: timeOf };
  }, [overview, nowMs, time, day]);
}
