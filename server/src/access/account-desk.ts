import type { Region } from '@ppe-pulse/protocol';
import type { Audit } from '../state/audit.ts';
import type { Access } from './access.ts';
import { FIRST_ACCOUNT, type Account, type AccountPlace } from './accounts.ts';

/** What a desk works with. */
export interface AccountDeskParts {
  readonly access: Pick<Access, 'accounts' | 'links' | 'sessions'>;
  readonly audit: Audit;
  readonly region: () => Region;
  /** Somebody is enrolled at a site that no registry has. */
  readonly isHeardFrom: (siteCode: string) => boolean;
}

/** Who changes an account, and when. */
export interface ChangedBy {
  readonly account: string;
  readonly atMs: number;
}

export type AccountRefusal =
  | 'unknownAccount'
  | 'accountExists'
  | 'adminStays'
  | 'tooManyAccounts'
  | 'municipalityNeeded'
  | 'siteNeeded'
  | 'unknownMunicipality'
  | 'unknownSite';

type Refused = { readonly kind: 'refused'; readonly reason: AccountRefusal };
/** With the code of a link that leads to setting a password. */
type WithCode = { readonly kind: 'done'; readonly code: string };

/** A post for each ППЭ of a large region, and some. */
const MAX_ACCOUNTS = 10_000;

/** Adds, changes and removes accounts: what somebody may no longer see is closed at once. */
export class AccountDesk {
  readonly #parts: AccountDeskParts;

  constructor(parts: AccountDeskParts) {
    this.#parts = parts;
  }

  add(account: string, place: AccountPlace, by: ChangedBy): WithCode | Refused {
    const { accounts, links } = this.#parts.access;
    const wrong = this.#wrongPlace(place);
    if (wrong) return refused(wrong);
    if (accounts.list().length >= MAX_ACCOUNTS) return refused('tooManyAccounts');
    if (!accounts.add(account, place, by.atMs)) return refused('accountExists');
    this.#note('account.add', account, { ...place }, by);
    return { kind: 'done', code: links.create(account, 'password', by.atMs) };
  }

  /** Ends its sessions, unless it stands so already. */
  change(
    account: string,
    place: AccountPlace & { readonly isDisabled: boolean },
    by: ChangedBy,
  ): { readonly kind: 'done'; readonly account: Account } | Refused {
    const { accounts, links, sessions } = this.#parts.access;
    const before = accounts.find(account);
    if (!before) return refused('unknownAccount');
    if (account === FIRST_ACCOUNT && (place.role !== 'admin' || place.isDisabled))
      return refused('adminStays');
    const wrong = this.#wrongPlace(place);
    if (wrong) return refused(wrong);
    if (isSame(before, place)) return { kind: 'done', account: before };
    accounts.place(account, place);
    if (place.isDisabled) links.forget(account);
    const ended = sessions.endOf(account);
    this.#note('account.change', account, { ...place, sessions: ended }, by);
    return { kind: 'done', account: { ...before, ...place } };
  }

  /** A fresh link: its sessions end, its password and its second factor are forgotten. */
  reset(account: string, by: ChangedBy): WithCode | Refused {
    const { accounts, links, sessions } = this.#parts.access;
    if (!accounts.find(account)) return refused('unknownAccount');
    accounts.setPassword(account, null);
    accounts.forgetTotp(account);
    const ended = sessions.endOf(account);
    this.#note('account.reset', account, { sessions: ended }, by);
    return { kind: 'done', code: links.create(account, 'password', by.atMs) };
  }

  remove(account: string, by: ChangedBy): { readonly kind: 'done' } | Refused {
    const { accounts, links, sessions } = this.#parts.access;
    if (!accounts.find(account)) return refused('unknownAccount');
    if (account === FIRST_ACCOUNT) return refused('adminStays');
    accounts.remove(account);
    links.forget(account);
    const ended = sessions.endOf(account);
    this.#note('account.remove', account, { sessions: ended }, by);
    return { kind: 'done' };
  }

  #wrongPlace({ role, municipality, siteCode }: AccountPlace): AccountRefusal | undefined {
    if ((role === 'municipal') !== (municipality !== null)) return 'municipalityNeeded';
    if ((role === 'ppe') !== (siteCode !== null)) return 'siteNeeded';
    const { municipalities, sites } = this.#parts.region();
    if (municipality !== null && !municipalities.some(({ slug }) => slug === municipality))
      return 'unknownMunicipality';
    if (siteCode === null || sites.some(({ code }) => code === siteCode)) return undefined;
    return this.#parts.isHeardFrom(siteCode) ? undefined : 'unknownSite';
  }

  #note(
    action: string,
    subject: string,
    details: Parameters<Audit['add']>[0]['details'],
    { account, atMs }: ChangedBy,
  ): void {
    this.#parts.audit.add({ atMs, account, action, subject, details });
  }
}

function isSame(before: Account, place: AccountPlace & { readonly isDisabled: boolean }): boolean {
  return (
    before.role === place.role &&
    before.municipality === place.municipality &&
    before.siteCode === place.siteCode &&
    before.isDisabled === place.isDisabled
  );
}

function refused(reason: AccountRefusal): Refused {
  return { kind: 'refused', reason };
}
