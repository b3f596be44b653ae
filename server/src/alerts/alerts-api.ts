import type { DoneBy, Outcome } from '../incidents/incident-book.ts';
import { notStored } from '../incidents/note.ts';
import type { Log } from '../log.ts';
import type { Audit } from '../state/audit.ts';
import { isStoreError, type StateDatabase } from '../state/database.ts';
import { closingKinds } from './alert.ts';
import type { Delivery } from './delivery.ts';
import type { Drill, Drills } from './drill.ts';
import { webhookNumber } from './outbox/delivery-rows.ts';
import type { Dispatcher } from './outbox/dispatcher.ts';
import type { DeliveryFilter, DeliveryWithAttempts, OutboxStore } from './outbox/outbox-store.ts';
import { checkRouting, type Nameable } from './routing/check-routing.ts';
import type { Marks } from './routing/marks.ts';
import type { RoutingStore, StoredRouting } from './routing/routing-store.ts';
import type { ShapeProblem } from './routing/shape-problems.ts';
import { draftOf, type AddressGround, type DraftOutcome } from './webhook-draft.ts';
import { unknownWebhook, type WebhookStore } from './webhook-store.ts';
import type { Webhook } from './webhook.ts';

/** A webhook as people see it: with how its deliveries go. */
export interface WebhookStanding extends Webhook {
  /** `closed`, `open`, `halfOpen` or `patience`. */
  readonly breaker: string;
  readonly pending: number;
  readonly dead: number;
}

/** What routes ask of the alerts. */
export interface AlertsApi {
  webhooks(): readonly WebhookStanding[];
  webhook(id: string): WebhookStanding | undefined;
  /** `body` is whatever came in: it is judged here. */
  addWebhook(body: unknown, by: WhoAndWhen): Promise<Outcome<WebhookStanding>>;
  changeWebhook(id: string, body: unknown, by: WhoAndWhen): Promise<Outcome<WebhookStanding>>;
  removeWebhook(
    id: string,
    by: DoneBy,
  ): Outcome<{ readonly id: string; readonly cancelled: number }>;
  /** Null for all that are enabled. */
  drill(webhookId: string | null, by: DoneBy): Outcome<Drill>;
  deliveries(filter: DeliveryFilter): readonly Delivery[];
  delivery(id: number): DeliveryWithAttempts | undefined;
  resend(id: number, by: DoneBy): Outcome<Delivery>;
  routing(): StoredRouting;
  putRouting(
    document: unknown,
    baseVersion: number | undefined,
    by: DoneBy,
  ): Outcome<StoredRouting>;
}

/** The request's id is in the body and judged with it. */
export type WhoAndWhen = Omit<DoneBy, 'requestId'>;

export interface AlertsApiParts {
  readonly database: StateDatabase;
  readonly audit: Audit;
  readonly store: WebhookStore;
  readonly routing: RoutingStore;
  readonly outbox: OutboxStore;
  readonly dispatcher: Pick<Dispatcher, 'breakerOf' | 'forget' | 'tryNow' | 'wake'>;
  readonly drills: Drills;
  readonly marks: Marks;
  readonly addresses: AddressGround;
  /** Municipalities and sites of the region that holds. */
  readonly nameable: () => Omit<Nameable, 'webhookIds'>;
  /** Something changed that warnings are made of. */
  readonly onChange: () => void;
  readonly log: Pick<Log, 'error'>;
}

/** A second click within this time is the same as the first. */
const DOUBLE_CLICK_MS = 5_000;

/** What people do with alerts. */
export class AlertsDoor implements AlertsApi {
  readonly #parts: AlertsApiParts;
  /** When deliveries were sent again, the last few. */
  readonly #resentAtMs = new Map<number, number>();

  constructor(parts: AlertsApiParts) {
    this.#parts = parts;
  }

  webhooks(): readonly WebhookStanding[] {
    return this.#parts.store.list().map((webhook) => this.#standing(webhook));
  }

