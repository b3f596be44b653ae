import type { Role } from '../session/session.ts';
import type { AccountAnswer } from './access-shapes.ts';

/** As the collector takes names of accounts. */
export const ACCOUNT_PATTERN = '[a-z][a-z0-9.\\-]{1,31}';
export const SITE_CODE_PATTERN = '[0-9]{4}';

/** An account as its form holds it; empty for what its role does not need. */
export interface AccountDraft {
  readonly account: string;
  readonly role: Role;
  readonly municipality: string;
  readonly siteCode: string;
  readonly disabled: boolean;
}

export function accountDraftOf(known?: AccountAnswer): AccountDraft {
  return {
    account: known?.account ?? '',
    role: known?.role ?? 'operator',
    municipality: known?.municipality ?? '',
    siteCode: known?.siteCode ?? '',
    disabled: known?.disabled ?? false,
  };
}

/** The draft as the API takes it: a place only where the role has one. Pure. */
export function accountBodyOf(draft: AccountDraft, isNew: boolean): object {
  const { account, role, municipality, siteCode, disabled } = draft;
  return {
    role,
    ...(role === 'municipal' && { municipality }),
    ...(role === 'ppe' && { siteCode }),
    ...(isNew ? { account } : { disabled }),
  };
}
