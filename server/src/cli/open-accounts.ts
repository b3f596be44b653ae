import { AccountDesk, type AccountRefusal } from '../access/account-desk.ts';
import { createAccess } from '../access/access.ts';
import type { AccountPlace } from '../access/accounts.ts';
import { ConfigError } from '../config-error.ts';
import { openDataDir } from '../data-dir.ts';
import { createRegionStore } from '../region/region-store.ts';
import { createAudit } from '../state/audit.ts';
import { createEnrolments } from '../state/enrolments.ts';
import { openState } from '../state/state-store.ts';
import { askCollector, type CollectorRequest } from './ask-collector.ts';
import { runningCollector } from './running-collector.ts';

/** An account as a list shows it. */
export interface ListedAccount {
  readonly account: string;
  readonly role: string;
  readonly municipality?: string;
  readonly siteCode?: string;
  readonly disabled: boolean;
  readonly totp: string;
  readonly hasPassword: boolean;
}

/** Accounts of a data folder: through the collector that runs on it, or directly. */
export interface OpenAccounts {
  /** Where people open their links; empty while no collector runs. */
  readonly address: string;
  list(): Promise<readonly ListedAccount[]>;
  /** Answers the path of a one-time link. */
  add(account: string, place: AccountPlace): Promise<string>;
  link(account: string): Promise<string>;
  revoke(account: string): Promise<void>;
  close(): void;
}

/** Who the audit names for what a command does to a data folder whose collector stands still. */
const COMMAND_LINE = 'command line';
const ROUTE = '/api/v1/accounts';

/** Opens them, or says why not. A running collector alone may write its stores. */
export async function openAccounts(dataDir: string): Promise<OpenAccounts> {
  const running = runningCollector(dataDir);
  if (!running) return openHere(dataDir);
  const asked = async (part: Pick<CollectorRequest, 'path' | 'method' | 'body'>) =>
    askCollector({ ...running, ...part });
  // The address of a collector that has stopped is still in its folder.
  const first = await asked({ path: ROUTE, method: 'GET', body: undefined });
  if (first.kind === 'nobody') return openHere(dataDir);
  const ask = async (part: Parameters<typeof asked>[0]): Promise<unknown> => {
    const answer = await asked(part);
    if (answer.kind === 'done') return answer.body;
    throw new ConfigError(answer.kind === 'nobody' ? 'the collector stopped' : answer.detail);
  };
  const pathOf = (body: unknown): string => (body as { readonly path: string }).path;
  return {
    address: running.address,
    list: async () => {
      const body = await ask({ path: ROUTE, method: 'GET', body: undefined });
      return (body as { readonly items: readonly ListedAccount[] }).items;
    },
    add: async (account, { role, municipality, siteCode }) => {
      const place = {
        ...(municipality !== null && { municipality }),
        ...(siteCode !== null && { siteCode }),
      };
      return pathOf(await ask({ path: ROUTE, method: 'POST', body: { account, role, ...place } }));
    },
    link: async (account) =>
      pathOf(await ask({ path: `${ROUTE}/${account}/links`, method: 'POST', body: undefined })),
    revoke: async (account) =>
      void (await ask({ path: `${ROUTE}/${account}`, method: 'DELETE', body: undefined })),
    close: () => undefined,
  };
}

function openHere(path: string): OpenAccounts {
  const dataDir = openDataDir(path);
  const database = openState(dataDir.stateFile);
  const audit = createAudit(database);
  const region = createRegionStore(database, audit);
  const enrolments = createEnrolments(database);
  // No token opens anything here: whoever has the folder has everything.
  const access = createAccess(database, '');
  const desk = new AccountDesk({
    access,
    audit,
    region: () => region.current().region,
    isHeardFrom: (code) => enrolments.list().some(({ placement }) => placement.siteCode === code),
  });
  const by = (): { readonly account: string; readonly atMs: number } => ({
    account: COMMAND_LINE,
    atMs: Date.now(),
  });
  return {
    address: '',
    list: async () =>
      access.accounts.list().map((each) => ({
        account: each.account,
        role: each.role,
        ...(each.municipality !== null && { municipality: each.municipality }),
        ...(each.siteCode !== null && { siteCode: each.siteCode }),
        disabled: each.isDisabled,
        totp: each.totpSecret === null ? 'off' : 'on',
        hasPassword: each.passwordHash !== null,
      })),
    add: async (account, place) => `/sign-in/${done(desk.add(account, place, by())).code}`,
    link: async (account) => `/sign-in/${done(desk.reset(account, by())).code}`,
    revoke: async (account) => void done(desk.remove(account, by())),
    close: () => {
      database.close();
      dataDir.release();
    },
  };
}

type Outcome<T> = T | { readonly kind: 'refused'; readonly reason: AccountRefusal };

function done<T extends { readonly kind: 'done' }>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome;
  throw new ConfigError(words[outcome.reason]);
}

const words: Readonly<Record<AccountRefusal, string>> = {
  unknownAccount: 'there is no such account; user list shows all',
  accountExists: 'there is an account of that name: take another, or user link NAME',
  adminStays: 'the account admin stays: it is the way back in',
  tooManyAccounts: 'there are too many accounts: revoke those that nobody uses',
  municipalityNeeded: 'the role municipal needs --municipality, and no other takes it',
  siteNeeded: 'the role ppe needs --ppe, and no other takes it',
  unknownMunicipality: 'the registry has no municipality of that slug',
  unknownSite: 'the registry has no site of that code, and nobody is enrolled there',
};
