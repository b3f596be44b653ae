import { lazy, useState } from 'react';
import { AccessRefusal } from '../access/AccessRefusal.tsx';
import { useAction } from '../incidents/use-action.ts';
import { Part } from '../ui/Part.tsx';
import { CodeField } from './CodeField.tsx';
import { useSignInWords } from './use-sign-in-words.ts';

const QrCode = lazy(async () => ({ default: (await import('./QrCode.tsx')).QrCode }));

const PATH = '/api/v1/session/totp';

/** A key that is not in force yet: `POST /api/v1/session/totp`. */
interface TotpKey {
  readonly secret: string;
  /** `otpauth://totp/…` */
  readonly uri: string;
}

/** Turns the sign-in with a code on: a key for the app, then a code that shows that it has it. */
export function TotpSetup({ onOn }: { readonly onOn: () => void }) {
  const { signIn } = useSignInWords();
  const [key, setKey] = useState<TotpKey>();
  const [code, setCode] = useState('');
  const { isBusy, failure, send } = useAction();
  const begin = async (): Promise<void> => {
    setKey(await send<TotpKey>({ path: PATH, hasRequestId: false }));
  };
  const turnOn = async (): Promise<void> => {
    const done = await send({ method: 'PUT', path: PATH, body: { code }, hasRequestId: false });
    if (done !== undefined) onOn();
    else setCode('');
  };
  if (!key) {
    return (
      <>
        <button type="button" className="main" disabled={isBusy} onClick={() => void begin()}>
          {signIn.totpBegin}
        </button>
        <AccessRefusal of={failure} />
      </>
    );
  }
  return (
    <form
      className="access-form"
      data-testid="totp-form"
      data-unsaved
      onSubmit={(event) => {
        event.preventDefault();
        void turnOn();
      }}
    >
      <p className="is-wide">{signIn.totpScan}</p>
      <div className="totp-key is-wide">
        <Part fallback={<div className="qr" />}>
          <QrCode text={key.uri} label={signIn.totpQr} />
        </Part>
        <p>
          {signIn.totpKey}: <code data-testid="totp-secret">{inFours(key.secret)}</code>
          <br />
          <a href={key.uri}>{signIn.totpLink}</a>
        </p>
      </div>
      <CodeField label={signIn.totpConfirm} value={code} onType={setCode} />
      <button type="submit" className="main" disabled={isBusy}>
        {signIn.totpTurnOn}
      </button>
      <button type="button" onClick={() => setKey(undefined)}>
        {signIn.cancel}
      </button>
      <AccessRefusal of={failure} />
    </form>
  );
}

/** As it is typed by hand without losing the place. */
function inFours(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, '$1 ');
}