  webhook(id: string): WebhookStanding | undefined {
    const webhook = this.#parts.store.find(id);
    return webhook && this.#standing(webhook);
  }

  async addWebhook(body: unknown, by: WhoAndWhen): Promise<Outcome<WebhookStanding>> {
    const judged = await draftOf(body, undefined, this.#parts.addresses);
    if (!judged.ok) return refusedBy(judged.problems);
    return this.#written(() => this.#parts.store.add(judged.draft, doneBy(judged, by)));
  }

  async changeWebhook(
    id: string,
    body: unknown,
    by: WhoAndWhen,
  ): Promise<Outcome<WebhookStanding>> {
    const { store, addresses, dispatcher } = this.#parts;
    const revision = store.revision;
    const before = store.withSecrets(id);
    if (!before) return unknownWebhook(id);
    const judged = await draftOf(body, before, addresses);
    if (!judged.ok) return refusedBy(judged.problems);
    // Somebody was faster while names were asked: what they wrote is not to be lost.
    if (store.revision !== revision) return this.changeWebhook(id, body, by);
    const written = this.#written(() => store.change(id, judged.draft, doneBy(judged, by)));
    // It may work now: what waits for it is tried.
    if (written.kind === 'done') dispatcher.tryNow(id);
    return written;
  }

  removeWebhook(
    id: string,
    by: DoneBy,
  ): Outcome<{ readonly id: string; readonly cancelled: number }> {
    const { store, routing, dispatcher, onChange } = this.#parts;
    const route = routing
      .current()
      .routing.routes.find(({ webhooks, escalation = [] }) =>
        [webhooks, ...escalation.map((step) => step.webhooks)].some((ids) => ids.includes(id)),
      );
    // Silently, the route would tell nobody.
    if (route && store.find(id)) {
      const detail = `the route “${route.name}” tells ${id}: take it out of the routes first`;
      return { kind: 'refused', reason: 'inRouting', detail };
    }
    const removed = this.#stored(() => store.remove(id, by));
    if (removed.kind === 'done') dispatcher.forget(id);
    onChange();
    return removed;
  }

  drill(webhookId: string | null, by: DoneBy): Outcome<Drill> {
    const outcome = this.#stored(() => this.#parts.drills.sound(webhookId, by));
    this.#parts.onChange();
    return outcome;
  }

  deliveries(filter: DeliveryFilter): readonly Delivery[] {
    return this.#parts.outbox.list(filter);
  }

  delivery(id: number): DeliveryWithAttempts | undefined {
    return this.#parts.outbox.find(id);
  }

  resend(id: number, by: DoneBy): Outcome<Delivery> {
    const { outbox, store, dispatcher, onChange } = this.#parts;
    const known = outbox.find(id);
    const webhook = known && store.find(known.webhookId);
    if (known && !webhook) {
      const detail = `${known.webhookId} was removed: set up a webhook, then send a drill to it`;
      return { kind: 'refused', reason: 'isCancelled', detail };
    }
    const earlier = known && this.#resent(known, by);
    if (earlier) return earlier;
    const outcome = this.#stored(() => this.#resend(id, webhook?.giveUpAfterMs ?? 0, by));
    if (outcome.kind === 'done') {
      this.#resentAtMs.set(id, by.atMs);
      dispatcher.tryNow(outcome.value.webhookId);
    }
    onChange();
    return outcome;
  }

  routing(): StoredRouting {
    return this.#parts.routing.current();
  }

  putRouting(
    document: unknown,
    baseVersion: number | undefined,
    by: DoneBy,
  ): Outcome<StoredRouting> {
    const { routing, audit, store, nameable } = this.#parts;
    const webhookIds = store.receivers().map(({ id }) => id);
    const judged = checkRouting(document, { ...nameable(), webhookIds });
    if (!judged.ok) return refusedBy(judged.problems);
    const { account, atMs } = by;
    const details = { routes: judged.routing.routes.length };
    return this.#stored(() =>
      routing.put(judged.routing, baseVersion, (version) => {
        const subject = `version ${version}`;
        audit.add({ atMs, account, action: 'routing.put', subject, details });
      }),
    );
  }

