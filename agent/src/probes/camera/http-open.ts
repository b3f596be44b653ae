import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { failureOf, failureOfStatus } from '../../platform/failures.ts';
import type { Credentials } from './rtsp-auth.ts';
import type { StreamFailure } from './stream-failure.ts';

/** One GET of a camera's web server. */
export interface HttpTarget {
  readonly url: string;
  readonly credentials?: Credentials;
}

/** A response that has begun, or why there is none. */
export type HttpOpened =
  | { readonly kind: 'open'; readonly request: ClientRequest; readonly response: IncomingMessage }
  | { readonly kind: 'failed'; readonly reason: StreamFailure };

const DEADLINE_MS = 5_000;

/** Opens a GET and hands the body over unread. Never rejects. Redirects are not followed. */
export function openHttp({ url, credentials }: HttpTarget): Promise<HttpOpened> {
  const send = url.startsWith('https:') ? requestHttps : requestHttp;
  const headers = credentials
    ? { authorization: `Basic ${btoa(`${credentials.username}:${credentials.password}`)}` }
    : {};
  return new Promise((resolve) => {
    // Cameras have certificates that nobody signed.
    const request = send(url, { agent: false, headers, rejectUnauthorized: false });
    const timer = setTimeout(() => fail('noAnswer'), DEADLINE_MS);
    const fail = (reason: StreamFailure): void => {
      clearTimeout(timer);
      request.destroy();
      resolve({ kind: 'failed', reason });
    };
    request.on('error', (error) => fail(failureOf(error)));
    request.on('response', (response) => {
      const refusal = failureOfStatus(response.statusCode ?? 0);
      if (refusal) {
        fail(refusal);
        return;
      }
      clearTimeout(timer);
      resolve({ kind: 'open', request, response });
    });
    request.end();
  });
}
