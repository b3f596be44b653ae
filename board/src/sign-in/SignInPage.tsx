import '../incidents/incidents.css';
import '../access/access.css';
import { useContext, useRef } from 'react';
import { AccessRefusal } from '../access/AccessRefusal.tsx';
import { getJson } from '../api/client.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { afterSignIn, landingOf, mustFinish } from '../session/landing.ts';
import { leaveTo } from '../session/leave.ts';
import type { Session } from '../session/session.ts';
import { SessionContext, useSession } from '../session/use-session.ts';
import { ownText } from '../text/texts.ts';
import { Switches } from '../ui/Switches.tsx';
import { usePageTitle } from '../ui/use-page-title.ts';
import { PasswordForm } from './PasswordForm.tsx';
import { SignInForm } from './SignInForm.tsx';
import { TotpSetup } from './TotpSetup.tsx';
import { useSignInWords } from './use-sign-in-words.ts';

/** `GET /api/v1/sign-in`: which ways there are. */
interface WaysAnswer {
  readonly oidc: boolean;
  /** What the installation calls its provider. */
  readonly oidcLabel?: string;
}

/** Why another way in led here: the address says it with `?refused=`. */
const cameBack = { oidc: 'oidcRefused', link: 'linkUsed' };

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
  const refused = ownText(cameBack, new URLSearchParams(location.search).get('refused') ?? '');
  return (
    <>
      {session && (
        <p className="signed-in">
          {signIn.signedInAs(session.account, signIn.roles[session.role])}{' '}
          <a href={landingOf(session)}>{signIn.toBoard}</a>
        </p>
      )}
      {refused !== undefined && <AccessRefusal of={{ reason: refused, detail: '' }} />}
      <SignInForm onSignedIn={(signedIn) => void goOn(signedIn)} />
      {offered && (
        // A page of its own follows: the other system's.
        <a className="other-way" href="/oidc/start">
          {offered.oidcLabel ?? signIn.otherWay}
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
    if (!mustFinish(session)) await leaveTo(afterSignIn(search, origin, session), source);
  };
}
