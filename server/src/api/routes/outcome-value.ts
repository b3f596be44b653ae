import type { Outcome } from '../../incidents/incident-book.ts';
import { Problem } from '../problem.ts';

/** Refusals that are no fault in what was asked: it is not there, or something stands in the way. */
const statuses: Readonly<Record<string, number>> = {
  unknownIncident: 404,
  unknownSilence: 404,
  unknownWebhook: 404,
  unknownDelivery: 404,
  incidentOver: 409,
  inRouting: 409,
  isCancelled: 409,
  noWebhooks: 409,
  requestIdUsed: 409,
  staleRouting: 409,
  tooManySilences: 409,
  notStored: 503,
};

/** What was done; a refusal is thrown as a problem document. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.value;
  throw new Problem(statuses[outcome.reason] ?? 422, outcome.reason, outcome.detail);
}
