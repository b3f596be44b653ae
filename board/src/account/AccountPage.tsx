import '../incidents/incidents.css';
import '../access/access.css';
import { useContext, useState } from 'react';
import { AccessRefusal } from '../access/AccessRefusal.tsx';
import { useDateTime } from '../access/use-date-time.ts';
import { useAction } from '../incidents/use-action.ts';
import { leaveTo } from '../session/leave.ts';
import type { Session } from '../session/session.ts';
import { SessionContext, useSession } from '../session/use-session.ts';
import { PasswordForm } from '../sign-in/PasswordForm.tsx';
import { Glyph } from '../ui/Glyph.tsx';
import { PageFooter } from '../ui/PageFooter.tsx';
import { PageHead } from '../ui/PageHead.tsx';
import { SIGN_IN_PATH } from '../ui/sign-in-path.ts';
import { SureButton } from '../ui/SureButton.tsx';
import { useLeaveGuard } from '../ui/use-leave-guard.ts';
import { useAccountWords } from './use-account-words.ts';
import { useScopeName } from './use-scope-name.ts';
import { Totp } from './Totp.tsx';

/** One's own account: who one is here, the password, the sign-in with a code, the ways out. */
export function AccountPage() {
  const { own } = useAccountWords();
  const session = useSession();
  return (
    <div className="page">
      <PageHead title={own.title} />
      <main id="main" className="access">
        {session === null && <p role="alert">{own.nobody}</p>}
        {session && <Parts session={session} />}
      </main>
      <PageFooter />
    </div>
  );
}

function Parts({ session }: { readonly session: Session }) {
  return (
    <div className="access-columns">
      <Who session={session} />
      {/* A screen has no password: its link is all. */}
      {session.role !== 'wall' && <Password session={session} />}
      {session.role !== 'wall' && session.totp !== undefined && <Totp totp={session.totp} />}
    </div>
  );
}

function Who({ session }: { readonly session: Session }) {
  const { own, signIn } = useAccountWords();
  const scope = useScopeName(session);
  const dateTime = useDateTime();
  const source = useContext(SessionContext);
  const { isBusy, failure, send } = useAction();
  const leave = async (path: string): Promise<void> => {
    if ((await send({ method: 'DELETE', path, hasRequestId: false })) !== undefined)
      await leaveTo(SIGN_IN_PATH, source);
  };
  const { account, role, display, expiresAt } = session;
  const facts: readonly (readonly [string, string])[] = [
    display === undefined ? [own.account, account] : [own.screen, display],
    [own.role, signIn.roles[role]],
    [own.scope, scope],
    ...(expiresAt === undefined ? [] : [[own.until, dateTime(expiresAt)] as const]),
  ];
  return (
    <section className="panel stack" aria-label={own.who}>
      <h2>{own.who}</h2>
      <dl className="facts-list" data-testid="who">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {/* Whoever stands before a screen signs nobody out. */}
      {role !== 'wall' && (
        <>
          <div className="fields">
            <button type="button" disabled={isBusy} onClick={() => void leave('/api/v1/session')}>
              {own.signOut}
            </button>
            <SureButton
              text={own.signOutEverywhere}
              sureText={own.signOutEverywhereReally}
              isBusy={isBusy}
              onSure={() => void leave('/api/v1/sessions')}
            />
          </div>
          <p className="quiet">{own.everywhereHint}</p>
        </>
      )}
      <AccessRefusal of={failure} />
    </section>
  );
}

function Password({ session }: { readonly session: Session }) {
  const { own } = useAccountWords();
  const source = useContext(SessionContext);
  const [isSaved, setIsSaved] = useState(false);
  const [isDirty, setIsDirty] = useState(false);
  useLeaveGuard(isDirty, own.leave);
  return (
    <section className="panel stack" aria-label={own.password}>
      <h2>{own.password}</h2>
      {session.hasPassword === false && (
        <p>
          <Glyph verdict="warn" /> {own.noPassword}
        </p>
      )}
      {session.oidc === true && <p className="quiet">{own.oidcHint}</p>}
      <PasswordForm
        session={session}
        onSaved={() => {
          setIsSaved(true);
          void source?.isSignedOut();
        }}
        onDirty={(is) => {
          setIsDirty(is);
          if (is) setIsSaved(false);
        }}
      />
      {isSaved && <p role="status">{own.passwordSaved}</p>}
    </section>
  );
}
