import type { SqlRow, StateDatabase } from '../state/database.ts';
import { accountRoles, type AccountRole, type Principal } from './principal.ts';

/** Posts, never names of persons: `dezhurny.1`, `kemerovo`, `ppe-4216`. */
export const ACCOUNT_PATTERN = '^[a-z][a-z0-9.-]{1,31}$';
/** Made at the first start; it always is an admin, so that nobody locks everybody out. */
export const FIRST_ACCOUNT = 'admin';

/** An account and what it may sign in with; secrets stay in here. */
export interface Account extends Principal {
  readonly isDisabled: boolean;
  /** PHC string; null before a password was set. */
  readonly passwordHash: string | null;
  /** Base32; null for none. */
  readonly totpSecret: string | null;
  /** Shown and not yet proved by a code. */
  readonly totpAsked: string | null;
  readonly lastSignInAtMs: number | null;
}

/** Where an account stands: what an admin decides. */
export type AccountPlace = Pick<Account, 'role' | 'municipality' | 'siteCode'>;

/** Accounts as rows. Rules of who may change what are the desk's. */
export interface Accounts {
  find(account: string): Account | undefined;
  /** By name. */
  list(): readonly Account[];
  /** False when there is one of that name. */
  add(account: string, place: AccountPlace, nowMs: number): boolean;
  place(account: string, place: AccountPlace & { readonly isDisabled: boolean }): void;
  remove(account: string): void;
  setPassword(account: string, hash: string | null): void;
  askTotp(account: string, secret: string): void;
  /** What was asked becomes what holds; `step` is the one that proved it. */
  holdTotp(account: string, secret: string, step: number): void;
  forgetTotp(account: string): void;
  /** Takes the step of a code; false when that one or a later one was taken already. */
  takeTotpStep(account: string, step: number): boolean;
  signedIn(account: string, nowMs: number): void;
}

export function createAccounts(database: StateDatabase): Accounts {
  const set = (account: string, columns: string, ...values: (string | number | null)[]): number =>
    database.run(`UPDATE accounts SET ${columns} WHERE name = ?`, ...values, account);
  return {
    find: (account) =>
      database.all('SELECT * FROM accounts WHERE name = ?', account).map(accountOf)[0],
    list: () => database.all('SELECT * FROM accounts ORDER BY name').map(accountOf),
    add: (account, { role, municipality, siteCode }, nowMs) =>
      database.run(
        `INSERT INTO accounts (name, role, municipality, site_code, created_at_ms)
         VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING`,
        account,
        role,
        municipality,
        siteCode,
        Math.round(nowMs),
      ) > 0,
    place: (account, { role, municipality, siteCode, isDisabled }) => {
      const columns = 'role = ?, municipality = ?, site_code = ?, is_disabled = ?';
      set(account, columns, role, municipality, siteCode, isDisabled ? 1 : 0);
    },
    remove: (account) => {
      database.run('DELETE FROM accounts WHERE name = ?', account);
    },
    setPassword: (account, hash) => void set(account, 'password_hash = ?', hash),
    askTotp: (account, secret) => void set(account, 'totp_asked = ?', secret),
    holdTotp: (account, secret, step) =>
      void set(account, 'totp_secret = ?, totp_asked = NULL, totp_step = ?', secret, step),
    forgetTotp: (account) =>
      void set(account, 'totp_secret = NULL, totp_asked = NULL, totp_step = 0'),
    takeTotpStep: (account, step) =>
      database.run(
        'UPDATE accounts SET totp_step = ?1 WHERE name = ?2 AND totp_step < ?1',
        step,
        account,
      ) > 0,
    signedIn: (account, nowMs) => void set(account, 'last_sign_in_at_ms = ?', Math.round(nowMs)),
  };
}

function accountOf(row: SqlRow): Account {
  return {
    account: String(row.name),
    role: roleOf(row.role),
    municipality: textOf(row.municipality),
    siteCode: textOf(row.site_code),
    isDisabled: row.is_disabled === 1,
    passwordHash: textOf(row.password_hash),
    totpSecret: textOf(row.totp_secret),
    totpAsked: textOf(row.totp_asked),
    lastSignInAtMs: row.last_sign_in_at_ms === null ? null : Number(row.last_sign_in_at_ms),
  };
}

/** A role that nobody knows opens nothing: the row is of another version, and that is an error. */
function roleOf(value: unknown): AccountRole {
  const role = accountRoles.find((each) => each === value);
  if (!role) throw new Error(`the state holds an account of the unknown role ${String(value)}`);
  return role;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
