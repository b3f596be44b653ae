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
  // Before the first frame nobody has told the time: a wall PC's own clock may be wrong.
  const isKnown = serverTimeMs > 0;
  const nowMs = serverTimeMs + frameAgeMs;
  return (
    <header className="header">
      <div>
        <h1>{page.title}</h1>
        <p>{page.board}</p>
      </div>
      <div className="clock">
        <time>{isKnown ? region.time(nowMs) : '–:–'}</time>
        {isKnown && (
          <p>
            {region.date(nowMs)} · {region.offset(nowMs)} · {page.moscow} {moscow.time(nowMs)}
          </p>
        )}
      </div>
    </header>
  );
}
