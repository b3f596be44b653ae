import type { IncomingHttpHeaders } from 'node:http';

/**
 * True when a request was meant for this PC by name and comes from its own page. A foreign page that
 * had its name point here (DNS rebinding) still says that name in `Host`; one that calls across
 * origins says its own in `Origin`.
 */
export function isOfThisPc(headers: IncomingHttpHeaders, port: number | null): boolean {
  const { host, origin } = headers;
  if (host === undefined || port === null) return false;
  const names = ['127.0.0.1', 'localhost', '[::1]'];
  if (!names.some((name) => host === `${name}:${port}` || (port === 80 && host === name)))
    return false;
  return origin === undefined || origin === `http://${host}`;
}
