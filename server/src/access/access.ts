import { isStoreError, type StateDatabase } from '../state/database.ts';
import { HeldSessions } from './held-sessions.ts';
import { hashToken, randomToken, sameToken } from './secrets.ts';

/** Who asks. Roles come with issue «Access»; until then everyone signed in is the admin. */
export interface Principal {
  readonly account: string;
  readonly role: 'admin';
}

/** A link that signs one browser in once. */
export const LINK_LIFE_MS = 15 * 60_000;
/** Links that wait at the same time; the oldest is forgotten first. */
const MAX_LINKS = 100;
/** A session ends so long after it was last used: longer than a rehearsal's week. */
const SESSION_LIFE_MS = 7 * 24 * 3_600_000;
/** It is prolonged when so much of its life is gone: a write an hour, not one a request. */
export const SLIDE_EVERY_MS = 3_600_000;
/** Browsers keep no cookie longer. The session's own end is in our store. */
const COOKIE_LIFE_MS = 400 * 24 * 3_600_000;

export const SESSION_COOKIE = 'ppe_pulse_session';

/** Signs people and scripts in. Tokens are kept as hashes only. */
export interface Access {
  /** By `Authorization: Bearer …`. */
  byBearer(header: string | undefined): Principal | undefined;
  /** By the value of the session cookie; who asks keeps the session alive. */
  bySession(token: string | undefined, nowMs: number): Principal | undefined;
  /**
   * Ties something that stays open to its session: while it is held the session does not end by itself.
   * `ended` is called when somebody ends it. Answers how to let go.
   */
  hold(token: string, ended: () => void): () => void;
  /** A fresh one-time code for `/sign-in/CODE`. */
  createLink(nowMs: number): string;
  /**
   * Burns a code and answers a session token and the life of its cookie, or undefined for a wrong, used
   * or old one.
   */
  redeemLink(
    code: string,
    nowMs: number,
  ): { token: string; lifeMs: number; account: string } | undefined;
  /** Signs one browser out; what it holds open is told. */
  endSession(token: string): void;
}

/** Access over the state database; `adminToken` is the scripts' token. */
export function createAccess(database: StateDatabase, adminToken: string): Access {
  const links = new Map<string, number>();
  const held = new HeldSessions();
  const admin: Principal = { account: 'admin', role: 'admin' };
  return {
    byBearer: (header) => {
      const token = /^Bearer ([A-Za-z0-9_-]{16,128})$/.exec(header ?? '')?.[1];
      return token !== undefined && sameToken(token, adminToken) ? admin : undefined;
    },
    bySession: (token, nowMs) => {
      if (token === undefined || token.length > 128) return undefined;
      const hash = hashToken(token);
      const row = database.all(
        'SELECT account, expires_at_ms FROM sessions WHERE token_hash = ?',
        hash,
      )[0];
      if (!row) return undefined;
      const expiresAtMs = Number(row.expires_at_ms);
      // A wall that looks on is using its session, however long ago it came.
      if (expiresAtMs <= nowMs && !held.has(hash)) return undefined;
      if (expiresAtMs - nowMs < SESSION_LIFE_MS - SLIDE_EVERY_MS) slide(database, hash, nowMs);
      return { account: String(row.account), role: 'admin' };
    },
    hold: (token, ended) => held.hold(hashToken(token), ended),
    createLink: (nowMs) => {
      const code = randomToken();
      links.set(hashToken(code), nowMs + LINK_LIFE_MS);
      const oldest = links.keys().next().value;
      if (links.size > MAX_LINKS && oldest !== undefined) links.delete(oldest);
      return code;
    },
    redeemLink: (code, nowMs) => {
      const hash = hashToken(code);
      const expiresAtMs = links.get(hash);
      links.delete(hash);
      if (expiresAtMs === undefined || expiresAtMs < nowMs) return undefined;
      for (const each of held.hashes()) prolong(database, each, nowMs);
      database.run('DELETE FROM sessions WHERE expires_at_ms <= ?', Math.round(nowMs));
      const token = randomToken();
      database.run(
        'INSERT INTO sessions (token_hash, account, created_at_ms, expires_at_ms) VALUES (?, ?, ?, ?)',
        hashToken(token),
        admin.account,
        Math.round(nowMs),
        Math.round(nowMs + SESSION_LIFE_MS),
      );
      return { token, lifeMs: COOKIE_LIFE_MS, account: admin.account };
    },
    endSession: (token) => {
      const hash = hashToken(token);
      database.run('DELETE FROM sessions WHERE token_hash = ?', hash);
      held.end(hash);
    },
  };
}

/** A disk that is full locks nobody out: the session keeps its end, and the next request tries again. */
function slide(database: StateDatabase, hash: string, nowMs: number): void {
  try {
    prolong(database, hash, nowMs);
  } catch (error) {
    if (!isStoreError(error)) throw error;
  }
}

function prolong(database: StateDatabase, hash: string, nowMs: number): void {
  database.run(
    'UPDATE sessions SET expires_at_ms = ? WHERE token_hash = ?',
    Math.round(nowMs + SESSION_LIFE_MS),
    hash,
  );
}
