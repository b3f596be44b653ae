import { Agent as HttpAgent, request as requestHttp, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { failureOf, failureOfStatus } from '../../platform/failures.ts';
import { SignIn, type Credentials } from './camera-auth.ts';
import type { StreamFailure } from './stream-failure.ts';

/** Where a camera's web server has its stream. The address holds no credentials. */
export interface HttpTarget {
  readonly url: string;
  readonly credentials?: Credentials;
}

/** A response that has begun, or why there is none. */
export type HttpOpened =
  | { readonly kind: 'open'; readonly response: IncomingMessage }
  | { readonly kind: 'failed'; readonly reason: StreamFailure };

/** How far a body is read. */
export interface BodyLimits {
  readonly deadlineMs: number;
  /** A longer body is cut off and is `badAnswer`. */
  readonly maxBytes: number;
  /** Shown every piece; what it does not keep is not kept. */
  readonly onPiece: (piece: Buffer) => void;
}

const HEAD_DEADLINE_MS = 5_000;

/** A camera's web server. Its connections are kept; redirects are not followed. Nothing rejects. */
export class CameraHttp {
  readonly #signIn: SignIn;
  // Cameras have certificates that nobody signed.
  readonly #https = new HttpsAgent({ keepAlive: true, maxSockets: 2, rejectUnauthorized: false });
  readonly #http = new HttpAgent({ keepAlive: true, maxSockets: 2 });

  constructor(credentials: Credentials | undefined) {
    this.#signIn = new SignIn(credentials);
  }

  /** Opens a GET and hands the body over unread; signs in when the camera wants it. */
  async open(url: URL): Promise<HttpOpened> {
    const first = await this.#send(url);
    if (first.kind === 'failed') return first;
    const { statusCode: status = 0, headers } = first.response;
    if (status !== 401) return ofStatus(first.response, status);
    first.response.destroy();
    if (!this.#signIn.takes(headers['www-authenticate']))
      return { kind: 'failed', reason: 'unauthorised' };
    const second = await this.#send(url);
    if (second.kind === 'failed') return second;
    return ofStatus(second.response, second.response.statusCode ?? 0);
  }

  /** Reads a whole body piece by piece; undefined when it came to its end within the limits. */
  async read(url: URL, limits: BodyLimits): Promise<StreamFailure | undefined> {
    const opened = await this.open(url);
    if (opened.kind === 'failed') return opened.reason;
    const { response } = opened;
    return new Promise((resolve) => {
      let bytes = 0;
      const finish = (reason: StreamFailure | undefined): void => {
        clearTimeout(timer);
        resolve(reason);
        if (reason !== undefined) response.destroy();
      };
      const timer = setTimeout(() => finish('noAnswer'), limits.deadlineMs);
      response.on('data', (piece: Buffer) => {
        bytes += piece.length;
        if (bytes > limits.maxBytes) finish('badAnswer');
        else limits.onPiece(piece);
      });
      response.on('error', (error) => finish(failureOf(error)));
      response.on('end', () => finish(undefined));
      response.on('close', () => finish('noStream'));
    });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  #send(url: URL): Promise<HttpOpened> {
    const isTls = url.protocol === 'https:';
    const send = isTls ? requestHttps : requestHttp;
    const signed = this.#signIn.header('GET', `${url.pathname}${url.search}`);
    return new Promise((resolve) => {
      const request = send(url, {
        agent: isTls ? this.#https : this.#http,
        headers: signed === undefined ? {} : { authorization: signed },
      });
      const fail = (reason: StreamFailure): void => {
        clearTimeout(timer);
        resolve({ kind: 'failed', reason });
        request.destroy();
      };
      const timer = setTimeout(() => fail('noAnswer'), HEAD_DEADLINE_MS);
      request.on('error', (error) => fail(failureOf(error)));
      request.on('response', (response) => {
        clearTimeout(timer);
        // Without a listener the end of a broken connection would be thrown.
        response.on('error', () => undefined);
        resolve({ kind: 'open', response });
      });
      request.end();
    });
  }
}

function ofStatus(response: IncomingMessage, status: number): HttpOpened {
  const reason = failureOfStatus(status);
  if (reason === undefined) return { kind: 'open', response };
  response.destroy();
  return { kind: 'failed', reason };
}
