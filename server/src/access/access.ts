import type { StateDatabase } from '../state/database.ts';
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
/** A session lasts over a rehearsal's week and is not prolonged. */
const SESSION_LIFE_MS = 7 * 24 * 3_600_000;

export const SESSION_COOKIE = 'ppe_pulse_session';

/** Signs people and scripts in. Tokens are kept as hashes only. */
export interface Access {
  /** By `Authorization: Bearer …`. */
  byBearer(header: string | undefined): Principal | undefined;
  /** By the value of the session cookie. */
  bySession(token: string | undefined, nowMs: number): Principal | undefined;
  /** A fresh one-time code for `/sign-in/CODE`. */
  createLink(nowMs: number): string;
  /** Burns a code and answers a session token, or undefined for a wrong, used or old one. */
  redeemLink(code: string, nowMs: number): { token: string; lifeMs: number } | undefined;
  endSession(token: string): void;
}

/** Access over the state database; `adminToken` is the scripts' token. */
export function createAccess(database: StateDatabase, adminToken: string): Access {
  const links = new Map<string, number>();
  const admin: Principal = { account: 'admin', role: 'admin' };
  return {
    byBearer: (header) => {
      const token = /^Bearer ([A-Za-z0-9_-]{16,128})$/.exec(header ?? '')?.[1];
      return token !== undefined && sameToken(token, adminToken) ? admin : undefined;
    },
    bySession: (token, nowMs) => {
      if (token === undefined || token.length > 128) return undefined;
      const row = database.all(
        'SELECT account FROM sessions WHERE token_hash = ? AND expires_at_ms > ?',
        hashToken(token),
        Math.round(nowMs),
      )[0];
      return row ? { account: String(row.account), role: 'admin' } : undefined;
    },
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
      const token = randomToken();
      database.run('DELETE FROM sessions WHERE expires_at_ms <= ?', Math.round(nowMs));
      database.run(
        'INSERT INTO sessions (token_hash, account, created_at_ms, expires_at_ms) VALUES (?, ?, ?, ?)',
        hashToken(token),
        admin.account,
        Math.round(nowMs),
        Math.round(nowMs + SESSION_LIFE_MS),
      );
      return { token, lifeMs: SESSION_LIFE_MS };
    },
    endSession: (token) => {
      database.run('DELETE FROM sessions WHERE token_hash = ?', hashToken(token));
    },
  };
}