  #resend(id: number, giveUpAfterMs: number, by: DoneBy): Outcome<Delivery> {
    const { database, outbox, audit, marks } = this.#parts;
    const { account, atMs, requestId } = by;
    let outcome: Outcome<Delivery> | undefined;
    database.transaction(() => {
      outcome = outbox.resend(id, giveUpAfterMs, atMs);
      if (outcome.kind !== 'done') return;
      const { eventId: event, webhookId } = outcome.value;
      const end = this.#endAfter(outcome.value);
      if (end !== undefined) outbox.resend(end, giveUpAfterMs, atMs);
      const details = { event, webhook: webhookId, end: end ?? null };
      const subject = String(id);
      audit.add({ atMs, account, action: 'delivery.resend', subject, details });
      if (requestId !== null) marks.putMadeBy({ what: 'resend', requestId }, { subject, atMs });
    });
    if (!outcome) throw new Error('the transaction did not run');
    return outcome;
  }

  /** The end that the receiver was told behind it: else it would believe that the incident is open. */
  #endAfter({ id, webhookId, incidentId }: Delivery): number | undefined {
    if (incidentId === null) return undefined;
    // An end is the newest of what is told of an incident.
    const [last] = this.#parts.outbox.list({ webhookId, incidentId, limit: 1 });
    return last && last.id > id && closingKinds.has(last.kind) ? last.id : undefined;
  }

  /** What a second click is answered, also after the first was answered by the receiver. */
  #resent(known: Delivery, { requestId, atMs }: DoneBy): Outcome<Delivery> | undefined {
    for (const [each, resentAtMs] of this.#resentAtMs)
      if (Math.abs(atMs - resentAtMs) >= DOUBLE_CLICK_MS) this.#resentAtMs.delete(each);
    const made =
      requestId === null ? undefined : this.#parts.marks.madeBy({ what: 'resend', requestId });
    if (made === undefined ? this.#resentAtMs.has(known.id) : made === String(known.id))
      return { kind: 'done', value: known };
    if (made === undefined) return undefined;
    const detail = `the request was about delivery ${made}; use a fresh requestId`;
    return { kind: 'refused', reason: 'requestIdUsed', detail };
  }

  #written(work: () => Outcome<Webhook>): Outcome<WebhookStanding> {
    const outcome = this.#stored(work);
    this.#parts.onChange();
    return outcome.kind === 'done'
      ? { kind: 'done', value: this.#standing(outcome.value) }
      : outcome;
  }

  /** A disk that is full, or broken, refuses: nothing of it happened. */
  #stored<T>(work: () => Outcome<T>): Outcome<T> {
    try {
      return work();
    } catch (error) {
      if (!isStoreError(error)) throw error;
      this.#parts.log.error({ err: error }, 'a change of the alerts is not written');
      return notStored();
    }
  }

  #standing(webhook: Webhook): WebhookStanding {
    const count = (state: 'pending' | 'dead'): number =>
      Number(
        this.#parts.database.all(
          'SELECT count(*) AS n FROM deliveries WHERE state = ? AND webhook_id = ?',
          state,
          webhookNumber(webhook.id),
        )[0]?.n ?? 0,
      );
    const breaker = this.#parts.dispatcher.breakerOf(webhook.id).state;
    return { ...webhook, breaker, pending: count('pending'), dead: count('dead') };
  }
}

/** The first mistake names the refusal, the detail tells all of them. */
function refusedBy(
  problems: readonly ShapeProblem[],
): Extract<Outcome<never>, { kind: 'refused' }> {
  const reason = problems[0]?.reason ?? 'badRequest';
  return { kind: 'refused', reason, detail: problems.map(({ detail }) => detail).join('; ') };
}

function doneBy({ requestId }: Extract<DraftOutcome, { ok: true }>, by: WhoAndWhen): DoneBy {
  return { ...by, requestId };
}
