import type { Access, LetIn } from '../../access/access.ts';
import { isEncrypted, sessionCookie, sessionTokenOf } from '../../access/cookie.ts';
import type { Reply, Request } from '../http.ts';

/**
 * Gives a browser its session: always a fresh token, so that nobody who put one there before knows it.
 * A cookie names one session: nobody could sign out what is open under the one before.
 */
export function giveSession(
  access: Access,
  request: Request,
  reply: Reply,
  { token, lifeMs }: Pick<LetIn, 'token' | 'lifeMs'>,
): void {
  const before = sessionTokenOf(request.raw);
  if (before !== undefined && before !== token) access.endSession(before);
  void reply
    .setCookie(sessionCookie(request.raw), token, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: isEncrypted(request.raw),
      maxAge: Math.floor(lifeMs / 1_000),
    })
    .header('cache-control', 'no-store');
}

/** The browser forgets its session. */
export function takeSession(request: Request, reply: Reply): void {
  void reply.clearCookie(sessionCookie(request.raw), {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: isEncrypted(request.raw),
  });
}
