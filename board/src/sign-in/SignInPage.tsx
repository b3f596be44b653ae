import '../access/access.css';
import { useContext, useRef } from 'react';
import { Link } from 'wouter';
import { AccessRefusal } from '../access/AccessRefusal.tsx';
import { getJson } from '../api/client.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { afterSignIn, landingOf } from '../session/landing.ts';
import { leaveTo } from '../session/leave.ts';
import type { Session } from '../session/session.ts';
import { SessionContext, useSession } from '../session/use-session.ts';
import { Switches } from '../ui/Switches.tsx';
import { usePageTitle } from '../ui/use-page-title.ts';
import { PasswordForm } from './PasswordForm.tsx';
import { SignInForm } from './SignInForm.tsx';
import { TotpSetup } from './TotpSetup.tsx';
import { useSignInWords } from './use-sign-in-words.ts';

/** `GET /api/v1/sign-in`: which ways there are. */
interface WaysAnswer {
  readonly oidc: boolean;
  readonly label?: string;
}

/** Signing in, and what must be done before going on: a password of one's own, a code. */
export function SignInPage() {
  const { page, signIn } = useSignInWords();
  const session = useSession();
  const heading = useRef<HTMLHeadingElement>(null);
  usePageTitle(heading);
  const must = session?.mustSetPassword ? 'password' : session?.totp === 'needed' ? 'totp' : null;
  const title = { password: signIn.setPassword, totp: signIn.totpTitle };
  return (
    <div className="sign-in">
      <main id="main" className="panel">
        <p className="quiet">{page.title}</p>
        <h1 ref={heading}>{must === null ? signIn.title : title[must]}</h1>
        {session && must === 'password' && <FirstPassword session={session} />}
        {session && must === 'totp' && <FirstTotp session={session} />}
        {must === null && <Ways />}
      </main>
      <footer className="footer">
        <Switches />
      </footer>
    </div>
  );
}

function Ways() {
  const { signIn } = useSignInWords();
  const session = useSession();
  const goOn = useGoOn();
  const ways = useAnswer(getJson<WaysAnswer>, '/api/v1/sign-in', 0);
  const offered = ways?.kind === 'done' && ways.value.oidc ? ways.value : undefined;
  const problem = new URLSearchParams(location.search).get('problem');
  return (
    <>
      {session && (
        <p className="signed-in">
          {signIn.signedInAs(session.account, signIn.roles[session.role])}{' '}
          <Link href={landingOf(session)}>{signIn.toBoard}</Link>
        </p>
      )}
      {problem !== null && <AccessRefusal of={{ reason: problem, detail: '' }} />}
      <SignInForm onSignedIn={(signedIn) => void goOn(signedIn)} />
      {offered && (
        // A page of its own follows: the other system's.
        <a className="other-way" href="/oidc/start">
          {offered.label ?? signIn.otherWay}
        </a>
      )}
      <p className="quiet">{signIn.first}</p>
      <p className="quiet">{signIn.forgotten}</p>
    </>
  );
}

function FirstPassword({ session }: { readonly session: Session }) {
  const { signIn } = useSignInWords();
  const goOn = useGoOn();
  return (
    <>
      <p>{signIn.setPasswordWhy(session.account)}</p>
      <PasswordForm session={session} onSaved={() => void goOn(session)} />
    </>
  );
}

function FirstTotp({ session }: { readonly session: Session }) {
  const { signIn } = useSignInWords();
  const goOn = useGoOn();
  return (
    <>
      <p>{signIn.totpNeeded}</p>
      <TotpSetup onOn={() => void goOn(session)} />
    </>
  );
}

/** Goes on when nothing else must be done first, as the collector says. */
function useGoOn(): (before: Session) => Promise<void> {
  const source = useContext(SessionContext);
  return async (before) => {
    await source?.isSignedOut();
    const session = source?.session ?? before;
    const { search, origin } = window.location;
    // The page shows what is to be done next; where nothing is, the board is loaded anew.
    if (session.mustSetPassword !== true && session.totp !== 'needed')
      await leaveTo(afterSignIn(search, origin, session), source);
  };
}
