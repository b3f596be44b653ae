import type { Incident } from '@ppe-pulse/protocol';

/** `GET /api/v1/incidents`, newest first. */
export interface IncidentsAnswer {
  readonly items: readonly Incident[];
  readonly nextCursor?: string;
}

/** `GET /api/v1/incidents/{id}`. */
export interface IncidentAnswer extends Incident {
  /** Oldest first. */
  readonly log: readonly LogEntryAnswer[];
}

/** One line of an incident's history. */
export interface LogEntryAnswer {
  readonly id: number;
  readonly atMs: number;
  /** Account; `collector` for what the engine saw. */
  readonly by: string;
  readonly kind: string;
  readonly note: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
}

/** `GET /api/v1/handovers`, newest first. */
export interface HandoversAnswer {
  readonly items: readonly HandoverAnswer[];
}

export interface HandoverAnswer {
  readonly id: number;
  readonly atMs: number;
  readonly by: string;
  readonly note: string;
  readonly openIncidents: readonly string[];
}

/** `GET /api/v1/session`. */
export interface SessionAnswer {
  readonly account: string;
}

/** `GET /api/v1/registry/sites`, as far as a call needs it. */
export interface RegistrySitesAnswer {
  readonly items: readonly { readonly code: string; readonly dutyPhone: string | null }[];
}

/** `GET /api/v1/registry`, as far as names need it. */
export interface RegistryAnswer {
  readonly municipalities: readonly { readonly slug: string; readonly name: string }[];
}
