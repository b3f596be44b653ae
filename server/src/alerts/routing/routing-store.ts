import type { Outcome } from '../../incidents/incident-book.ts';
import type { StateDatabase } from '../../state/database.ts';
import { defaultRouting, type Routing } from './routing.ts';

/** The document that holds, and which version of it: 0 for the default. */
export interface StoredRouting {
  readonly version: number;
  readonly routing: Routing;
}

/** The document of routes over the state database. */
export class RoutingStore {
  readonly #database: StateDatabase;
  #stored: StoredRouting;

  constructor(database: StateDatabase) {
    this.#database = database;
    const row = database.all('SELECT version, body FROM alert_routing WHERE id = 1')[0];
    this.#stored = row
      ? { version: Number(row.version), routing: JSON.parse(String(row.body)) as Routing }
      : { version: 0, routing: defaultRouting };
  }

  current(): StoredRouting {
    return this.#stored;
  }

  /** `baseVersion` is the version that was edited, undefined for whatever it is. `also` commits with it. */
  put(
    routing: Routing,
    baseVersion: number | undefined,
    also: (version: number) => void,
  ): Outcome<StoredRouting> {
    const { version: before } = this.#stored;
    // A second click.
    if (before > 0 && JSON.stringify(routing) === JSON.stringify(this.#stored.routing))
      return { kind: 'done', value: this.#stored };
    if (baseVersion !== undefined && baseVersion !== before) {
      const detail = `version ${before} holds, not ${baseVersion}: somebody else changed the routes; look at them again`;
      return { kind: 'refused', reason: 'staleRouting', detail };
    }
    const value: StoredRouting = { version: before + 1, routing };
    this.#database.transaction(() => {
      this.#database.run(
        `INSERT INTO alert_routing (id, version, body) VALUES (1, ?, ?)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, body = excluded.body`,
        value.version,
        JSON.stringify(routing),
      );
      also(value.version);
    });
    this.#stored = value;
    return { kind: 'done', value };
  }
}
