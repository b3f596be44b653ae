import { useState } from 'react';
import { useAction } from '../incidents/use-action.ts';
import { useLive } from '../live/use-live.ts';
import { accountRoles } from '../session/session.ts';
import { useLeaveGuard } from '../ui/use-leave-guard.ts';
import type { AccountAnswer, LinkAnswer } from './access-shapes.ts';
import { useAccessWords } from './use-access-words.ts';
import { AccessRefusal } from './AccessRefusal.tsx';
import {
  ACCOUNT_PATTERN,
  accountBodyOf,
  accountDraftOf,
  SITE_CODE_PATTERN,
  type AccountDraft,
} from './account-draft.ts';

interface AccountFormProps {
  /** The one that is changed; a new one without it. */
  readonly known?: AccountAnswer;
  /** `link` for a new account. */
  readonly onSaved: (account: string, link?: LinkAnswer) => void;
  readonly onCancel: () => void;
}

/** Adds an account, or changes what one may see. */
export function AccountForm({ known, onSaved, onCancel }: AccountFormProps) {
  const { own } = useAccessWords();
  const { isBusy, failure, send } = useAction();
  const [first] = useState(() => accountDraftOf(known));
  const [draft, setDraft] = useState(first);
  const put = (part: Partial<AccountDraft>): void => setDraft({ ...draft, ...part });
  useLeaveGuard(JSON.stringify(draft) !== JSON.stringify(first), own.leave);
  const save = async (): Promise<void> => {
    const saved = await send<LinkAnswer>({
      method: known ? 'PUT' : 'POST',
      path: known ? `/api/v1/accounts/${known.account}` : '/api/v1/accounts',
      body: accountBodyOf(draft, known === undefined),
      hasRequestId: false,
    });
    if (saved !== undefined) onSaved(draft.account, known ? undefined : saved);
  };
  return (
    <form
      className="access-form is-framed"
      data-testid="account-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <label>
        <span>{own.account}</span>
        <input
          value={draft.account}
          required
          autoFocus={!known}
          readOnly={known !== undefined}
          pattern={ACCOUNT_PATTERN}
          title={own.accountRule}
          maxLength={32}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={({ target }) => put({ account: target.value.toLowerCase() })}
        />
      </label>
      <RoleFields draft={draft} put={put} />
      {known && (
        <label className="is-check" title={own.disableHint}>
          <input
            type="checkbox"
            checked={draft.disabled}
            onChange={({ target }) => put({ disabled: target.checked })}
          />
          <span>{own.disable}</span>
        </label>
      )}
      <p className="quiet is-wide">{known ? own.disableHint : own.accountRule}</p>
      <button type="submit" className="main" disabled={isBusy}>
        {known ? own.save : own.create}
      </button>
      <button type="button" onClick={onCancel}>
        {own.cancel}
      </button>
      <AccessRefusal of={failure} />
    </form>
  );
}

interface RoleFieldsProps {
  readonly draft: AccountDraft;
  readonly put: (part: Partial<AccountDraft>) => void;
}

/** The role, and whose part of the region it is of. */
function RoleFields({ draft, put }: RoleFieldsProps) {
  const { own, signIn } = useAccessWords();
  const municipalities = useLive((state) => state.municipalities);
  return (
    <>
      <label>
        <span>{own.role}</span>
        <select
          value={draft.role}
          onChange={({ target }) =>
            put({ role: accountRoles.find((role) => role === target.value) ?? 'operator' })
          }
        >
          {accountRoles.map((role) => (
            <option key={role} value={role}>
              {signIn.roles[role]}
            </option>
          ))}
        </select>
      </label>
      {draft.role === 'municipal' && (
        <label>
          <span>{own.municipality}</span>
          <select
            value={draft.municipality}
            required
            onChange={({ target }) => put({ municipality: target.value })}
          >
            <option value="">{own.choose}</option>
            {municipalities.map(({ slug, name, kind }) => (
              <option key={slug} value={slug}>
                {kind === '' ? name : `${name} ${kind}`}
              </option>
            ))}
          </select>
        </label>
      )}
      {draft.role === 'ppe' && (
        <label>
          <span>{own.site}</span>
          <input
            value={draft.siteCode}
            required
            pattern={SITE_CODE_PATTERN}
            title={own.siteRule}
            inputMode="numeric"
            maxLength={4}
            onChange={({ target }) => put({ siteCode: target.value })}
          />
        </label>
      )}
    </>
  );
}
