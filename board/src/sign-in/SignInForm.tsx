import { useEffect, useState } from 'react';
import { AccessRefusal } from '../access/AccessRefusal.tsx';
import type { Refused } from '../incidents/refused.ts';
import { useAction } from '../incidents/use-action.ts';
import type { Session } from '../session/session.ts';
import { CodeField } from './CodeField.tsx';
import { MAX_PASSWORD_LENGTH } from './password-faults.ts';
import { useSignInWords } from './use-sign-in-words.ts';

const MAX_ACCOUNT_LENGTH = 32;
const SECOND_MS = 1_000;
const LOOK_EVERY_MS = 250;

/** Account and password, then a code where the account has one. */
export function SignInForm({ onSignedIn }: { readonly onSignedIn: (session: Session) => void }) {
  const { signIn } = useSignInWords();
  const [account, setAccount] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string>();
  const { isBusy, failure, send } = useAction();
  const wait = useWait(failure);
  const needsCode = failure?.reason === 'codeNeeded' || code !== undefined;
  // Another account or password begins anew.
  const retype = (put: () => void): void => {
    put();
    setCode(undefined);
  };
  const submit = async (): Promise<void> => {
    const body = { account: account.trim().toLowerCase(), password, ...(code && { code }) };
    const session = await send<Session>({ path: '/api/v1/sign-in', body, hasRequestId: false });
    if (session) onSignedIn(session);
    else setCode((before) => before && '');
  };
  return (
    <form
      className="access-form"
      data-testid="sign-in-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (wait.leftMs === 0) void submit();
      }}
    >
      <label>
        <span>{signIn.account}</span>
        <input
          name="username"
          value={account}
          required
          autoFocus
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={MAX_ACCOUNT_LENGTH}
          placeholder={signIn.accountHint}
          onChange={({ target }) => retype(() => setAccount(target.value))}
        />
      </label>
      <label>
        <span>{signIn.password}</span>
        <input
          type="password"
          name="password"
          value={password}
          required
          autoComplete="current-password"
          maxLength={MAX_PASSWORD_LENGTH}
          onChange={({ target }) => retype(() => setPassword(target.value))}
        />
      </label>
      {needsCode && <Code value={code ?? ''} onType={setCode} />}
      <button type="submit" className="main" disabled={isBusy || wait.leftMs > 0}>
        {isBusy ? signIn.signingIn : signIn.signIn}
      </button>
      {failure?.reason !== 'codeNeeded' && <AccessRefusal of={failure} />}
      <Wait wait={wait} />
    </form>
  );
}

function Code({ value, onType }: Pick<Parameters<typeof CodeField>[0], 'value' | 'onType'>) {
  const { signIn } = useSignInWords();
  return (
    <>
      <p className="is-wide" role="status">
        {signIn.codeHint}
      </p>
      <CodeField label={signIn.code} value={value} isFocused onType={onType} />
    </>
  );
}

/** When to try again: said once, and counted down beside it for the eye alone. */
function Wait({ wait }: { readonly wait: Waiting }) {
  const { signIn, language, number } = useSignInWords();
  if (wait.leftMs === 0) return null;
  return (
    <p className="is-wide">
      <span role="status">{signIn.retryAt(wait.until.toLocaleTimeString(language))}</span>{' '}
      <span className="quiet" aria-hidden="true">
        {signIn.left(number(Math.ceil(wait.leftMs / SECOND_MS)))}
      </span>
    </p>
  );
}

interface Waiting {
  readonly leftMs: number;
  /** By the clock of this computer, as the person beside it sees. */
  readonly until: Date;
}

const noWait: Waiting = { leftMs: 0, until: new Date(0) };

/** What is left of the time that the collector asks to wait; counted by a clock that nobody sets. */
function useWait(failure: Refused | undefined): Waiting {
  const [wait, setWait] = useState(noWait);
  useEffect(() => {
    const wholeMs = failure?.retryAfterMs ?? 0;
    if (wholeMs === 0) return setWait(noWait);
    const until = new Date(Date.now() + wholeMs);
    const endMs = performance.now() + wholeMs;
    const look = (): void => setWait({ leftMs: Math.max(0, endMs - performance.now()), until });
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [failure]);
  return wait;
}
