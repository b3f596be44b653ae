import { request } from 'node:http';
import { codeOf } from '../config.ts';

/** A request of a command to the collector that runs on this machine. */
export interface CollectorRequest {
  /** `http://host:port`, as the collector wrote it into its data folder. */
  readonly address: string;
  readonly token: string;
  readonly path: string;
  readonly body: unknown;
}

export type CollectorAnswer =
  | { readonly kind: 'done'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly detail: string }
  /** Nobody listens there: the address is of a collector that has stopped. */
  | { readonly kind: 'nobody' };

/** A backup of two weeks of raw data takes minutes on a slow disk. */
const ANSWER_DEADLINE_MS = 15 * 60_000;

/** POSTs JSON and reads JSON. */
export async function askCollector(question: CollectorRequest): Promise<CollectorAnswer> {
  const text = JSON.stringify(question.body);
  return new Promise((resolve) => {
    const asked = request(
      new URL(question.path, question.address),
      {
        method: 'POST',
        timeout: ANSWER_DEADLINE_MS,
        headers: {
          authorization: `Bearer ${question.token}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (error) => resolve({ kind: 'refused', detail: codeOf(error) }));
        response.on('end', () => {
          const body = parseJson(Buffer.concat(chunks).toString('utf8'));
          const ok = (response.statusCode ?? 500) < 300;
          resolve(ok ? { kind: 'done', body } : { kind: 'refused', detail: detailOf(body) });
        });
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
    asked.on('error', (error) => {
      const nobody = codeOf(error) === 'ECONNREFUSED';
      resolve(nobody ? { kind: 'nobody' } : { kind: 'refused', detail: codeOf(error) });
    });
    asked.end(text);
  });
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
