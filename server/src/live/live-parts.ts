import type { Fleet, Overview } from '@ppe-pulse/protocol';
import type { Scope } from '../access/scope.ts';
import type { Clock } from '../clock.ts';
import type { IncidentBook } from '../incidents/incident-book.ts';
import type { Log } from '../log.ts';
import type { RegionStore } from '../region/region-store.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import type { BoardScopes } from './board-scopes.ts';
import type { FrameTape } from './frame-tape.ts';

/** What boards are served from. */
export interface LiveParts {
  readonly fleet: Pick<Fleet, 'all' | 'get' | 'onChange' | 'onRemove'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Identity of the served page: a new one makes boards reload. */
  readonly build: string;
  /** Whose sites a board may see. */
  readonly boards: Pick<BoardScopes, 'of'>;
  readonly overview: (scope: Scope) => Overview;
  readonly dataAgeMs: () => number | null;
  readonly rehearsal: Pick<
    Rehearsal,
    'liveSites' | 'liveMunicipalities' | 'onSite' | 'onMunicipalities'
  >;
  readonly region: Pick<RegionStore, 'onChange'>;
  readonly incidents: Pick<IncidentBook, 'open' | 'silences' | 'onChange' | 'onSilences'>;
  /** Keeps what boards get, also while there is none: what was not shown can be looked at later. */
  readonly tape?: FrameTape;
}
