import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { DeviceFailure } from './failures.ts';
import { failureOf } from './failures.ts';
import { dialOptions } from './resolve-localhost.ts';

/** One request to a device. */
export interface HttpQuestion {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly deadlineMs: number;
  /** A longer answer is cut off and is `badAnswer`. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

/** The whole answer, or why there is none. */
export type HttpAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: Buffer }
  | { readonly kind: 'failed'; readonly reason: DeviceFailure };

/** Heads of answers are a kilobyte; the parser's own limit of them is 16 kB. */
const HEAD_BYTES = 64 * 1024;
/** Looks at what a socket has read: blanks of a head never count for the parser (seen: 1.4 GB in 3 s). */
const LOOK_EVERY_MS = 100;

/** Small questions to devices of the LAN, over connections that are kept. */
export class HttpExchange {
  readonly #http = new HttpAgent({ keepAlive: true, maxSockets: 2, maxFreeSockets: 1 });
  // Printers and scanners have certificates that nobody signed; nothing secret is told to them.
  readonly #https = new HttpsAgent({
    keepAlive: true,
    maxSockets: 2,
    maxFreeSockets: 1,
    rejectUnauthorized: false,
  });

  /** Asks once. Never rejects; ends at the deadline whatever the device does. */
  ask(question: HttpQuestion): Promise<HttpAnswer> {
    const { url, method, headers = {}, body } = question;
    const isTls = url.protocol === 'https:';
    const send = isTls ? requestHttps : requestHttp;
    const dial = dialOptions(url);
    return new Promise((resolve) => {
      const request = send(url, {
        ...dial,
        method,
        agent: isTls ? this.#https : this.#http,
        headers: {
          ...dial.headers,
          ...headers,
          ...(body ? { 'content-length': body.length } : {}),
        },
      });
      const finish = (answer: HttpAnswer): void => {
        clearTimeout(timer);
        clearInterval(watch);
        question.signal?.removeEventListener('abort', onAbort);
        resolve(answer);
        if (answer.kind === 'failed') request.destroy();
      };
      const onAbort = (): void => finish({ kind: 'failed', reason: 'noAnswer' });
      const timer = setTimeout(onAbort, question.deadlineMs);
      question.signal?.addEventListener('abort', onAbort, { once: true });
      let watch: NodeJS.Timeout | undefined;
      request.on('socket', (socket) => {
        // Given up while it waited for a connection.
        if (request.destroyed) return;
        // Kept connections have read earlier answers.
        const limit = socket.bytesRead + question.maxBytes + HEAD_BYTES;
        watch = setInterval(() => {
          if (socket.bytesRead > limit) finish({ kind: 'failed', reason: 'badAnswer' });
        }, LOOK_EVERY_MS);
      });
      request.on('error', (error) => finish({ kind: 'failed', reason: failureOf(error) }));
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > question.maxBytes) finish({ kind: 'failed', reason: 'badAnswer' });
          else chunks.push(chunk);
        });
        response.on('error', (error) => finish({ kind: 'failed', reason: failureOf(error) }));
        response.on('end', () => {
          const status = response.statusCode ?? 0;
          finish({ kind: 'answered', status, body: Buffer.concat(chunks) });
        });
      });
      request.end(body);
    });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}
