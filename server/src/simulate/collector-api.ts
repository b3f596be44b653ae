import { Agent as PlainAgent, request as requestHttp, type Agent } from 'node:http';
import { Agent as SecureAgent, request as requestHttps } from 'node:https';
import type { OwnTls } from '../access/own-tls.ts';
import { retryAfterMs } from '../alerts/transport/retry-after.ts';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../config.ts';

/** A collector's API and the right to use it. */
export interface CollectorApi {
  /** `http(s)://host:port` */
  readonly address: string;
  readonly tls?: OwnTls | undefined;
  readonly token: string;
  /** Keeps connections for those who ask often. */
  readonly agent?: Agent;
}

export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
}

/** What a collector said; status 0 when nobody answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** It asks to be left alone so long, ms. */
  readonly retryAfterMs: number | null;
  /** Why nobody answered. */
  readonly failure?: string;
}

const ANSWER_DEADLINE_MS = 30_000;

/** Keeps connections to a collector. */
export function keepingAgent({ address, tls }: CollectorApi, maxSockets: number): Agent {
  const options = { keepAlive: true, maxSockets };
  return address.startsWith('https:')
    ? new SecureAgent({ ...tls, ...options })
    : new PlainAgent(options);
}

/** Asks and answers what came back, whatever it is. */
export async function tryAsk(api: CollectorApi, question: Question): Promise<Answer> {
  const text = question.body === undefined ? '' : JSON.stringify(question.body);
  try {
    const answer = await send(api, question, text);
    const asksFor = retryAfterMs(answer.retryAfter, Date.now());
    return { status: answer.status, body: parseJson(answer.text), retryAfterMs: asksFor };
  } catch (error) {
    return { status: 0, body: undefined, retryAfterMs: null, failure: codeOf(error) };
  }
}

/** Asks for what cannot be done without. Throws a `ConfigError` that says what to do. */
export async function ask(api: CollectorApi, question: Question): Promise<unknown> {
  const { status, body, failure } = await tryAsk(api, question);
  if (status === 0)
    throw new ConfigError(
      `collector at ${api.address} cannot be asked (${failure}): start it first, or name another with --to`,
    );
  if (status < 300) return body;
  const { method, path } = question;
  const token =
    status === 401 ? ': the token is not this collector’s, see --token-file and --data' : '';
  throw new ConfigError(
    `collector at ${api.address} answered ${status} to ${method} ${path}${token}`,
  );
}

function send(
  { address, token, tls, agent }: CollectorApi,
  { method, path }: Question,
  text: string,
): Promise<{ status: number; text: string; retryAfter: string | undefined }> {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(text === ''
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
  };
  const bounds = { timeout: ANSWER_DEADLINE_MS, ...(agent ? { agent } : {}) };
  const options = { ...tls, ...bounds, method, headers };
  const request = address.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, address), options, (response) => {
      let received = '';
      response.setEncoding('utf8').on('data', (part: string) => (received += part));
      response.on('error', reject);
      response.on('end', () => {
        const retryAfter = response.headers['retry-after'];
        resolve({ status: response.statusCode ?? 500, text: received, retryAfter });
      });
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer in 30 s')));
    asked.on('error', reject);
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
