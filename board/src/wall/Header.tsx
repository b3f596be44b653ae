import { useMemo } from 'react';
import { useFreshness, useLive } from '../live/use-live.ts';
import { useWords } from '../text/texts.ts';
import { MOSCOW_ZONE, REGION_ZONE, zoneClock } from '../ui/time.ts';

/** What this is, and the time where the ППЭ are and in Moscow, by the collector's clock. */
export function Header() {
  const { page, language } = useWords();
  const region = useMemo(() => zoneClock(REGION_ZONE, language, true), [language]);
  const moscow = useMemo(() => zoneClock(MOSCOW_ZONE, language, false), [language]);
  const serverTimeMs = useLive((state) => state.serverTimeMs);
  const { frameAgeMs } = useFreshness();
  const nowMs = serverTimeMs === 0 ? Date.now() : serverTimeMs + frameAgeMs;
  return (
    <header className="header">
      <div>
        <h1>{page.title}</h1>
        <p>{page.board}</p>
      </div>
      <div className="clock">
        <time dateTime={new Date(nowMs).toISOString()}>{region.time(nowMs)}</time>
        <p>
          {region.date(nowMs)} · {region.offset(nowMs)} · {page.moscow} {moscow.time(nowMs)}
        </p>
      </div>
    </header>
  );
}
