import { useState } from 'react';
import { AccessRefusal } from '../access/AccessRefusal.tsx';
import { useAction } from '../incidents/use-action.ts';
import type { Session } from '../session/session.ts';
import { MAX_PASSWORD_LENGTH, passwordFault } from './password-faults.ts';
import { useSignInWords, type SignInWords } from './use-sign-in-words.ts';

interface PasswordFormProps {
  readonly session: Session;
  readonly onSaved: () => void;
  readonly onDirty?: (isDirty: boolean) => void;
}

const nothing = { current: '', next: '', again: '' };

/** Sets the own password; the present one is asked for where there is one,
 * unless a one-time link has just let in. */
export function PasswordForm({ session, onSaved, onDirty }: PasswordFormProps) {
  const words = useSignInWords();
  const { signIn } = words;
  const { account, mustSetPassword = false, hasPassword = true } = session;
  const asksCurrent = hasPassword && !mustSetPassword;
  const [typed, setTyped] = useState(nothing);
  const { isBusy, failure, send } = useAction();
  const put = (part: Partial<typeof nothing>): void => {
    const now = { ...typed, ...part };
    setTyped(now);
    onDirty?.(Object.values(now).some((text) => text !== ''));
  };
  const { current, next, again } = typed;
  const fault = faultText(words, { account, next, again });
  const save = async (): Promise<void> => {
    const body = { next, ...(asksCurrent && { current }) };
    const path = '/api/v1/session/password';
    if ((await send({ method: 'PUT', path, body, hasRequestId: false })) === undefined) return;
    put(nothing);
    onSaved();
  };
  return (
    <form
      className="access-form"
      data-testid="password-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (fault === '') void save();
      }}
    >
      {/* Keepers of passwords look for the account that one belongs to. */}
      <input type="hidden" name="username" autoComplete="username" value={account} readOnly />
      {asksCurrent && (
        <PasswordField
          label={signIn.current}
          value={current}
          kind="current-password"
          onType={(text) => put({ current: text })}
        />
      )}
      <PasswordField
        label={signIn.next}
        value={next}
        kind="new-password"
        onType={(text) => put({ next: text })}
      />
      <PasswordField
        label={signIn.again}
        value={again}
        kind="new-password"
        onType={(text) => put({ again: text })}
      />
      <p className="quiet is-wide">
        {signIn.passwordRule} {next !== '' && <strong role="status">{fault}</strong>}
      </p>
      <button type="submit" className="main" disabled={isBusy || fault !== ''}>
        {signIn.save}
      </button>
      <AccessRefusal of={failure} />
    </form>
  );
}

interface PasswordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly kind: 'current-password' | 'new-password';
  readonly onType: (text: string) => void;
}

function PasswordField({ label, value, kind, onType }: PasswordFieldProps) {
  return (
    <label>
      <span>{label}</span>
      <input
        type="password"
        value={value}
        required
        autoComplete={kind}
        maxLength={MAX_PASSWORD_LENGTH}
        onChange={({ target }) => onType(target.value)}
      />
    </label>
  );
}

function faultText(
  { signIn, number }: SignInWords,
  chosen: Parameters<typeof passwordFault>[0],
): string {
  const fault = passwordFault(chosen);
  switch (fault?.kind) {
    case undefined:
      return '';
    case 'tooShort':
      return signIn.tooShort(number(fault.missing));
    case 'equalsAccount':
      return signIn.equalsAccount;
    case 'notSame':
      return signIn.notSame;
  }
}
