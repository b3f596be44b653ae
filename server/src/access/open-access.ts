import type { ScopeSources } from '../api/authorize.ts';
import type { CollectorConfig } from '../config.ts';
import { createIncidentStore } from '../incidents/incident-store.ts';
import { BoardScopes } from '../live/board-scopes.ts';
import type { Stores } from '../stores.ts';
import { createAccess, type Access } from './access.ts';
import { createOidc, type Oidc } from './oidc.ts';
import { createScopes } from './scope.ts';

/** Who may come in, and what each may see. */
export interface AccessRooms {
  readonly access: Access;
  readonly oidc: Oidc | undefined;
  readonly scopes: ScopeSources;
  readonly boards: BoardScopes;
}

export function openAccess(config: CollectorConfig, stores: Stores): AccessRooms {
  const { database, enrolments, region, adminToken } = stores;
  const scopeOf = createScopes(() => region.current().region);
  const incidents = createIncidentStore(database);
  return {
    access: createAccess(database, adminToken, config.access),
    oidc: createOidc(config.oidc),
    scopes: {
      scopeOf,
      siteOfWorkstation: (id) => enrolments.find(id)?.placement.siteCode,
      // What is shown is written: the store knows as much as the book.
      incident: (id) => incidents.find(id),
    },
    boards: new BoardScopes(scopeOf),
  };
}
