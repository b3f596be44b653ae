import type { Evidence, Flip, Verdict } from '@ppe-pulse/protocol';
import type { StateDatabase } from './database.ts';

/** The record of flips. */
export interface FlipLog {
  append(flips: readonly Flip[]): void;
  /** Newest first, at most `limit`. */
  ofWorkstation(workstationId: string, limit: number): readonly Flip[];
  /** Forgets flips older than `beforeMs`; answers how many. */
  dropBefore(beforeMs: number): number;
}

/** Flips in the state database. */
export function createFlipLog(database: StateDatabase): FlipLog {
  return {
    append: (flips) => {
      if (flips.length === 0) return;
      database.transaction(() => {
        for (const flip of flips) {
          database.run(
            `INSERT INTO flips
               (workstation_id, check_id, from_verdict, to_verdict, reason, at_ms, evidence)
             VALUES (?, ?, ?, ?, ?, ?, ?)`,
            flip.workstationId,
            flip.checkId,
            flip.from,
            flip.to,
            flip.reason,
            Math.round(flip.atMs),
            JSON.stringify(flip.evidence),
          );
        }
      });
    },
    ofWorkstation: (workstationId, limit) =>
      database
        .all(
          'SELECT * FROM flips WHERE workstation_id = ? ORDER BY at_ms DESC, id DESC LIMIT ?',
          workstationId,
          limit,
        )
        .map((row) => ({
          workstationId: String(row.workstation_id),
          checkId: String(row.check_id),
          from: String(row.from_verdict) as Verdict,
          to: String(row.to_verdict) as Verdict,
          reason: String(row.reason),
          atMs: Number(row.at_ms),
          evidence: JSON.parse(String(row.evidence)) as Evidence,
        })),
    dropBefore: (beforeMs) =>
      database.run('DELETE FROM flips WHERE at_ms < ?', Math.round(beforeMs)),
  };
}
