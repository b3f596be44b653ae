import '../incidents/incidents.css';
import type { Placement } from '@ppe-pulse/protocol';
import { IncidentLine } from '../incidents/IncidentLine.tsx';
import { IncidentTime } from '../incidents/IncidentTime.tsx';
import { worstIncidentsFirst } from '../incidents/order.ts';
import { useIncidentWords } from '../incidents/use-incident-words.ts';
import { useLive } from '../live/use-live.ts';
import { incidentsOfStation } from './station-incidents.ts';

/** Open incidents that this workstation is part of; nothing where there are none. */
export function StationIncidents({ id, placement }: { readonly id: string; placement: Placement }) {
  const { own } = useIncidentWords();
  const open = useLive((state) => state.incidents);
  const lines = worstIncidentsFirst(incidentsOfStation(open.values(), id, placement));
  if (lines.length === 0) return null;
  return (
    <IncidentTime>
      <section className="panel incident-panel workstation-wide" aria-label={own.open}>
        <ol data-testid="station-incidents">
          {lines.map((incident) => (
            <IncidentLine key={incident.id} incident={incident} />
          ))}
        </ol>
      </section>
    </IncidentTime>
  );
}
