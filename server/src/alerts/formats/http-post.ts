import type { Outgoing } from '../delivery.ts';
import { FormatError, type FormatContext } from './format.ts';

/** A POST of a JSON document. */
export function httpPost(
  url: string,
  body: unknown,
  parts: { readonly context: FormatContext; readonly headers?: Readonly<Record<string, string>> },
): Extract<Outgoing, { kind: 'http' }> {
  if (!URL.canParse(url)) throw new FormatError('the URL of the receiver cannot be read');
  return {
    kind: 'http',
    url,
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': `ppe-pulse/${parts.context.collectorVersion}`,
      ...parts.headers,
    },
    body: JSON.stringify(body),
  };
}

/** A path below a base that may have one of its own, and a slash at its end or not. */
export function below(base: string, path: string): string {
  if (!URL.canParse(base)) throw new FormatError('the URL of the receiver cannot be read');
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  return url.href;
}
