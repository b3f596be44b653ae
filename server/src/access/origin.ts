import type { IncomingHttpHeaders } from 'node:http';

/**
 * True when a browser's request comes from a page of this very host. A request without `Origin`
 * is no browser's cross-site one: browsers always send it for sockets and for changing methods.
 * `Sec-Fetch-Site` is the browser's own word, which no page can forge; older ones do not say it.
 */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (origin === undefined) return true;
  if (host === undefined) return false;
  return origin === `http://${host}` || origin === `https://${host}`;
}
