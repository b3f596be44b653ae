import { isStoreError, type SqlRow, type StateDatabase } from '../state/database.ts';
import { HeldSessions, type EndOfSession } from './held-sessions.ts';
import { accountRoles, type Principal } from './principal.ts';
import { hashToken, randomToken } from './secrets.ts';

/** Somebody who has signed in. */
export interface Session extends Principal {
  /** Ends then when nobody uses it before; a wall link's ends then whatever happens. */
  readonly expiresAtMs: number;
  /** Came by a link of an account: nothing but a password may be done first. */
  readonly mustSetPassword: boolean;
  readonly hasPassword: boolean;
  readonly hasTotp: boolean;
  /** Id and name of the wall link that it came by. */
  readonly display: { readonly id: string; readonly name: string } | null;
}

/** What a session is opened for. */
export interface NewSession {
  readonly account: string;
  readonly mustSetPassword?: boolean;
  /** Of a wall link: the end cannot be put off. */
  readonly display?: { readonly id: string; readonly expiresAtMs: number };
}

/** A session ends so long after it was last used: longer than a rehearsal's week. */
const SESSION_LIFE_MS = 7 * 24 * 3_600_000;
/** It is prolonged when so much of its life is gone: a write an hour, not one a request. */
export const SLIDE_EVERY_MS = 3_600_000;
const SEEN_EVERY_MS = 60_000;

/** Who is signed in, by tokens of which only hashes are kept. */
export class Sessions {
  readonly #database: StateDatabase;
  readonly #held = new HeldSessions();

  constructor(database: StateDatabase) {
    this.#database = database;
  }

  /** Answers the token. */
  open({ account, mustSetPassword, display }: NewSession, nowMs: number): string {
    for (const each of this.#held.hashes()) this.#prolong(each, nowMs);
    this.#database.run('DELETE FROM sessions WHERE expires_at_ms <= ?', Math.round(nowMs));
    const token = randomToken();
    this.#database.run(
      `INSERT INTO sessions
         (token_hash, account, created_at_ms, expires_at_ms, must_set_password, display_id)
       VALUES (?, ?, ?, ?, ?, ?)`,
      hashToken(token),
      account,
      Math.round(nowMs),
      Math.round(display?.expiresAtMs ?? nowMs + SESSION_LIFE_MS),
      mustSetPassword === true ? 1 : 0,
      display === undefined ? null : Number(display.id.slice(2)),
    );
    return token;
  }

  /** Who asks keeps the session alive. */
  find(token: string | undefined, nowMs: number): Session | undefined {
    if (token === undefined || token.length > 128) return undefined;
    const hash = hashToken(token);
    const row = this.#database.all(SESSION_SQL, hash)[0];
    const session = row && sessionOf(row);
    if (!session) return undefined;
    const leftMs = session.expiresAtMs - nowMs;
    // A wall that looks on is using its session, however long ago it came; a wall link has its end.
    if (leftMs <= 0 && (session.display !== null || !this.#held.has(hash))) return undefined;
    if (session.display !== null) this.#see(session.display.id, row.last_seen_at_ms, nowMs);
    else if (leftMs < SESSION_LIFE_MS - SLIDE_EVERY_MS)
      this.#unlessFull(() => this.#prolong(hash, nowMs));
    return session;
  }

  hold(token: string, ended: (why: EndOfSession) => void): () => void {
    return this.#held.hold(hashToken(token), ended);
  }

  end(token: string): void {
    this.#end(hashToken(token), 'ended');
  }

  /** All sessions of an account; answers how many there were. */
  endOf(account: string, except?: string): number {
    const hashes = this.#database
      .all('SELECT token_hash FROM sessions WHERE account = ?', account)
      .map((row) => String(row.token_hash))
      .filter((hash) => except === undefined || hash !== hashToken(except));
    for (const hash of hashes) this.#end(hash, 'ended');
    return hashes.length;
  }

  /** The same session under another token: who knew the one before knows nothing. */
  renew(token: string): string {
    const next = randomToken();
    this.#database.run(
      'UPDATE sessions SET token_hash = ?, must_set_password = 0 WHERE token_hash = ?',
      hashToken(next),
      hashToken(token),
    );
    this.#held.end(hashToken(token), 'renewed');
    return next;
  }

  countOf(account: string, nowMs: number): number {
    const sql = 'SELECT count(*) AS n FROM sessions WHERE account = ? AND expires_at_ms > ?';
    return Number(this.#database.all(sql, account, Math.round(nowMs))[0]?.n ?? 0);
  }

  #end(hash: string, why: EndOfSession): void {
    this.#database.run('DELETE FROM sessions WHERE token_hash = ?', hash);
    this.#held.end(hash, why);
  }

  /** Of a wall that looks on it is known to a minute when it last did. */
  #see(displayId: string, lastSeenAtMs: unknown, nowMs: number): void {
    if (typeof lastSeenAtMs === 'number' && nowMs - lastSeenAtMs < SEEN_EVERY_MS) return;
    const [atMs, id] = [Math.round(nowMs), Number(displayId.slice(2))];
    const sql = 'UPDATE displays SET last_seen_at_ms = ? WHERE id = ?';
    this.#unlessFull(() => void this.#database.run(sql, atMs, id));
  }

  /** A disk that is full locks nobody out: all stays as it is, and the next request tries again. */
  #unlessFull(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!isStoreError(error)) throw error;
    }
  }

  #prolong(hash: string, nowMs: number): void {
    this.#database.run(
      'UPDATE sessions SET expires_at_ms = ? WHERE token_hash = ? AND display_id IS NULL',
      Math.round(nowMs + SESSION_LIFE_MS),
      hash,
    );
  }
}

/** What an account or a wall link lost since then ends the session at its next question. */
const SESSION_SQL = `
  SELECT s.account, s.expires_at_ms, s.must_set_password, s.display_id,
    a.role, a.municipality, a.site_code, a.is_disabled,
    a.password_hash IS NOT NULL AS has_password, a.totp_secret IS NOT NULL AS has_totp,
    d.name AS display_name, d.revoked_at_ms, d.last_seen_at_ms
  FROM sessions s
    LEFT JOIN accounts a ON a.name = s.account
    LEFT JOIN displays d ON d.id = s.display_id
  WHERE s.token_hash = ?`;

function sessionOf(row: SqlRow): Session | undefined {
  const common = {
    account: String(row.account),
    expiresAtMs: Number(row.expires_at_ms),
    mustSetPassword: row.must_set_password === 1,
    hasPassword: row.has_password === 1,
    hasTotp: row.has_totp === 1,
  };
  if (row.display_id !== null) {
    const name = textOf(row.display_name);
    if (name === null || row.revoked_at_ms !== null) return undefined;
    const display = { id: `d-${Number(row.display_id)}`, name };
    return { ...common, role: 'wall', municipality: null, siteCode: null, display };
  }
  const role = accountRoles.find((each) => each === row.role);
  // The account was removed meanwhile.
  if (!role || row.is_disabled === 1) return undefined;
  return {
    ...common,
    role,
    municipality: textOf(row.municipality),
    siteCode: textOf(row.site_code),
    display: null,
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
