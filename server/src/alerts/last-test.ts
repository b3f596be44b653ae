import type { Delivery } from './delivery.ts';
import type { WebhookTest } from './webhook.ts';

/** The receipt of a drill by its delivery; null where there was none. */
export function lastTestOf(delivery: Delivery | undefined): WebhookTest | null {
  if (!delivery) return null;
  const { eventId, createdAtMs, endedAtMs, state, lastOutcome } = delivery;
  return {
    eventId,
    atMs: createdAtMs,
    state: state === 'pending' || state === 'delivered' ? state : 'failed',
    // A clock that was set back makes no negative time.
    tookMs: endedAtMs === null ? null : Math.max(0, endedAtMs - createdAtMs),
    outcome: lastOutcome,
  };
}
