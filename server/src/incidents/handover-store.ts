import type { SqlRow, StateDatabase } from '../state/database.ts';
import type { Handover } from './incident-book.ts';

/** Notes from shift to shift as rows. */
export interface HandoverStore {
  ofRequest(requestId: string): Handover | undefined;
  /** Belongs into a transaction of the caller. */
  add(handover: Omit<Handover, 'id'>, requestId: string | null): Handover;
  /** Newest first. */
  list(limit: number): readonly Handover[];
}

export function createHandoverStore(database: StateDatabase): HandoverStore {
  return {
    ofRequest: (requestId) =>
      database.all('SELECT * FROM handovers WHERE request_id = ?', requestId).map(handoverOf)[0],
    add: (handover, requestId) => {
      const row = database.all(
        `INSERT INTO handovers (at_ms, made_by, note, open_incidents, request_id)
         VALUES (?, ?, ?, ?, ?) RETURNING id`,
        Math.round(handover.atMs),
        handover.by,
        handover.note,
        JSON.stringify(handover.openIncidents),
        requestId,
      )[0];
      return { ...handover, id: Number(row?.id) };
    },
    list: (limit) =>
      database.all('SELECT * FROM handovers ORDER BY id DESC LIMIT ?', limit).map(handoverOf),
  };
}

function handoverOf(row: SqlRow): Handover {
  return {
    id: Number(row.id),
    atMs: Number(row.at_ms),
    by: String(row.made_by),
    note: String(row.note),
    openIncidents: JSON.parse(String(row.open_incidents)) as string[],
  };
}
