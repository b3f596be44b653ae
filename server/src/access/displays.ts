import type { SqlRow, StateDatabase } from '../state/database.ts';
import { hashToken, randomToken } from './secrets.ts';

/** A wall link: it lets one browser look at the board until its end. */
export interface Display {
  /** `d-3`. */
  readonly id: string;
  readonly name: string;
  /** Path of the board that it opens. */
  readonly view: string;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly expiresAtMs: number;
  /** When the first browser opened it; nobody else can then. */
  readonly boundAtMs: number | null;
  readonly lastSeenAtMs: number | null;
  readonly revokedAtMs: number | null;
}

export type DisplayState = 'waiting' | 'bound' | 'expired' | 'revoked';

/** What somebody who makes a display says. */
export type DisplayDraft = Pick<Display, 'name' | 'view' | 'expiresAtMs' | 'createdBy'>;

/** Wall links as rows; of a code only its hash. */
export interface Displays {
  list(): readonly Display[];
  find(id: string): Display | undefined;
  /** The code is answered once and is nowhere afterwards. */
  add(draft: DisplayDraft, nowMs: number): { readonly display: Display; readonly code: string };
  byCode(code: string): Display | undefined;
  /** False when somebody was faster. */
  bind(id: string, nowMs: number): boolean;
  revoke(id: string, nowMs: number): void;
}

/** More than walls and rooms of a region have; the oldest that are over are dropped beyond it. */
export const MAX_DISPLAYS = 500;

/** Pure. */
export function displayState(display: Display, nowMs: number): DisplayState {
  if (display.revokedAtMs !== null) return 'revoked';
  if (display.expiresAtMs <= nowMs) return 'expired';
  return display.boundAtMs === null ? 'waiting' : 'bound';
}

export function createDisplays(database: StateDatabase): Displays {
  const list = (): readonly Display[] =>
    database.all('SELECT * FROM displays ORDER BY id DESC').map(displayOf);
  const find = (id: string): Display | undefined =>
    database.all('SELECT * FROM displays WHERE id = ?', numberOf(id)).map(displayOf)[0];
  return {
    list,
    find,
    add: ({ name, view, expiresAtMs, createdBy }, nowMs) => {
      const code = randomToken();
      const row = database.all(
        `INSERT INTO displays (name, view, code_hash, created_at_ms, created_by, expires_at_ms)
         VALUES (?, ?, ?, ?, ?, ?) RETURNING *`,
        name,
        view,
        hashToken(code),
        Math.round(nowMs),
        createdBy,
        Math.round(expiresAtMs),
      )[0];
      if (!row) throw new Error('a display was not written');
      database.run(
        `DELETE FROM displays WHERE id <= (SELECT max(id) FROM displays) - ?
           AND (revoked_at_ms IS NOT NULL OR expires_at_ms <= ?)`,
        MAX_DISPLAYS,
        Math.round(nowMs),
      );
      return { display: displayOf(row), code };
    },
    byCode: (code) =>
      database.all('SELECT * FROM displays WHERE code_hash = ?', hashToken(code)).map(displayOf)[0],
    bind: (id, nowMs) =>
      database.run(
        'UPDATE displays SET bound_at_ms = ? WHERE id = ? AND bound_at_ms IS NULL',
        Math.round(nowMs),
        numberOf(id),
      ) > 0,
    revoke: (id, nowMs) => {
      database.run(
        'UPDATE displays SET revoked_at_ms = ? WHERE id = ? AND revoked_at_ms IS NULL',
        Math.round(nowMs),
        numberOf(id),
      );
    },
  };
}

/** `d-3` → 3; 0, which no display has, for what is no id. */
function numberOf(id: string): number {
  const digits = /^d-([0-9]{1,12})$/.exec(id)?.[1];
  return digits === undefined ? 0 : Number(digits);
}

function displayOf(row: SqlRow): Display {
  return {
    id: `d-${Number(row.id)}`,
    name: String(row.name),
    view: String(row.view),
    createdAtMs: Number(row.created_at_ms),
    createdBy: String(row.created_by),
    expiresAtMs: Number(row.expires_at_ms),
    boundAtMs: timeOf(row.bound_at_ms),
    lastSeenAtMs: timeOf(row.last_seen_at_ms),
    revokedAtMs: timeOf(row.revoked_at_ms),
  };
}

function timeOf(value: unknown): number | null {
  return value === null ? null : Number(value);
}
