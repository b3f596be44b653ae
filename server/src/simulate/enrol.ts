import { request } from 'node:http';
import type { AgentKey, Placement } from '@ppe-pulse/protocol';
import { ConfigError } from '../config-error.ts';
import { codeOf } from '../config.ts';

/** A collector's API and the right to use it. */
export interface CollectorApi {
  /** `http://host:port` */
  readonly address: string;
  readonly token: string;
}

/** What a simulated workstation is enrolled with. */
export interface Enrolee {
  readonly key: AgentKey;
  readonly placement: Placement;
}

/** The collector's own key, to be pinned. */
export interface CollectorIdentity {
  readonly id: string;
  readonly publicKey: string;
}

/** Workstations in one request: the route's own limit. */
const BATCH = 500;
const ANSWER_DEADLINE_MS = 30_000;

/** Asks whose collector this is. Throws a `ConfigError` that says what to do. */
export async function askIdentity(api: CollectorApi): Promise<CollectorIdentity> {
  const answer = await ask(api, { method: 'GET', path: '/api/v1/collector' });
  if (isIdentity(answer)) return answer;
  throw new ConfigError(`${api.address} is not a collector: its API answers something else`);
}

/** Enrols all of them; those that are known already are placed anew. Answers how many are new. */
export async function enrolAll(api: CollectorApi, enrolees: readonly Enrolee[]): Promise<number> {
  let added = 0;
  for (let from = 0; from < enrolees.length; from += BATCH) {
    const items = enrolees.slice(from, from + BATCH).map(({ key, placement }) => ({
      publicKey: key.publicKey,
      placement,
    }));
    const path = '/api/v1/workstations/batch';
    const answer = await ask(api, { method: 'POST', path, body: { items } });
    if (typeof answer === 'object' && answer !== null && 'added' in answer)
      added += Number(answer.added);
  }
  return added;
}

interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

async function ask(api: CollectorApi, { method, path, body }: Question): Promise<unknown> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const answer = await new Promise<{ status: number; text: string }>((resolve, reject) => {
    const asked = request(
      new URL(path, api.address),
      {
        method,
        timeout: ANSWER_DEADLINE_MS,
        headers: {
          authorization: `Bearer ${api.token}`,
          ...(text === ''
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
      },
      (response) => {
        let received = '';
        response.setEncoding('utf8').on('data', (part: string) => (received += part));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 500, text: received }));
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('no answer in 30 s')));
    asked.on('error', reject);
    asked.end(text);
  }).catch((error: unknown) => {
    throw new ConfigError(
      `collector at ${api.address} cannot be asked (${codeOf(error)}): start it first, or name another with --to`,
    );
  });
  if (answer.status < 300) return parseJson(answer.text);
  const token =
    answer.status === 401 ? ': the token is not this collector’s, see --token-file and --data' : '';
  throw new ConfigError(
    `collector at ${api.address} answered ${answer.status} to ${method} ${path}${token}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isIdentity(answer: unknown): answer is CollectorIdentity {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'id' in answer &&
    typeof answer.id === 'string' &&
    'publicKey' in answer &&
    typeof answer.publicKey === 'string'
  );
}
