import { useContext, useState } from 'react';
import { AccessRefusal } from '../access/AccessRefusal.tsx';
import { useAction } from '../incidents/use-action.ts';
import type { Session } from '../session/session.ts';
import { SessionContext } from '../session/use-session.ts';
import { CodeField } from '../sign-in/CodeField.tsx';
import { TotpSetup } from '../sign-in/TotpSetup.tsx';
import { Glyph } from '../ui/Glyph.tsx';
import { useAccountWords } from './use-account-words.ts';

/** The sign-in with a code: whether it is on, and the way to turn it on or off. */
export function Totp({ totp }: { readonly totp: NonNullable<Session['totp']> }) {
  const { own, signIn } = useAccountWords();
  const source = useContext(SessionContext);
  const isOn = totp === 'on';
  const text = isOn ? own.totpOn : totp === 'needed' ? signIn.totpNeeded : own.totpOff;
  const ask = (): void => void source?.isSignedOut();
  return (
    <section className="panel stack" aria-label={own.totp} data-testid="totp">
      <h2>{own.totp}</h2>
      <p>
        <Glyph verdict={isOn ? 'ok' : 'warn'} /> {text}
      </p>
      {isOn ? <TurnOff onOff={ask} /> : <TotpSetup onOn={ask} />}
    </section>
  );
}

function TurnOff({ onOff }: { readonly onOff: () => void }) {
  const { own } = useAccountWords();
  const [code, setCode] = useState('');
  const { isBusy, failure, send } = useAction();
  const turnOff = async (): Promise<void> => {
    const order = { method: 'DELETE', path: '/api/v1/session/totp', body: { code } } as const;
    const done = await send({ ...order, hasRequestId: false });
    setCode('');
    if (done !== undefined) onOff();
  };
  return (
    <form
      className="access-form"
      onSubmit={(event) => {
        event.preventDefault();
        void turnOff();
      }}
    >
      <CodeField label={own.totpTurnOffCode} value={code} onType={setCode} />
      <button type="submit" disabled={isBusy}>
        {own.totpTurnOff}
      </button>
      <AccessRefusal of={failure} />
    </form>
  );
}
