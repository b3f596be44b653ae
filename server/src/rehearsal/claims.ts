import type { Claim, StageId, StageTrack } from '@ppe-pulse/protocol';
import type { SqlRow, StateDatabase } from '../state/database.ts';

/** What people said of stages, in the order they said it. Never changed: a claim is taken back by another. */
export interface Claims {
  /** Every claim, oldest first. */
  all(): readonly Claim[];
  /** Of one site, newest first. */
  ofSite(siteCode: string): readonly Claim[];
  add(claim: Omit<Claim, 'id'>): Claim;
  clear(): void;
}

/** Claims of one rehearsal: `planId` parts those of another day from it. */
export function createClaims(database: StateDatabase): (planId: string) => Claims {
  return (planId) => ({
    all: () =>
      database.all('SELECT * FROM claims WHERE plan_id = ? ORDER BY id', planId).map(claimOf),
    ofSite: (siteCode) =>
      database
        .all(
          'SELECT * FROM claims WHERE plan_id = ? AND site_code = ? ORDER BY id DESC',
          planId,
          siteCode,
        )
        .map(claimOf),
    add: (claim) => {
      const row = database.all(
        `INSERT INTO claims
           (plan_id, site_code, room_code, track, stage, done, is_made, made_by, at_ms, note)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
        planId,
        claim.siteCode,
        claim.roomCode,
        claim.track,
        claim.stage,
        claim.done,
        claim.isMade ? 1 : 0,
        claim.by,
        Math.round(claim.atMs),
        claim.note,
      )[0];
      return { ...claim, id: Number(row?.id) };
    },
    clear: () => database.run('DELETE FROM claims WHERE plan_id = ?', planId),
  });
}

function claimOf(row: SqlRow): Claim {
  return {
    id: Number(row.id),
    siteCode: String(row.site_code),
    roomCode: typeof row.room_code === 'string' ? row.room_code : null,
    track: String(row.track) as StageTrack,
    stage: String(row.stage) as StageId,
    done: row.done === null ? null : Number(row.done),
    isMade: row.is_made === 1,
    by: String(row.made_by),
    atMs: Number(row.at_ms),
    note: String(row.note),
  };
}
