import { useEffect, useRef, useState } from 'react';
import type { Incident } from '@ppe-pulse/protocol';
import { getJson } from '../api/client.ts';
import { useLive } from '../live/use-live.ts';
import { IncidentLine } from './IncidentLine.tsx';
import type { IncidentsAnswer } from './shapes.ts';
import { useIncidentWords } from './use-incident-words.ts';

const PAGE = 25;

/** Incidents that are over, the newest first, and earlier ones on request. */
export function EndedIncidents() {
  const { own } = useIncidentWords();
  const { items, hasMore, more } = useEnded();
  return (
    <section className="panel incident-panel" aria-label={own.endedOfLate}>
      <h2>{own.endedOfLate}</h2>
      {items.length === 0 && <p className="quiet">{own.nothingEnded}</p>}
      <ol className="ended-list" data-testid="ended-incidents">
        {items.map((incident) => (
          <IncidentLine key={incident.id} incident={incident} />
        ))}
      </ol>
      {hasMore && (
        <button type="button" onClick={more}>
          {own.older}
        </button>
      )}
    </section>
  );
}

/** Pages of the list; what ends meanwhile comes in at the top, and what was paged to stays. */
function useEnded(): {
  readonly items: readonly Incident[];
  readonly hasMore: boolean;
  readonly more: () => void;
} {
  const live = useLive((state) => state.endedIncidents);
  const [items, setItems] = useState<readonly Incident[]>([]);
  const [cursor, setCursor] = useState<string>();
  const hasPaged = useRef(false);
  useEffect(() => {
    let isCurrent = true;
    void ask(undefined).then((answer) => {
      if (!isCurrent || !answer) return;
      setItems((known) => (hasPaged.current ? joined(answer.items, known) : answer.items));
      if (!hasPaged.current) setCursor(answer.nextCursor);
    });
    return () => {
      isCurrent = false;
    };
  }, [live]);
  const more = (): void => {
    void ask(cursor).then((answer) => {
      if (!answer) return;
      hasPaged.current = true;
      setItems((known) => joined(known, answer.items));
      setCursor(answer.nextCursor);
    });
  };
  return { items, hasMore: cursor !== undefined, more };
}

/** One list below the other, each incident once. */
function joined(above: readonly Incident[], below: readonly Incident[]): Incident[] {
  const ids = new Set(above.map(({ id }) => id));
  return [...above, ...below.filter(({ id }) => !ids.has(id))];
}

async function ask(cursor: string | undefined): Promise<IncidentsAnswer | undefined> {
  const rest = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  const answer = await getJson<IncidentsAnswer>(
    `/api/v1/incidents?state=resolved&limit=${PAGE}${rest}`,
  );
  return answer.kind === 'done' ? answer.value : undefined;
}
