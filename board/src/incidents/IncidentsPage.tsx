import './incidents.css';
import { useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { getJson } from '../api/client.ts';
import { useLive } from '../live/use-live.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { PageFooter } from '../ui/PageFooter.tsx';
import { PageHead } from '../ui/PageHead.tsx';
import { EndedIncidents } from './EndedIncidents.tsx';
import { everything, passes } from './filters.ts';
import { Handovers } from './Handovers.tsx';
import { IncidentFilterBar } from './IncidentFilterBar.tsx';
import { IncidentLine } from './IncidentLine.tsx';
import { IncidentTime } from './IncidentTime.tsx';
import { MunicipalityNames } from './MunicipalityNames.tsx';
import { linesOf } from './order.ts';
import { useIsReplay } from '../replay/is-replay.ts';
import { useMay, useMayActOn } from '../session/use-session.ts';
import { Refusal } from './Refusal.tsx';
import type { SessionAnswer } from './shapes.ts';
import { SilenceList } from './SilenceList.tsx';
import { useAction } from './use-action.ts';
import { useListClock } from './use-incident-clock.ts';
import { useIncidentWords } from './use-incident-words.ts';
import { useListKeys } from './use-list-keys.ts';

/** More lines nobody reads, and a browser renders them for long: the filters lead to the rest. */
const MAX_LINES = 200;

/** All incidents: the open ones with filters and keys, the ended ones, silences, the hand-over. */
export function IncidentsPage() {
  const { own } = useIncidentWords();
  const isReplay = useIsReplay();
  const mayHandOver = useMay('handOver');
  return (
    <IncidentTime>
      <MunicipalityNames>
        <div className="page">
          <PageHead title={own.title} />
          <main id="main" className="incidents-page">
            <OpenIncidents />
            <div className="incident-column">
              <section className="panel" aria-label={own.silences}>
                <h2>{own.silences}</h2>
                <SilenceList />
              </section>
              {mayHandOver && <Handovers />}
            </div>
            {!isReplay && <EndedIncidents />}
          </main>
          <PageFooter />
        </div>
      </MunicipalityNames>
    </IncidentTime>
  );
}

function OpenIncidents() {
  const { nowMs } = useListClock();
  const { own, number } = useIncidentWords();
  const open = useLive((state) => state.incidents);
  const ended = useLive((state) => state.endedIncidents);
  const session = useAnswer(getJson<SessionAnswer>, '/api/v1/session', 0);
  const account = session?.kind === 'done' ? session.value.account : '';
  const [filters, setFilters] = useState(everything);
  const lines = useMemo(
    () => linesOf(open, ended, nowMs).filter((incident) => passes(incident, filters, account)),
    [open, ended, nowMs, filters, account],
  );
  const list = useRef<HTMLOListElement>(null);
  const [, navigate] = useLocation();
  const { failure, send } = useAction();
  const mayActOn = useMayActOn();
  useListKeys(list, (key, id) => {
    const incident = open.get(id);
    if (key === 'comment') navigate(`/incidents/${id}#comment`);
    else if (incident?.acknowledgedAtMs === null && mayActOn(incident))
      void send({ path: `/api/v1/incidents/${id}/ack` });
  });
  return (
    <section className="panel incident-panel" aria-label={own.open}>
      <h2>
        {own.open} <span className="quiet">{number(open.size)}</span>
      </h2>
      <IncidentFilterBar incidents={open} filters={filters} onChange={setFilters} />
      <p className="quiet keys">{own.keys}</p>
      <Refusal of={failure} />
      {lines.length === 0 && (
        <p className="quiet">{open.size === 0 ? own.calm : own.nothingFits}</p>
      )}
      <ol ref={list} data-testid="incidents">
        {lines.slice(0, MAX_LINES).map((incident) => (
          <IncidentLine key={incident.id} incident={incident} />
        ))}
      </ol>
      {lines.length > MAX_LINES && (
        <p className="incident-more">{own.more(number(lines.length - MAX_LINES))}</p>
      )}
    </section>
  );
}
