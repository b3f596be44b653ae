import type { Incident } from '@ppe-pulse/protocol';
import type { AlertEvent } from '../alert.ts';

/** Where the board shows an event: its incident, or all of them; null where nobody said. */
export function boardLink(
  event: Pick<AlertEvent, 'kind' | 'incident'>,
  boardUrl: string | null,
): string | null {
  if (event.kind === 'digest' || event.kind === 'drill')
    return boardUrl === null ? null : `${root(boardUrl)}/incidents`;
  return incidentLink(event.incident, boardUrl);
}

/** Where the board shows an incident. */
export function incidentLink(
  incident: Pick<Incident, 'id'>,
  boardUrl: string | null,
): string | null {
  return boardUrl === null ? null : `${root(boardUrl)}/incidents/${incident.id}`;
}

function root(boardUrl: string): string {
  return boardUrl.replace(/\/+$/, '');
}
