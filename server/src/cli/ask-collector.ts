import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { OwnTls } from '../access/own-tls.ts';
import { codeOf } from '../config.ts';

/** A request of a command to the collector that runs on this machine. */
export interface CollectorRequest {
  /** `http(s)://host:port`, as the collector wrote it into its data folder. */
  readonly address: string;
  /** How it is known, with https. */
  readonly tls: OwnTls | undefined;
  readonly token: string;
  readonly path: string;
  /** POST unless it says otherwise. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Bytes go as they are, anything else as JSON, undefined not at all. */
  readonly body: unknown;
}

export type CollectorAnswer =
  | { readonly kind: 'done'; readonly body: unknown }
  | {
      readonly kind: 'refused';
      readonly detail: string;
      /** Stable kind of the problem, empty when the answer is none of a collector. */
      readonly problem: string;
      /** The whole problem document. */
      readonly body?: unknown;
    }
  /** Nobody listens there: the address is of a collector that has stopped. */
  | { readonly kind: 'nobody' };

/** A backup of two weeks of raw data takes minutes on a slow disk. */
const ANSWER_DEADLINE_MS = 15 * 60_000;

/** Sends and reads JSON. */
export async function askCollector(question: CollectorRequest): Promise<CollectorAnswer> {
  const payload =
    question.body instanceof Uint8Array ? question.body : (JSON.stringify(question.body) ?? '');
  return new Promise((resolve) => {
    const send = question.address.startsWith('https:') ? requestHttps : requestHttp;
    const asked = send(
      new URL(question.path, question.address),
      {
        ...question.tls,
        method: question.method ?? 'POST',
        timeout: ANSWER_DEADLINE_MS,
        headers: {
          authorization: `Bearer ${question.token}`,
          ...(question.body !== undefined && {
            'content-type':
              typeof payload === 'string' ? 'application/json' : 'application/octet-stream',
          }),
          'content-length': Buffer.byteLength(payload),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (error) => resolve(refusal(codeOf(error))));
        response.on('end', () => {
          const body = parseJson(Buffer.concat(chunks).toString('utf8'));
          const ok = (response.statusCode ?? 500) < 300;
          resolve(ok ? { kind: 'done', body } : refusal(detailOf(body), problemOf(body), body));
        });
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
    asked.on('error', (error) => {
      const nobody = codeOf(error) === 'ECONNREFUSED';
      resolve(nobody ? { kind: 'nobody' } : refusal(codeOf(error)));
    });
    asked.end(payload);
  });
}

function refusal(detail: string, problem = '', body?: unknown): CollectorAnswer {
  return { kind: 'refused', detail, problem, body };
}

function problemOf(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('type' in body)) return '';
  return String(body.type).replace(/^urn:ppe-pulse:problem:/, '');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function detailOf(body: unknown): string {
  if (typeof body === 'object' && body !== null && 'detail' in body) return String(body.detail);
  return 'the answer is not a collector’s: another program listens on that port';
}
