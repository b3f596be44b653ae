import type { Duty, Placement, Role } from '@ppe-pulse/protocol';
import type { SqlRow, StateDatabase } from './database.ts';

/** An enrolled workstation: its key and where it stands. */
export interface Enrolment {
  readonly id: string;
  /** Raw Ed25519 public key, base64url. */
  readonly publicKey: string;
  readonly placement: Placement;
  readonly enrolledAtMs: number;
}

/** Which workstations belong to this collector. The authority for keys and placement. */
export interface Enrolments {
  find(id: string): Enrolment | undefined;
  list(): readonly Enrolment[];
  /** Enrols or re-places a workstation; true when it was new. */
  enrol(id: string, publicKey: string, placement: Placement, nowMs: number): boolean;
}

/** The enrolments over the state database, with every row in memory: reads are on the hot path. */
export function createEnrolments(database: StateDatabase): Enrolments {
  const byId = new Map<string, Enrolment>(
    database.all('SELECT * FROM workstations ORDER BY site_code, room_code, id').map((row) => {
      const enrolment = enrolmentOf(row);
      return [enrolment.id, enrolment];
    }),
  );
  return {
    find: (id) => byId.get(id),
    list: () => [...byId.values()],
    enrol: (id, publicKey, placement, nowMs) => {
      const known = byId.get(id);
      database.run(
        `INSERT INTO workstations
           (id, public_key, site_code, room_code, role, duty, simulated, enrolled_at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET site_code = excluded.site_code,
           room_code = excluded.room_code, role = excluded.role, duty = excluded.duty,
           simulated = excluded.simulated`,
        id,
        publicKey,
        placement.siteCode,
        placement.roomCode,
        placement.role,
        placement.duty,
        placement.simulated ? 1 : 0,
        Math.round(nowMs),
      );
      byId.set(id, {
        id,
        publicKey,
        placement,
        enrolledAtMs: known?.enrolledAtMs ?? nowMs,
      });
      return known === undefined;
    },
  };
}

function enrolmentOf(row: SqlRow): Enrolment {
  return {
    id: String(row.id),
    publicKey: String(row.public_key),
    placement: {
      siteCode: String(row.site_code),
      roomCode: String(row.room_code),
      role: String(row.role) as Role,
      duty: String(row.duty) as Duty,
      simulated: row.simulated === 1,
    },
    enrolledAtMs: Number(row.enrolled_at_ms),
  };
}
