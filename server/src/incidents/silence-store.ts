import type { AlertSilence } from '@ppe-pulse/protocol';
import type { SqlRow, StateDatabase } from '../state/database.ts';

/** Silences as rows. Those that ended stay: who silenced what is history. */
export interface SilenceStore {
  /** Of the newest silence ever, 0 for none. */
  lastNumber(): number;
  /** Those that nobody ended and whose end was not seen yet. */
  live(): readonly AlertSilence[];
  find(id: string): AlertSilence | undefined;
  ofRequest(requestId: string): AlertSilence | undefined;
  add(silence: AlertSilence, requestId: string | null): void;
  end(id: string, ended: { readonly atMs: number; readonly by: string }): void;
}

/** The rows over the state database. Writes belong into a transaction of the caller. */
export function createSilenceStore(database: StateDatabase): SilenceStore {
  const first = (rows: readonly SqlRow[]): AlertSilence | undefined => rows.map(silenceOf)[0];
  return {
    lastNumber: () => Number(database.all('SELECT max(id) AS last FROM silences')[0]?.last ?? 0),
    live: () =>
      database.all('SELECT * FROM silences WHERE ended_at_ms IS NULL ORDER BY id').map(silenceOf),
    find: (id) => first(database.all('SELECT * FROM silences WHERE id = ?', numberOf(id))),
    ofRequest: (requestId) =>
      first(database.all('SELECT * FROM silences WHERE request_id = ?', requestId)),
    add: (silence, requestId) => {
      database.run(
        `INSERT INTO silences
           (id, kind, node, check_id, from_ms, to_ms, created_by, created_at_ms, comment, request_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        numberOf(silence.id),
        silence.kind,
        silence.node,
        silence.checkId,
        Math.round(silence.fromMs),
        Math.round(silence.toMs),
        silence.createdBy,
        Math.round(silence.createdAtMs),
        silence.comment,
        requestId,
      );
    },
    end: (id, { atMs, by }) => {
      database.run(
        'UPDATE silences SET ended_at_ms = ?, ended_by = ? WHERE id = ? AND ended_at_ms IS NULL',
        Math.round(atMs),
        by,
        numberOf(id),
      );
    },
  };
}

function numberOf(id: string): number {
  const digits = /^s-([0-9]{1,12})$/.exec(id)?.[1];
  return digits === undefined ? 0 : Number(digits);
}

function silenceOf(row: SqlRow): AlertSilence {
  return {
    id: `s-${Number(row.id)}`,
    kind: row.kind === 'maintenance' ? 'maintenance' : 'silence',
    node: String(row.node),
    checkId: typeof row.check_id === 'string' ? row.check_id : null,
    fromMs: Number(row.from_ms),
    toMs: Number(row.to_ms),
    createdBy: String(row.created_by),
    createdAtMs: Number(row.created_at_ms),
    comment: String(row.comment),
  };
}
