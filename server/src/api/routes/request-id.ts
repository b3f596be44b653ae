import { Type } from 'typebox';
import type { Outcome } from '../../incidents/incident-book.ts';
import { Problem } from '../problem.ts';

/** Made by the caller for each request that changes something: the same one twice is done once. */
export const RequestId = Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._:-]{8,64}$' }));

/** Refusals that are no fault in what was asked: something stands in the way. */
const statuses: Readonly<Record<string, number>> = {
  unknownIncident: 404,
  unknownSilence: 404,
  incidentOver: 409,
  requestIdUsed: 409,
  tooManySilences: 409,
  notStored: 503,
};

/** What was done; a refusal is thrown as a problem document. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.value;
  throw new Problem(statuses[outcome.reason] ?? 422, outcome.reason, outcome.detail);
}
