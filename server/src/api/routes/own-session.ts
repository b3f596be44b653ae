import type { Static } from 'typebox';
import { sessionTokenOf } from '../../access/cookie.ts';
import type { Session } from '../../access/sessions.ts';
import type { Reply, Request } from '../http.ts';
import { Problem } from '../problem.ts';
import { sessionView, type SessionContext, type SessionView } from './session.ts';

/** Of an account; neither the scripts' token nor a wall link has a password or a second factor. */
export function ownSession(
  request: Request,
  { access, clock }: SessionContext,
): { readonly session: Session; readonly token: string } {
  const token = sessionTokenOf(request.raw);
  const session = access.bySession(token, clock.wallMs());
  if (session && session.display !== null)
    throw new Problem(403, 'notAllowed', 'a wall link has no password and no second factor');
  if (session && token !== undefined) return { session, token };
  throw new Problem(409, 'noSession', 'this is for people who have signed in, not for scripts');
}

/** The session that a browser has now. */
export function viewOf(context: SessionContext, token: string): Static<typeof SessionView> {
  const session = context.access.bySession(token, context.clock.wallMs());
  if (!session) throw signedOut();
  return sessionView(session, context);
}

export function signedOut(): Problem {
  return new Problem(401, 'notSignedIn', 'the session was ended meanwhile: sign in again');
}

export function tooManyTries(reply: Reply, waitMs: number): Problem {
  const seconds = Math.ceil(waitMs / 1_000);
  void reply.header('retry-after', seconds);
  return new Problem(429, 'tooManyTries', `too many tries: try again in ${seconds} seconds`);
}
