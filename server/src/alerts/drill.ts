import type { DoneBy, Outcome } from '../incidents/incident-book.ts';
import type { Audit } from '../state/audit.ts';
import type { StateDatabase } from '../state/database.ts';
import type { AlertEvent } from './alert.ts';
import type { Delivery } from './delivery.ts';
import { samplePrinter } from './formats/sample-events.ts';
import type { OutboxStore } from './outbox/outbox-store.ts';
import type { Marks } from './routing/marks.ts';
import { MAX_WEBHOOKS, unknownWebhook, type WebhookStore } from './webhook-store.ts';

/** A drill that was sounded, and its receipts so far. */
export interface Drill {
  readonly eventId: string;
  readonly atMs: number;
  /** One a webhook; they go on by themselves. */
  readonly deliveries: readonly Delivery[];
}

export interface DrillParts {
  readonly database: StateDatabase;
  readonly audit: Audit;
  readonly outbox: Pick<OutboxStore, 'record' | 'list'>;
  readonly marks: Marks;
  readonly webhooks: Pick<WebhookStore, 'receivers'>;
  readonly newEventId: () => string;
  /** After the commit: it may go out. */
  readonly wake: () => void;
}

/** A second click within this time is the same drill. */
const DOUBLE_CLICK_MS = 10_000;

/**
 * «Учебная тревога»: a marked event through the whole path. Only the routes are passed by: it is about
 * whether a receiver is reached at all.
 */
export class Drills {
  readonly #parts: DrillParts;
  /** The newest drill by whom it was for. */
  readonly #last = new Map<string, { readonly eventId: string; readonly atMs: number }>();

  constructor(parts: DrillParts) {
    this.#parts = parts;
  }

  /** For one webhook, also one that is disabled, or with null for all that are enabled. */
  sound(webhookId: string | null, by: DoneBy): Outcome<Drill> {
    const receivers = this.#parts.webhooks
      .receivers()
      .filter(({ id, isEnabled }) => (webhookId === null ? isEnabled : id === webhookId));
    if (receivers.length === 0) return webhookId === null ? noWebhooks : unknownWebhook(webhookId);
    const scope = webhookId ?? 'all';
    const earlier = this.#earlier(scope, by);
    if (earlier !== undefined) return { kind: 'done', value: this.#drillOf(earlier, by.atMs) };
    const event: AlertEvent = {
      id: this.#parts.newEventId(),
      kind: 'drill',
      atMs: by.atMs,
      // Clearly invented: a ППЭ and a room that nobody has.
      incident: samplePrinter('0000', '0000', Math.round(by.atMs)),
      digest: [],
      isDrill: true,
    };
    const { database, outbox, marks, audit } = this.#parts;
    const { account, atMs, requestId } = by;
    database.transaction(() => {
      outbox.record(event, receivers, atMs);
      if (requestId !== null)
        marks.putMadeBy({ what: 'drill', requestId }, { subject: event.id, atMs });
      const details = { event: event.id, webhooks: receivers.length };
      audit.add({ atMs, account, action: 'webhook.test', subject: scope, details });
    });
    this.#last.set(scope, { eventId: event.id, atMs });
    this.#parts.wake();
    return { kind: 'done', value: this.#drillOf(event.id, atMs) };
  }

  #earlier(scope: string, { requestId, atMs }: DoneBy): string | undefined {
    const asked =
      requestId === null ? undefined : this.#parts.marks.madeBy({ what: 'drill', requestId });
    if (asked !== undefined) return asked;
    const last = this.#last.get(scope);
    const ageMs = last === undefined ? Number.NaN : atMs - last.atMs;
    return ageMs >= 0 && ageMs < DOUBLE_CLICK_MS ? last?.eventId : undefined;
  }

  #drillOf(eventId: string, nowMs: number): Drill {
    const deliveries = this.#parts.outbox.list({ eventId, limit: MAX_WEBHOOKS }).toReversed();
    return { eventId, atMs: deliveries[0]?.createdAtMs ?? nowMs, deliveries };
  }
}

const noWebhooks: Outcome<never> = {
  kind: 'refused',
  reason: 'noWebhooks',
  detail: 'no webhook is enabled: set one up first',
};
