import type { IncomingMessage } from 'node:http';

const SESSION_COOKIE = 'ppe_pulse_session';

/** True for a connection that is encrypted up to this very process. */
export function isEncrypted(request: Pick<IncomingMessage, 'socket'>): boolean {
  return 'encrypted' in request.socket && request.socket.encrypted === true;
}

/**
 * Name of the session's cookie. Under TLS browsers hold it to this very host and to `Secure`
 * (RFC 6265bis, `__Host-`): no neighbour of the domain can put one of its own in its place.
 */
export function sessionCookie(request: Pick<IncomingMessage, 'socket'>): string {
  return isEncrypted(request) ? `__Host-${SESSION_COOKIE}` : SESSION_COOKIE;
}

/** The session's token of a request. */
export function sessionTokenOf(
  request: Pick<IncomingMessage, 'socket' | 'headers'>,
): string | undefined {
  return cookieOf(request.headers.cookie, sessionCookie(request));
}

/** The value of one cookie of a `Cookie` header; the upgrade of a socket has no framework to parse it. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}
