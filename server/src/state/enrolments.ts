import type { Duty, EnrolmentEnd, Placement, Role } from '@ppe-pulse/protocol';
import type { SqlRow, StateDatabase } from './database.ts';

/** An enrolled workstation: its key and where it stands. */
export interface Enrolment {
  readonly id: string;
  /** Raw Ed25519 public key, base64url. */
  readonly publicKey: string;
  readonly placement: Placement;
  readonly enrolledAtMs: number;
  /** From here on it is no longer let in; null for one that has no end. */
  readonly validToMs: number | null;
}

/** Which workstations belong to this collector. The authority for keys and placement. */
export interface Enrolments {
  find(id: string): Enrolment | undefined;
  list(): readonly Enrolment[];
  /** Enrols or re-places a workstation without an end; true when it was new. */
  enrol(id: string, publicKey: string, placement: Placement, nowMs: number): boolean;
  /** Enrols or re-places a workstation, whatever became of it before; true when it was not there. */
  admit(workstation: Omit<Enrolment, 'enrolledAtMs'>, nowMs: number): boolean;
  /** Takes an enrolment back, or ends it; false for one that is not there. */
  end(id: string, how: EnrolmentEnd): boolean;
  /** How one that is no longer there ended; undefined for one that never was. */
  endOf(id: string): EnrolmentEnd | undefined;
  /** Those whose last moment has come. */
  over(nowMs: number): readonly string[];
}

/** The enrolments over the state database, with every row in memory: reads are on the hot path. */
export function createEnrolments(database: StateDatabase): Enrolments {
  const byId = new Map<string, Enrolment>();
  const ended = new Map<string, EnrolmentEnd>();
  for (const row of database.all('SELECT * FROM workstations ORDER BY site_code, room_code, id')) {
    if (row.state === 'active') byId.set(String(row.id), enrolmentOf(row));
    else ended.set(String(row.id), row.state as EnrolmentEnd);
  }
  const admit: Enrolments['admit'] = (workstation, nowMs) => {
    const { id } = workstation;
    const known = byId.get(id);
    write(database, workstation, nowMs);
    byId.set(id, { ...workstation, enrolledAtMs: known?.enrolledAtMs ?? nowMs });
    ended.delete(id);
    return known === undefined;
  };
  return {
    find: (id) => byId.get(id),
    list: () => [...byId.values()],
    admit,
    enrol: (id, publicKey, placement, nowMs) =>
      admit({ id, publicKey, placement, validToMs: null }, nowMs),
    end: (id, how) => {
      if (!byId.delete(id)) return false;
      ended.set(id, how);
      database.run('UPDATE workstations SET state = ? WHERE id = ?', how, id);
      return true;
    },
    endOf: (id) => ended.get(id),
    over: (nowMs) =>
      [...byId.values()].flatMap(({ id, validToMs }) =>
        validToMs !== null && nowMs >= validToMs ? [id] : [],
      ),
  };
}

/** One that comes back after its end comes anew: its place among others is by its new arrival. */
function write(
  database: StateDatabase,
  { id, publicKey, placement, validToMs }: Omit<Enrolment, 'enrolledAtMs'>,
  nowMs: number,
): void {
  const { siteCode, roomCode, role, duty, simulated } = placement;
  database.run(
    `INSERT INTO workstations
       (id, public_key, site_code, room_code, role, duty, simulated, enrolled_at_ms, state,
        valid_to_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'active', ?)
     ON CONFLICT (id) DO UPDATE SET site_code = excluded.site_code,
       room_code = excluded.room_code, role = excluded.role, duty = excluded.duty,
       simulated = excluded.simulated, valid_to_ms = excluded.valid_to_ms,
       enrolled_at_ms = CASE state WHEN 'active' THEN enrolled_at_ms
         ELSE excluded.enrolled_at_ms END,
       state = 'active'`,
    id,
    publicKey,
    siteCode,
    roomCode,
    role,
    duty,
    simulated ? 1 : 0,
    Math.round(nowMs),
    validToMs === null ? null : Math.round(validToMs),
  );
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
    validToMs: row.valid_to_ms === null ? null : Number(row.valid_to_ms),
  };
}
