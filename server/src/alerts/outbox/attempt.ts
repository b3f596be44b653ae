import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import type { AlertEvent } from '../alert.ts';
import type { Attempt, Outgoing, Send } from '../delivery.ts';
import { FormatError } from '../formats/format.ts';
import type { WebhookWithSecrets } from '../webhook.ts';

/** Moments between which a process may die; tests let it die at each. */
export const stepNames = [
  /** The decision is committed. */
  'decided',
  /** Chosen as due. */
  'picked',
  /** The message is made. */
  'made',
  /** Handed to the transport. */
  'sent',
  /** The receiver answered, nothing is written. */
  'answered',
  /** How it ended is committed. */
  'written',
] as const;
export type StepName = (typeof stepNames)[number];

export interface AttemptParts {
  /** Throws a `FormatError` for what cannot be told. */
  readonly make: (event: AlertEvent, webhook: WebhookWithSecrets) => Outgoing;
  readonly send: { readonly http: Send; readonly mail: Send };
  readonly clock: Clock;
  readonly log: Pick<Log, 'error'>;
  /** For tests: called at each step. */
  readonly step?: (name: StepName) => void;
}

/** Tells one event to one receiver, once. Never throws. */
export async function attemptOnce(
  parts: AttemptParts,
  event: AlertEvent,
  webhook: WebhookWithSecrets,
): Promise<Attempt> {
  const startedMs = parts.clock.monotonicMs();
  const tookMs = (): number => parts.clock.monotonicMs() - startedMs;
  const outgoing = makeOrNull(parts, event, webhook);
  if (!outgoing) return ended('notRenderable', tookMs(), false);
  parts.step?.('made');
  try {
    const answer = parts.send[outgoing.kind](outgoing, webhook, event);
    parts.step?.('sent');
    const attempt = await answer;
    parts.step?.('answered');
    return attempt;
  } catch (error) {
    // A mistake of ours in a transport; to die of it would be to die of the same alert at each start.
    parts.log.error(
      { err: error, eventId: event.id, webhookId: webhook.id },
      'sending an alert threw',
    );
    return ended('connectionFailed', tookMs(), true);
  }
}

function makeOrNull(
  parts: AttemptParts,
  event: AlertEvent,
  webhook: WebhookWithSecrets,
): Outgoing | null {
  try {
    return parts.make(event, webhook);
  } catch (error) {
    const isOurs = !(error instanceof FormatError);
    const reason = error instanceof Error ? error.message : String(error);
    const details = { reason, eventId: event.id, webhookId: webhook.id };
    parts.log.error(isOurs ? { ...details, err: error } : details, 'an alert could not be made');
    return null;
  }
}

function ended(outcome: Attempt['outcome'], tookMs: number, isRetryable: boolean): Attempt {
  return { outcome, status: null, tookMs, retryAfterMs: null, isRetryable };
}
