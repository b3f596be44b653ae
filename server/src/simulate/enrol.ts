import type { AgentKey, Placement } from '@ppe-pulse/protocol';
import { ConfigError } from '../config-error.ts';
import { ask, type CollectorApi } from './collector-api.ts';

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
