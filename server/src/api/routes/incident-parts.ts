import type { Clock } from '../../clock.ts';
import type { IncidentBook } from '../../incidents/incident-book.ts';

/** What the routes of incidents, silences and hand-over notes work with. */
export interface IncidentRouteParts {
  readonly incidents: IncidentBook;
  readonly clock: Clock;
}
