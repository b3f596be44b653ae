import './incidents.css';
import { useMemo } from 'react';
import { useLive } from '../live/use-live.ts';
import { IncidentLine } from './IncidentLine.tsx';
import { IncidentTime } from './IncidentTime.tsx';
import { worstIncidentsFirst } from './order.ts';
import { useIncidentWords } from './use-incident-words.ts';

/** The open incidents of one site, wider ones that reach it too; nothing where there are none. */
export function SiteIncidents({ code }: { readonly code: string }) {
  const { own } = useIncidentWords();
  const open = useLive((state) => state.incidents);
  const lines = useMemo(
    () =>
      worstIncidentsFirst(
        [...open.values()].filter(
          ({ siteCode, siteCodes }) => siteCode === code || siteCodes.includes(code),
        ),
      ),
    [open, code],
  );
  if (lines.length === 0) return null;
  return (
    <IncidentTime>
      <section className="panel incident-panel" aria-label={own.siteIncidents}>
        <h2>{own.siteIncidents}</h2>
        <ol data-testid="site-incidents">
          {lines.map((incident) => (
            <IncidentLine key={incident.id} incident={incident} />
          ))}
        </ol>
      </section>
    </IncidentTime>
  );
}
