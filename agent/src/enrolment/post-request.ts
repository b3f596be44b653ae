import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import {
  CREDENTIAL_CHARACTERS,
  ENROL_PATH,
  type EnrolmentRequest,
} from '@ppe-pulse/protocol/enrolment';
import { tlsOptions, type Trust } from '../link/trust.ts';
import { codeOf } from '../platform/errors.ts';
import { dialOptions } from '../platform/resolve-localhost.ts';

/** How a request came to whom hands it on: `relay` or `drive`. A label for people, it proves nothing. */
export const WAY_HEADER = 'ppe-pulse-way';
/** The Штаб's relay names its key to the PC that asked. */
export const RELAY_KEY_HEADER = 'ppe-pulse-relay-key';

/** Whom to ask: everything of a `Trust` that counts before the handshake of a socket. */
export type Asked = Omit<Trust, 'publicKey'>;

/** What was answered, or why nothing was. */
export type PostOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: string;
      readonly relayKey: string | undefined;
    }
  /** `error`: the system's code, or what TLS said. */
  | { readonly kind: 'failed'; readonly error: string };

/** Over a jammed line a handshake takes seconds; a person waits. */
const DEADLINE_MS = 20_000;
/** The document around the credential doubles its quotes. */
const MAX_BYTES = 3 * CREDENTIAL_CHARACTERS;

/** Hands a request to a collector or a relay. Never rejects; ends at the deadline. */
export async function postRequest(
  asked: Asked,
  body: EnrolmentRequest,
  headers: Readonly<Record<string, string>> = {},
): Promise<PostOutcome> {
  const url = new URL(ENROL_PATH, asked.url.replace(/^ws/, 'http'));
  const isTls = url.protocol === 'https:';
  const dial = dialOptions(url);
  const payload = JSON.stringify(body);
  return new Promise((resolve) => {
    const send = isTls ? requestHttps : requestHttp;
    const request = send(url, {
      ...dial,
      ...(isTls && tlsOptions(asked)),
      method: 'POST',
      agent: false,
      headers: {
        ...dial.headers,
        ...headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(payload),
      },
    });
    const finish = (outcome: PostOutcome): void => {
      clearTimeout(timer);
      resolve(outcome);
      if (outcome.kind === 'failed') request.destroy();
    };
    const timer = setTimeout(() => finish({ kind: 'failed', error: 'ETIMEDOUT' }), DEADLINE_MS);
    request.on('error', (error) => finish({ kind: 'failed', error: codeOf(error) }));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_BYTES) finish({ kind: 'failed', error: 'TOO_LONG' });
        else chunks.push(chunk);
      });
      response.on('error', (error) => finish({ kind: 'failed', error: codeOf(error) }));
      response.on('end', () => {
        const relayKey = response.headers[RELAY_KEY_HEADER];
        finish({
          kind: 'answered',
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString('utf8'),
          relayKey: typeof relayKey === 'string' ? relayKey : undefined,
        });
      });
    });
    request.end(payload);
  });
}
