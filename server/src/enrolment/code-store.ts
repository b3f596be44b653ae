import type { Duty, Role } from '@ppe-pulse/protocol';
import type { SqlRow, StateDatabase } from '../state/database.ts';
import type {
  Asker,
  CodeState,
  EnrolmentCode,
  EnrolmentPlaceOf,
  EnrolmentWay,
  WrittenCode,
} from './enrolment-code.ts';

/** What is asked of the list of codes. */
export interface CodeQuery {
  readonly siteCode?: string | undefined;
  /** Beginning of the code of a ППЭ. */
  readonly search?: string | undefined;
  /** Only those where a person must decide. */
  readonly isUndecided?: boolean | undefined;
  /** `codeId` after which the page begins. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** How many places boards show, and at how many of them a workstation stands. */
export interface CodeCounts {
  readonly total: number;
  readonly active: number;
}

/** The one-time codes of all files. */
export interface CodeStore {
  find(codeId: string): EnrolmentCode | undefined;
  /** Those that boards show: a replaced one is history. In the order of places. */
  list(query: CodeQuery, nowMs: number): readonly EnrolmentCode[];
  counts(nowMs: number): CodeCounts;
  /** Codes of one place that are not history, oldest first. */
  ofPlace(place: EnrolmentPlaceOf): readonly EnrolmentCode[];
  /** Codes of one file, history as well. */
  ofFile(fileId: string): readonly EnrolmentCode[];
  /** Codes that a workstation's key used. */
  heldBy(publicKey: string): readonly EnrolmentCode[];
  /** Writes a code, new or changed. */
  put(code: WrittenCode): void;
  /** Somebody waits at a used code, or was not let in there. */
  putAsker(codeId: string, asker: Asker & { readonly isRejected: boolean }): void;
  /** Those who wait at a code wait no more; who was not let in stays so. */
  nobodyAsks(codeId: string): void;
  /** One of those who wait at a code waits no more. */
  stopAsking(codeId: string, publicKey: string): void;
  /** A key neither waits anywhere nor was rejected anywhere. */
  forgetAsker(publicKey: string): void;
  /** A key waits nowhere; where it was rejected stays. */
  asksNowhere(publicKey: string): void;
  /** True for a key that a person did not let in at any code. */
  isRejected(publicKey: string): boolean;
  /** Unused codes of a file do not let anybody in without a person from now on. */
  guardFile(fileId: string): void;
}

const ORDER = 'site_code, room_code, role, duty, number, created_at_ms, code_id';
/** A code with those who asked, as JSON. */
const CODES = `SELECT *, (SELECT json_group_array(json_object('publicKey', public_key,
    'askedAtMs', asked_at_ms, 'way', way, 'isRejected', is_rejected))
  FROM enrolment_askers AS a WHERE a.code_id = c.code_id) AS asked FROM enrolment_codes AS c`;
const SHOWN = "state <> 'replaced'";
const UNDECIDED = `(state = 'pending' OR (state = 'active' AND EXISTS (SELECT 1
  FROM enrolment_askers AS w WHERE w.code_id = c.code_id AND w.is_rejected = 0)))`;

/** The codes in the state database. */
export function createCodeStore(database: StateDatabase): CodeStore {
  const all = (where: string, ...values: (string | number)[]): readonly EnrolmentCode[] =>
    database.all(`${CODES} WHERE ${where}`, ...values).map(codeOf);
  return {
    find: (codeId) => all('code_id = ?', codeId)[0],
    list: (query, nowMs) => {
      const { where, values } = conditionsOf(query, nowMs);
      return all(`${where} ORDER BY ${ORDER} LIMIT ?`, ...values, query.limit);
    },
    counts: (nowMs) => {
      const [row] = database.all(
        `SELECT count(*) AS total, count(CASE WHEN state = 'active' AND valid_to_ms > ? THEN 1 END)
           AS active FROM enrolment_codes WHERE ${SHOWN}`,
        nowMs,
      );
      return { total: Number(row?.total), active: Number(row?.active) };
    },
    ofPlace: ({ siteCode, roomCode, role, duty, number }) =>
      all(
        `${SHOWN} AND site_code = ? AND room_code = ? AND role = ? AND duty = ? AND number = ?
           ORDER BY ${ORDER}`,
        siteCode,
        roomCode,
        role,
        duty,
        number,
      ),
    ofFile: (fileId) => all(`file_id = ? ORDER BY ${ORDER}`, fileId),
    heldBy: (publicKey) => all(`${SHOWN} AND holder_key = ? ORDER BY ${ORDER}`, publicKey),
    put: (code) => put(database, code),
    guardFile: (fileId) =>
      void database.run(
        "UPDATE enrolment_codes SET needs_approval = 1 WHERE file_id = ? AND state = 'unused'",
        fileId,
      ),
    ...askersOf(database),
  };
}

function askersOf(
  database: StateDatabase,
): Pick<
  CodeStore,
  'putAsker' | 'nobodyAsks' | 'stopAsking' | 'forgetAsker' | 'asksNowhere' | 'isRejected'
> {
  const remove = (where: string, ...values: string[]): void =>
    void database.run(`DELETE FROM enrolment_askers WHERE ${where}`, ...values);
  return {
    putAsker: (codeId, { publicKey, askedAtMs, way, isRejected }) =>
      void database.run(
        `INSERT OR REPLACE INTO enrolment_askers (code_id, public_key, asked_at_ms, way, is_rejected)
         VALUES (?, ?, ?, ?, ?)`,
        codeId,
        publicKey,
        askedAtMs,
        way,
        isRejected ? 1 : 0,
      ),
    nobodyAsks: (codeId) => remove('is_rejected = 0 AND code_id = ?', codeId),
    stopAsking: (codeId, publicKey) =>
      remove('is_rejected = 0 AND code_id = ? AND public_key = ?', codeId, publicKey),
    forgetAsker: (publicKey) => remove('public_key = ?', publicKey),
    asksNowhere: (publicKey) => remove('is_rejected = 0 AND public_key = ?', publicKey),
    isRejected: (publicKey) =>
      database.all(
        'SELECT 1 FROM enrolment_askers WHERE public_key = ? AND is_rejected = 1 LIMIT 1',
        publicKey,
      ).length > 0,
  };
}

/** A cursor is a code's id: the page begins behind its place, whatever became of it since. */
function conditionsOf(
  { siteCode, search, isUndecided, after }: CodeQuery,
  nowMs: number,
): { readonly where: string; readonly values: (string | number)[] } {
  const conditions: (readonly [string, ...(string | number)[]])[] = [[SHOWN]];
  if (siteCode !== undefined) conditions.push(['site_code = ?', siteCode]);
  if (search !== undefined) conditions.push(['substr(site_code, 1, ?) = ?', search.length, search]);
  if (isUndecided === true) conditions.push([`valid_to_ms > ? AND ${UNDECIDED}`, nowMs]);
  if (after !== undefined)
    conditions.push([
      `(${ORDER}) > (SELECT ${ORDER} FROM enrolment_codes WHERE code_id = ?)`,
      after,
    ]);
  return {
    where: conditions.map(([text]) => text).join(' AND '),
    values: conditions.flatMap(([, ...values]) => values),
  };
}

function put(database: StateDatabase, code: WrittenCode): void {
  const { place } = code;
  database.run(
    `INSERT OR REPLACE INTO enrolment_codes
       (code_id, file_id, code_hash, site_code, room_code, role, duty, number, valid_from_ms,
        valid_to_ms, needs_approval, created_at_ms, created_by, state, holder_key, enrolled_at_ms,
        way)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
  );
}

function codeOf(row: SqlRow): EnrolmentCode {
  const asked = JSON.parse(String(row.asked)) as readonly (Asker & { isRejected: number })[];
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
    askers: asked
      .filter(({ isRejected }) => isRejected === 0)
      .map(({ publicKey, askedAtMs, way }) => ({ publicKey, askedAtMs, way }))
      .sort((a, b) => a.askedAtMs - b.askedAtMs || a.publicKey.localeCompare(b.publicKey)),
    rejectedKeys: asked.flatMap(({ isRejected, publicKey }) => (isRejected ? [publicKey] : [])),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}
