import type { Duty, Role } from '@ppe-pulse/protocol';
import type { SqlRow, StateDatabase } from '../state/database.ts';
import type { CodeState, EnrolmentCode, EnrolmentPlaceOf, EnrolmentWay } from './enrolment-code.ts';

/** The one-time codes of all files. */
export interface CodeStore {
  find(codeId: string): EnrolmentCode | undefined;
  /** Those that boards show: a replaced one is history. In the order of places. */
  list(siteCode: string | undefined): readonly EnrolmentCode[];
  /** Codes of one place that are not history, oldest first. */
  ofPlace(place: EnrolmentPlaceOf): readonly EnrolmentCode[];
  /** Codes that a workstation's key used, or asks for. */
  ofKey(publicKey: string): readonly EnrolmentCode[];
  /** Writes a code, new or changed. */
  put(code: EnrolmentCode): void;
}

const ORDER = 'site_code, room_code, role, duty, number, created_at_ms, code_id';

/** The codes in the state database. */
export function createCodeStore(database: StateDatabase): CodeStore {
  return {
    find: (codeId) =>
      database.all('SELECT * FROM enrolment_codes WHERE code_id = ?', codeId).map(codeOf)[0],
    list: (siteCode) =>
      database
        .all(
          `SELECT * FROM enrolment_codes WHERE state <> 'replaced' AND (? IS NULL OR site_code = ?)
           ORDER BY ${ORDER}`,
          siteCode ?? null,
          siteCode ?? null,
        )
        .map(codeOf),
    ofPlace: ({ siteCode, roomCode, role, duty, number }) =>
      database
        .all(
          `SELECT * FROM enrolment_codes WHERE state <> 'replaced' AND site_code = ?
             AND room_code = ? AND role = ? AND duty = ? AND number = ? ORDER BY ${ORDER}`,
          siteCode,
          roomCode,
          role,
          duty,
          number,
        )
        .map(codeOf),
    ofKey: (publicKey) =>
      database
        .all(
          `SELECT * FROM enrolment_codes WHERE state <> 'replaced'
             AND (holder_key = ? OR asker_key = ?) ORDER BY ${ORDER}`,
          publicKey,
          publicKey,
        )
        .map(codeOf),
    put: (code) => put(database, code),
  };
}

function put(database: StateDatabase, code: EnrolmentCode): void {
  const { place } = code;
  database.run(
    `INSERT OR REPLACE INTO enrolment_codes
       (code_id, file_id, code_hash, site_code, room_code, role, duty, number, valid_from_ms,
        valid_to_ms, needs_approval, created_at_ms, created_by, state, holder_key, enrolled_at_ms,
        way, asker_key, asked_at_ms, asked_way, rejected_key)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    code.codeId,
    code.fileId,
    code.codeHash,
    place.siteCode,
    place.roomCode,
    place.role,
    place.duty,
    place.number,
    code.validFromMs,
    code.validToMs,
    code.needsApproval ? 1 : 0,
    code.createdAtMs,
    code.createdBy,
    code.state,
    code.holderKey,
    code.enrolledAtMs,
    code.way,
    code.askerKey,
    code.askedAtMs,
    code.askedWay,
    code.rejectedKey,
  );
}

function codeOf(row: SqlRow): EnrolmentCode {
  return {
    codeId: String(row.code_id),
    fileId: String(row.file_id),
    codeHash: String(row.code_hash),
    place: {
      siteCode: String(row.site_code),
      roomCode: String(row.room_code),
      role: String(row.role) as Role,
      duty: String(row.duty) as Duty,
      number: Number(row.number),
    },
    validFromMs: Number(row.valid_from_ms),
    validToMs: Number(row.valid_to_ms),
    needsApproval: row.needs_approval === 1,
    createdAtMs: Number(row.created_at_ms),
    createdBy: String(row.created_by),
    state: String(row.state) as CodeState,
    holderKey: textOrNull(row.holder_key),
    enrolledAtMs: numberOrNull(row.enrolled_at_ms),
    way: textOrNull(row.way) as EnrolmentWay | null,
    askerKey: textOrNull(row.asker_key),
    askedAtMs: numberOrNull(row.asked_at_ms),
    askedWay: textOrNull(row.asked_way) as EnrolmentWay | null,
    rejectedKey: textOrNull(row.rejected_key),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
