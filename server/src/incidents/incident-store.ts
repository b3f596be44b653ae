import type { Incident, KeptFault } from '@ppe-pulse/protocol';
import type { SqlRow, SqlValue, StateDatabase } from '../state/database.ts';
import type { IncidentFilter, LogEntry } from './incident-book.ts';

/** An entry before it has a number. */
export interface NewLogEntry extends Omit<LogEntry, 'id'> {
  /** The same request twice is written once. */
  readonly requestId: string | null;
}

export type FaultKey = Pick<KeptFault, 'sourceId' | 'checkId'>;

/** Incidents, their history and what the engine must know after a restart, as rows. */
export interface IncidentStore {
  /** Of the newest incident ever, 0 for none. */
  lastNumber(): number;
  /** The oldest first. */
  open(): readonly Incident[];
  faults(): readonly KeptFault[];
  find(id: string): Incident | undefined;
  /** Newest first. */
  list(filter: IncidentFilter): readonly Incident[];
  /** Oldest first; of a very long history the newest part. */
  logOf(id: string): readonly LogEntry[];
  /** What a request did to which incident; undefined for a request that was never heard of. */
  doneBy(requestId: string): Pick<LogEntry, 'incidentId' | 'kind'> | undefined;
  put(incident: Incident): void;
  addLog(entry: NewLogEntry): void;
  putFault(fault: KeptFault): void;
  removeFault(key: FaultKey): void;
}

/** One that goes up and down all day has more. */
const MAX_LOG_ENTRIES = 1_000;

/** The rows over the state database. Writes belong into a transaction of the caller. */
export function createIncidentStore(database: StateDatabase): IncidentStore {
  return {
    lastNumber: () => Number(database.all('SELECT max(id) AS last FROM incidents')[0]?.last ?? 0),
    open: () =>
      database.all('SELECT body FROM incidents WHERE is_open = 1 ORDER BY id').map(incidentOf),
    faults: () =>
      database
        .all('SELECT body FROM incident_faults')
        .map((row) => JSON.parse(text(row.body)) as KeptFault),
    find: (id) => {
      const row = database.all('SELECT body FROM incidents WHERE id = ?', numberOf(id))[0];
      return row && incidentOf(row);
    },
    list: (filter) => {
      const { where, parameters } = conditionsOf(filter);
      const sql = `SELECT body FROM incidents ${where} ORDER BY id DESC LIMIT ?`;
      return database.all(sql, ...parameters, filter.limit).map(incidentOf);
    },
    logOf: (id) =>
      database
        .all(
          'SELECT * FROM incident_log WHERE incident_id = ? ORDER BY id DESC LIMIT ?',
          numberOf(id),
          MAX_LOG_ENTRIES,
        )
        .map(entryOf)
        .toReversed(),
    doneBy: (requestId) =>
      database.all('SELECT * FROM incident_log WHERE request_id = ?', requestId).map(entryOf)[0],
    put: (incident) => putIncident(database, incident),
    addLog: (entry) => addEntry(database, entry),
    putFault: (fault) => {
      database.run(
        `INSERT INTO incident_faults (source_id, check_id, body) VALUES (?, ?, ?)
         ON CONFLICT (source_id, check_id) DO UPDATE SET body = excluded.body`,
        fault.sourceId,
        fault.checkId,
        JSON.stringify(fault),
      );
    },
    removeFault: ({ sourceId, checkId }) => {
      database.run(
        'DELETE FROM incident_faults WHERE source_id = ? AND check_id = ?',
        sourceId,
        checkId,
      );
    },
  };
}

function putIncident(database: StateDatabase, incident: Incident): void {
  database.run(
    `INSERT INTO incidents (id, is_open, severity, site_code, opened_at_ms, resolved_at_ms, body)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET is_open = excluded.is_open, severity = excluded.severity,
       site_code = excluded.site_code, resolved_at_ms = excluded.resolved_at_ms,
       body = excluded.body`,
    numberOf(incident.id),
    incident.resolvedAtMs === null ? 1 : 0,
    incident.severity,
    incident.siteCode,
    Math.round(incident.openedAtMs),
    incident.resolvedAtMs === null ? null : Math.round(incident.resolvedAtMs),
    JSON.stringify(incident),
  );
}

function addEntry(database: StateDatabase, entry: NewLogEntry): void {
  const { incidentId, atMs, by, kind, note, details, requestId } = entry;
  database.run(
    `INSERT INTO incident_log (incident_id, at_ms, made_by, kind, note, details, request_id)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    numberOf(incidentId),
    Math.round(atMs),
    by,
    kind,
    note,
    JSON.stringify(details),
    requestId,
  );
}

/** `i-17` → 17; 0, which no incident has, for what is no id. */
function numberOf(id: string): number {
  const digits = /^i-([0-9]{1,12})$/.exec(id)?.[1];
  return digits === undefined ? 0 : Number(digits);
}

function conditionsOf({ state, siteCode, among, severity, beforeId }: IncidentFilter): {
  readonly where: string;
  readonly parameters: readonly SqlValue[];
} {
  const conditions: string[] = [];
  const parameters: SqlValue[] = [];
  const add = (sql: string, ...values: SqlValue[]): void => {
    conditions.push(sql);
    parameters.push(...values);
  };
  if (state !== 'all') add('is_open = ?', state === 'open' ? 1 : 0);
  // A wider incident is the site's, too, as long as it lists it.
  if (siteCode !== undefined)
    add(
      `(site_code = ? OR (site_code IS NULL AND EXISTS
        (SELECT 1 FROM json_each(body, '$.siteCodes') WHERE json_each.value = ?)))`,
      siteCode,
      siteCode,
    );
  if (among !== undefined) {
    const codes = JSON.stringify(among.siteCodes);
    add(AMONG_SQL, codes, among.municipality, codes);
  }
  if (severity !== undefined) add('severity = ?', severity);
  if (beforeId !== undefined) add('id < ?', numberOf(beforeId));
  return { where: conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '', parameters };
}

const AMONG_SQL = `(site_code IN (SELECT value FROM json_each(?))
  OR (site_code IS NULL AND (json_extract(body, '$.municipality') = ? OR EXISTS
    (SELECT 1 FROM json_each(body, '$.siteCodes') AS listed
      WHERE listed.value IN (SELECT value FROM json_each(?))))))`;

function incidentOf(row: SqlRow): Incident {
  return JSON.parse(text(row.body)) as Incident;
}

function entryOf(row: SqlRow): LogEntry {
  return {
    id: Number(row.id),
    incidentId: `i-${Number(row.incident_id)}`,
    atMs: Number(row.at_ms),
    by: text(row.made_by),
    kind: text(row.kind) as LogEntry['kind'],
    note: text(row.note),
    details: JSON.parse(text(row.details)) as LogEntry['details'],
  };
}

function text(value: unknown): string {
  return String(value);
}
