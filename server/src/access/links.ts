import type { StateDatabase } from '../state/database.ts';
import { hashToken, randomToken } from './secrets.ts';

/** A link of the console that signs the admin of this machine in once. */
export const LINK_LIFE_MS = 15 * 60_000;
/** A link that is handed to a post, to set its password with. */
export const ACCOUNT_LINK_LIFE_MS = 24 * 3_600_000;
/** Links that wait at the same time; the oldest is forgotten first. */
const MAX_LINKS = 1_000;

/** What a link does: lets in, or lets a post set its password. */
export type LinkKind = 'signIn' | 'password';

/** One-time links; of their codes only hashes are kept. */
export interface Links {
  /** Answers the code. A fresh link to a password takes the place of the one before. */
  create(account: string, kind: LinkKind, nowMs: number): string;
  /** Burns a code; undefined for a wrong, used or old one. */
  burn(
    code: string,
    nowMs: number,
  ): { readonly account: string; readonly kind: LinkKind } | undefined;
  /** Of an account that is no longer to come in. */
  forget(account: string): void;
}

export function createLinks(database: StateDatabase): Links {
  const lifeMs = { signIn: LINK_LIFE_MS, password: ACCOUNT_LINK_LIFE_MS };
  return {
    create: (account, kind, nowMs) => {
      const code = randomToken();
      database.run('DELETE FROM account_links WHERE expires_at_ms < ?', Math.round(nowMs));
      if (kind === 'password')
        database.run('DELETE FROM account_links WHERE account = ? AND kind = ?', account, kind);
      database.run(
        'INSERT INTO account_links (code_hash, account, kind, expires_at_ms) VALUES (?, ?, ?, ?)',
        hashToken(code),
        account,
        kind,
        Math.round(nowMs + lifeMs[kind]),
      );
      database.run(
        'DELETE FROM account_links WHERE id <= (SELECT max(id) FROM account_links) - ?',
        MAX_LINKS,
      );
      return code;
    },
    burn: (code, nowMs) => {
      const row = database.all(
        'DELETE FROM account_links WHERE code_hash = ? RETURNING account, kind, expires_at_ms',
        hashToken(code),
      )[0];
      if (!row || Number(row.expires_at_ms) < nowMs) return undefined;
      return {
        account: String(row.account),
        kind: row.kind === 'password' ? 'password' : 'signIn',
      };
    },
    forget: (account) => {
      database.run('DELETE FROM account_links WHERE account = ?', account);
    },
  };
}
