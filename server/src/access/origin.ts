import type { IncomingHttpHeaders } from 'node:http';

/**
 * True when a browser's request comes from a page of this very host. A request without `Origin`
 * is no browser's cross-site one: browsers always send it for sockets and for changing methods.
 */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  if (host === undefined) return false;
  return origin === `http://${host}` || origin === `https://${host}`;
}
