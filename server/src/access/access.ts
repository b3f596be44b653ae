import type { StateDatabase } from '../state/database.ts';
import { FIRST_ACCOUNT, createAccounts, type Accounts } from './accounts.ts';
import { createDisplays, displayState, type Displays } from './displays.ts';
import type { EndOfSession } from './held-sessions.ts';
import { createLinks, type Links } from './links.ts';
import type { Principal } from './principal.ts';
import { sameToken } from './secrets.ts';
import { Sessions, type Session } from './sessions.ts';

/** Browsers keep no cookie longer. The session's own end is in our store. */
const COOKIE_LIFE_MS = 400 * 24 * 3_600_000;

/** A browser that was let in: its token, and the life of its cookie. */
export interface LetIn {
  readonly token: string;
  readonly lifeMs: number;
  readonly account: string;
}

/** What an installation decides of access. */
export interface AccessSettings {
  /** `required`: an admin without a second factor may do nothing but set one up. */
  readonly totp: 'optional' | 'required';
}

/** Signs people and scripts in. Tokens are kept as hashes only. */
export interface Access {
  readonly accounts: Accounts;
  readonly displays: Displays;
  readonly links: Links;
  readonly sessions: Sessions;
  readonly settings: AccessSettings;
  /** By `Authorization: Bearer …`. */
  byBearer(header: string | undefined): Principal | undefined;
  /** By the value of the session cookie; who asks keeps the session alive. */
  bySession(token: string | undefined, nowMs: number): Session | undefined;
  /**
   * Ties something that stays open to its session: while it is held the session does not end by itself.
   * `ended` is called when somebody ends it. Answers how to let go.
   */
  hold(token: string, ended: (why: EndOfSession) => void): () => void;
  /** A fresh one-time code for `/sign-in/CODE`: the first account comes in by it, as it is. */
  createLink(nowMs: number): string;
  /** Burns a code; undefined for a wrong, used or old one, and for an account that may not come in. */
  redeemLink(code: string, nowMs: number): (LetIn & { mustSetPassword: boolean }) | undefined;
  /**
   * Binds a wall link to the browser that opens it first. The same browser, known by the token that it
   * holds, is shown its view again.
   */
  openDisplay(code: string, held: string | undefined, nowMs: number): DisplayOpening | undefined;
  /** Lets an account in that has shown who it is. */
  letIn(account: string, nowMs: number): LetIn;
  /**
   * Whoever else is signed in as this account is signed out, and waiting links are burnt; the browser
   * itself gets another token.
   */
  renewAlone(account: string, token: string): LetIn & { readonly ended: number };
  /** Signs one browser out; what it holds open is told. */
  endSession(token: string): void;
}

/** A wall link that was opened; `letIn` is missing for the browser that has its session already. */
export interface DisplayOpening {
  readonly id: string;
  readonly view: string;
  readonly letIn: LetIn | undefined;
}

/** Access over the state database; `adminToken` is the scripts' token. */
export function createAccess(
  database: StateDatabase,
  adminToken: string,
  settings: AccessSettings = { totp: 'optional' },
): Access {
  const accounts = createAccounts(database);
  const sessions = new Sessions(database);
  const links = createLinks(database);
  const displays = createDisplays(database);
  const nowhere = { municipality: null, siteCode: null };
  accounts.add(FIRST_ACCOUNT, { role: 'admin', ...nowhere }, 0);
  const letIn = (account: string, nowMs: number, mustSetPassword = false): LetIn => {
    accounts.signedIn(account, nowMs);
    const token = sessions.open({ account, mustSetPassword }, nowMs);
    return { token, lifeMs: COOKIE_LIFE_MS, account };
  };
  return {
    accounts,
    displays,
    links,
    sessions,
    settings,
    byBearer: (header) => {
      const token = /^Bearer ([A-Za-z0-9_-]{16,128})$/.exec(header ?? '')?.[1];
      if (token === undefined || !sameToken(token, adminToken)) return undefined;
      return { account: FIRST_ACCOUNT, role: 'admin', ...nowhere };
    },
    bySession: (token, nowMs) => sessions.find(token, nowMs),
    hold: (token, ended) => sessions.hold(token, ended),
    createLink: (nowMs) => links.create(FIRST_ACCOUNT, 'signIn', nowMs),
    redeemLink: (code, nowMs) => {
      const link = links.burn(code, nowMs);
      if (!link || accounts.find(link.account)?.isDisabled !== false) return undefined;
      const mustSetPassword = link.kind === 'password';
      return { ...letIn(link.account, nowMs, mustSetPassword), mustSetPassword };
    },
    openDisplay: (code, held, nowMs) => {
      const display = displays.byCode(code);
      if (!display) return undefined;
      const { id, view, expiresAtMs } = display;
      const state = displayState(display, nowMs);
      const isItsBrowser = sessions.find(held, nowMs)?.display?.id === id;
      if (state === 'bound' && isItsBrowser) return { id, view, letIn: undefined };
      if (state !== 'waiting' || !displays.bind(id, nowMs)) return undefined;
      const account = `wall:${id}`;
      const token = sessions.open({ account, display: { id, expiresAtMs } }, nowMs);
      return { id, view, letIn: { token, lifeMs: expiresAtMs - nowMs, account } };
    },
    letIn: (account, nowMs) => letIn(account, nowMs),
    renewAlone: (account, token) => {
      const ended = sessions.endOf(account, token);
      links.forget(account);
      return { token: sessions.renew(token), lifeMs: COOKIE_LIFE_MS, account, ended };
    },
    endSession: (token) => sessions.end(token),
  };
}
