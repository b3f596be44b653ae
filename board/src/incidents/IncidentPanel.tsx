import './incidents.css';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { useLive } from '../live/use-live.ts';
import { Glyph } from '../ui/Glyph.tsx';
import { Problems } from '../wall/Problems.tsx';
import { IncidentLine } from './IncidentLine.tsx';
import { IncidentTime } from './IncidentTime.tsx';
import { isUntaken, linesOf } from './order.ts';
import { useListClock } from './use-incident-clock.ts';
import { useIncidentWords } from './use-incident-words.ts';

/** Lines that fit beside the grid without scrolling. */
const MAX_LINES = 8;

/** The wall's main list: one line a cause, the worst first; every fault of every workstation below. */
export function IncidentPanel() {
  return (
    <IncidentTime>
      <div className="incident-column">
        <Lines />
        <Problems />
      </div>
    </IncidentTime>
  );
}

function Lines() {
  const { own, number } = useIncidentWords();
  const { nowMs } = useListClock();
  const open = useLive((state) => state.incidents);
  const ended = useLive((state) => state.endedIncidents);
  const lines = useMemo(() => linesOf(open, ended, nowMs), [open, ended, nowMs]);
  const hidden = lines.slice(MAX_LINES).filter(({ resolvedAtMs }) => resolvedAtMs === null);
  const hiddenUntaken = hidden.filter(isUntaken).length;
  return (
    <section className="panel incident-panel" aria-label={own.incidents}>
      <h2>
        <Link href="/incidents">{own.incidents}</Link>{' '}
        <span className="quiet">{open.size > 0 && number(open.size)}</span>
      </h2>
      {lines.length === 0 && <p className="quiet">{own.calm}</p>}
      <ol data-testid="incidents">
        {lines.slice(0, MAX_LINES).map((incident) => (
          <IncidentLine key={incident.id} incident={incident} />
        ))}
      </ol>
      {hidden.length > 0 && (
        <p className="incident-more">
          <Link href="/incidents">{own.more(number(hidden.length))}</Link>
          {hiddenUntaken > 0 && (
            <span className="untaken untaken-2">
              <Glyph verdict="fail" />
              {own.moreUntaken(number(hiddenUntaken))}
            </span>
          )}
        </p>
      )}
    </section>
  );
}
