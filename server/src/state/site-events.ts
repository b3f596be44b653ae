import type { Evidence, Flip, Incident, Verdict } from '@ppe-pulse/protocol';
import type { LogEntry } from '../incidents/incident-book.ts';
import type { SqlRow, StateDatabase } from './database.ts';

/** Where a page of events goes on: strictly older than this, or at it with a smaller id. */
export interface Before {
  readonly atMs: number;
  /** Ids below this one at `atMs` itself: 0 takes none of it, `Infinity` all. */
  readonly belowId: number;
}

/** What happened at one site as its stores wrote it, newest first and never more than asked for. */
export interface SiteEvents {
  /** Changes of verdicts of these workstations. Walks an index of each: keep them one site's. */
  flips(workstationIds: readonly string[], before: Before, limit: number): readonly NumberedFlip[];
  /** Lines of the history of the site's incidents; `kind` names the only one that is asked for. */
  log(siteCode: string, before: Before, limit: number, kind?: LogKindPart): readonly LogEntry[];
  incidents(ids: readonly string[]): readonly Incident[];
}

export interface NumberedFlip extends Flip {
  readonly id: number;
}

/** What the collector saw of incidents, what people did, and of that the calls. */
export type LogKindPart = 'seen' | 'done' | 'call';

/** A site that fails all year has more incidents; the older ones are on the incidents' page. */
const INCIDENTS_MAX = 500;
const SEEN = `('opened', 'raised', 'resolved', 'silenced', 'escalated')`;
const conditions: Readonly<Record<LogKindPart, string>> = {
  seen: `AND kind IN ${SEEN}`,
  done: `AND kind NOT IN ${SEEN} AND kind <> 'call'`,
  call: `AND kind = 'call'`,
};

/** Reads what other stores write: one list of a site needs all of it by time. */
export function createSiteEvents(database: StateDatabase): SiteEvents {
  return {
    flips: (workstationIds, { atMs, belowId }, limit) =>
      workstationIds
        .flatMap((workstationId) =>
          database.all(
            `SELECT * FROM flips WHERE workstation_id = ? AND at_ms <= ?
               AND (at_ms < ? OR id < ?) ORDER BY at_ms DESC, id DESC LIMIT ?`,
            workstationId,
            atMs,
            atMs,
            idLimit(belowId),
            limit,
          ),
        )
        .sort((a, b) => Number(b.at_ms) - Number(a.at_ms) || Number(b.id) - Number(a.id))
        .slice(0, limit)
        .map(flipOf),
    log: (siteCode, { atMs, belowId }, limit, kind) =>
      database
        .all(
          `SELECT * FROM incident_log WHERE incident_id IN (
               SELECT id FROM incidents WHERE site_code = ? OR (site_code IS NULL AND EXISTS
                 (SELECT 1 FROM json_each(body, '$.siteCodes') WHERE json_each.value = ?))
               ORDER BY id DESC LIMIT ${INCIDENTS_MAX})
             AND at_ms <= ? AND (at_ms < ? OR id < ?) ${kind === undefined ? '' : conditions[kind]}
           ORDER BY at_ms DESC, id DESC LIMIT ?`,
          siteCode,
          siteCode,
          atMs,
          atMs,
          idLimit(belowId),
          limit,
        )
        .map(entryOf),
    incidents: (ids) =>
      ids.flatMap((id) =>
        database
          .all('SELECT body FROM incidents WHERE id = ?', Number(id.replace('i-', '')))
          .map(({ body }) => JSON.parse(String(body)) as Incident),
      ),
  };
}

/** SQLite knows no infinity among integers. */
function idLimit(belowId: number): number {
  return Math.min(belowId, Number.MAX_SAFE_INTEGER);
}

function flipOf(row: SqlRow): NumberedFlip {
  return {
    id: Number(row.id),
    workstationId: String(row.workstation_id),
    checkId: String(row.check_id),
    from: String(row.from_verdict) as Verdict,
    to: String(row.to_verdict) as Verdict,
    reason: String(row.reason),
    atMs: Number(row.at_ms),
    evidence: JSON.parse(String(row.evidence)) as Evidence,
  };
}

function entryOf(row: SqlRow): LogEntry {
  return {
    id: Number(row.id),
    incidentId: `i-${Number(row.incident_id)}`,
    atMs: Number(row.at_ms),
    by: String(row.made_by),
    kind: String(row.kind) as LogEntry['kind'],
    note: String(row.note),
    details: JSON.parse(String(row.details)) as LogEntry['details'],
  };
}
