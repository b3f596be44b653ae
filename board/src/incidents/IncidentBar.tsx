import './incidents.css';
import { Link } from 'wouter';
import { useLive } from '../live/use-live.ts';
import { useSession } from '../session/use-session.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { menuOf } from '../ui/menu-texts.ts';
import { IncidentTime } from './IncidentTime.tsx';
import { SilenceBadge } from './SilenceBadge.tsx';
import { SoundSwitch } from './SoundSwitch.tsx';
import { spanText } from './span-text.ts';
import { useListClock } from './use-incident-clock.ts';
import { useIncidentWords } from './use-incident-words.ts';

/**
 * Above every page: how many incidents, whether anybody has them, what is silenced, the sound. The wall
 * has its own switch of the sound: `hasSound` is false there.
 */
export function IncidentBar({ hasSound = true }: { readonly hasSound?: boolean }) {
  const { own } = useIncidentWords();
  const pages = menuOf(useSession());
  return (
    <IncidentTime>
      <nav className="incident-bar" aria-label={own.incidents} data-testid="incident-bar">
        <Link href="/incidents">{own.incidents}</Link>
        <Counts />
        <SilenceBadge />
        <span className="spring" />
        {pages.includes('alerts') && <Link href="/alerts">{own.alerts}</Link>}
        {hasSound && <SoundSwitch />}
      </nav>
    </IncidentTime>
  );
}

function Counts() {
  const words = useIncidentWords();
  const clock = useListClock();
  const { own, number } = words;
  const counts = useLive((state) => state.overview?.incidents);
  // A silenced or snoozed one waits for nobody, and still nobody has it.
  const isEachTaken = useLive((state) =>
    [...state.incidents.values()].every(
      ({ severity, acknowledgedAtMs }) => severity !== 'critical' || acknowledgedAtMs !== null,
    ),
  );
  if (!counts || counts.open === 0) return <span className="quiet">{own.nothingOpen}</span>;
  const { open, critical, untaken, oldestUntakenAtMs } = counts;
  const untakenMs = clock.spanMs(Math.max(0, clock.nowMs - (oldestUntakenAtMs ?? clock.nowMs)));
  return (
    <>
      <span>{own.openCount(number(open))}</span>
      {critical > 0 && <span>{own.criticalCount(number(critical))}</span>}
      {untaken > 0 ? (
        <span className="untaken untaken-2" data-testid="untaken">
          <Glyph verdict="fail" />
          {own.untakenCount(number(untaken), spanText(words, untakenMs))}
        </span>
      ) : (
        critical > 0 && isEachTaken && <span className="quiet">{own.allTaken}</span>
      )}
    </>
  );
}
