import { lazy, useMemo } from 'react';
import { Link } from 'wouter';
import { formatValue } from '@ppe-pulse/protocol/texts';
import { dayClockOf } from '../incidents/day-clock.ts';
import { useLive, useMoment } from '../live/use-live.ts';
import { Part } from '../ui/Part.tsx';
import { MOSCOW_ZONE, zoneClock, type ZoneClock } from '../ui/time.ts';
import { useZone } from '../ui/use-zone.ts';
import { useWallWords } from './use-wall-words.ts';

const SECOND_MS = 1_000;

const NextMilestone = lazy(async () => ({
  default: (await import('./stages-of-day.ts')).NextMilestone,
}));
const ScopeNote = lazy(async () => ({
  default: (await import('../session/ScopeNote.tsx')).ScopeNote,
}));

/** What this is, what comes next, and the time where the ППЭ are and in Moscow. */
export function Header() {
  const { page, language } = useWallWords();
  const zone = useZone();
  const clock = useMemo(() => zoneClock(zone, language, true), [zone, language]);
  const rehearsal = useLive((state) => state.overview?.rehearsal);
  const dayMs = useDayNow();
  return (
    <header className="header">
      <div className="event">
        <div className="event-line">
          <h1 title={rehearsal?.title}>
            {rehearsal ? <Link href="/rehearsal">{rehearsal.title}</Link> : page.title}
          </h1>
          <Part>
            <ScopeNote />
          </Part>
        </div>
        <Facts date={dayMs === null ? undefined : clock.date(dayMs)} />
      </div>
      {dayMs !== null && (
        <Part>
          <NextMilestone dayMs={dayMs} timeZone={zone} />
        </Part>
      )}
      <Clock dayMs={dayMs} clock={clock} />
    </header>
  );
}

/** The day's moment, by the collector's clock; null before the first frame told the time. */
function useDayNow(): number | null {
  return useMoment(({ state, frameAgeMs }) => {
    // Before the first frame nobody has told the time: a wall PC's own clock may be wrong.
    if (state.serverTimeMs === 0) return null;
    const dayMs = dayClockOf(state.overview).dayMs(state.serverTimeMs + frameAgeMs);
    // In whole seconds: the clock and what is left until a deadline add up to the deadline.
    return Math.floor(dayMs / SECOND_MS) * SECOND_MS;
  });
}

function Clock({ dayMs, clock }: { readonly dayMs: number | null; readonly clock: ZoneClock }) {
  const { page, own, language } = useWallWords();
  const moscow = useMemo(() => zoneClock(MOSCOW_ZONE, language, false), [language]);
  const rehearsal = useLive((state) => state.overview?.rehearsal);
  if (dayMs === null) {
    return (
      <div className="clock">
        <span className="clock-time">–:–</span>
      </div>
    );
  }
  const isMoscow = clock.offset(dayMs) === moscow.offset(dayMs);
  return (
    <div className="clock">
      <time className="clock-time" dateTime={new Date(dayMs).toISOString()}>
        {clock.time(dayMs)}
      </time>
      <p>
        {rehearsal?.isSimulated && (
          <strong className="simulated" data-testid="rehearsal-clock">
            {own.simulatedClock(rehearsal.speed.toLocaleString(language))}
          </strong>
        )}
        {clock.offset(dayMs)}
        {!isMoscow && ` · ${page.moscow} ${moscow.time(dayMs)}`}
      </p>
    </div>
  );
}

/** The date, and in a line what the plan and the registry still wait for. */
function Facts({ date }: { readonly date: string | undefined }) {
  const { own, number, language, page } = useWallWords();
  const overview = useLive((state) => state.overview);
  const { workstations, sites, rehearsal, emDownload } = overview ?? {};
  const left = (sites?.total ?? 0) - (sites?.involved ?? 0);
  const facts = [
    date ?? page.board,
    ...(overview && !rehearsal ? [own.noPlan] : []),
    ...(workstations && workstations.notYetHeard > 0
      ? [own.notYetHeard(number(workstations.notYetHeard), number(workstations.planned))]
      : []),
    ...(workstations && workstations.unplanned > 0
      ? [own.unplanned(number(workstations.unplanned))]
      : []),
    ...(rehearsal && rehearsal.agentsBehind > 0
      ? [own.agentsBehind(number(rehearsal.agentsBehind))]
      : []),
    ...(left > 0 ? [own.leftOut(number(left))] : []),
    ...(emDownload
      ? [
          own.emProgress(
            number(emDownload.sitesDone),
            number(emDownload.sitesTotal),
            formatValue(emDownload.bytesPerSecond, 'bytesPerSecond', language),
          ),
        ]
      : []),
  ].join(' · ');
  return (
    <p className="facts" title={facts} data-testid="rehearsal">
      {facts}
    </p>
  );
}
