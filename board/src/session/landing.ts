import type { Session } from './session.ts';

/** True while a password of one's own, or a second factor, must be set before anything is shown. Pure. */
export function mustFinish({ mustSetPassword, totp }: Session): boolean {
  return mustSetPassword === true || totp === 'needed';
}

/** Where somebody begins who has only a part of the region; the board for everybody else. Pure. */
export function landingOf({ role, siteCode, municipality }: Session): string {
  if (role === 'ppe' && siteCode !== undefined) return `/ppe/${siteCode}`;
  if (role === 'municipal' && municipality !== undefined)
    return `/municipalities/${encodeURIComponent(municipality)}`;
  return '/';
}

/** Where a sign-in leads on: to the page it came from, if that is one of this board's. Pure. */
export function afterSignIn(search: string, origin: string, session: Session): string {
  const from = new URLSearchParams(search).get('from') ?? '';
  return ownPath(from, origin) ?? landingOf(session);
}

/** The path of an address of this origin; undefined for `//elsewhere`, a script, or the sign-in itself. */
function ownPath(from: string, origin: string): string | undefined {
  try {
    const url = new URL(from, origin);
    const isOwn = url.origin === origin && from.startsWith('/');
    const path = url.pathname + url.search;
    return isOwn && !/^\/(?:sign-in)?$/.test(url.pathname) ? path : undefined;
  } catch {
    return undefined;
  }
}
