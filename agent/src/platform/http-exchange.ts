import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { DeviceFailure } from './failures.ts';
import { failureOf } from './failures.ts';

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
    return new Promise((resolve) => {
      const request = send(url, {
        method,
        agent: isTls ? this.#https : this.#http,
        headers: { ...headers, ...(body ? { 'content-length': body.length } : {}) },
      });
      const finish = (answer: HttpAnswer): void => {
        clearTimeout(timer);
        question.signal?.removeEventListener('abort', onAbort);
        resolve(answer);
        if (answer.kind === 'failed') request.destroy();
      };
      const onAbort = (): void => finish({ kind: 'failed', reason: 'noAnswer' });
      const timer = setTimeout(onAbort, question.deadlineMs);
      question.signal?.addEventListener('abort', onAbort, { once: true });
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
