import { onTestFinished } from 'vitest';
import type { AlertEvent } from '../../server/src/alerts/alert.ts';
import type {
  Attempt,
  AttemptOutcome,
  Delivery,
  Outgoing,
  Send,
} from '../../server/src/alerts/delivery.ts';
import { Dispatcher, type DispatcherParts } from '../../server/src/alerts/outbox/dispatcher.ts';
import { OutboxQueue } from '../../server/src/alerts/outbox/outbox-queue.ts';
import { OutboxStore } from '../../server/src/alerts/outbox/outbox-store.ts';
import type { WebhookWithSecrets } from '../../server/src/alerts/webhook.ts';
import type { StateDatabase } from '../../server/src/state/database.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { MORNING_MS, webhookTo } from '../support/outbox-events.ts';
import { VirtualTimers } from '../support/virtual-timers.ts';

/** One attempt that a receiver saw. */
export interface Seen {
  readonly webhookId: string;
  readonly eventId: string;
  readonly atMs: number;
}

/** What a receiver does with an attempt. */
export type Receive = (seen: Seen) => Attempt | Promise<Attempt>;

export function attempt(outcome: AttemptOutcome, more: Partial<Attempt> = {}): Attempt {
  const isRetryable = ['serverError', 'timedOut', 'throttled', 'connectionFailed'].includes(
    outcome,
  );
  return { outcome, status: null, tookMs: 5, retryAfterMs: null, isRetryable, ...more };
}

/** An empty state database in memory: that the file survives is tested with `kill -9`. */
export function stateDatabase(): StateDatabase {
  const database = openState(':memory:');
  onTestFinished(() => database.close());
  return database;
}

/** A real outbox over a real database; the receivers and the clocks are the test's. */
export class OutboxStage {
  readonly timers = new VirtualTimers();
  readonly database: StateDatabase;
  readonly store: OutboxStore;
  readonly queue: OutboxQueue;
  readonly seen: Seen[] = [];
  readonly ended: Delivery[] = [];
  readonly webhooks = new Map<string, WebhookWithSecrets>();
  dispatcher: Dispatcher;
  receive: Receive = () => attempt('delivered');
  /** Instead of `receive`: a real transport to the receivers' addresses. */
  through: Send | undefined;
  random = (): number => 0.5;
  make: DispatcherParts['make'] = (_event, webhook) => messageTo(webhook);
  /** The wall clock was set by this much. */
  steppedMs = 0;
  /** Attempts under way, now and at most. */
  underWay = 0;
  mostUnderWay = 0;

  constructor(database = stateDatabase()) {
    this.database = database;
    this.store = new OutboxStore(database);
    this.queue = new OutboxQueue(database);
    for (const id of ['wh-1', 'wh-2'])
      this.webhooks.set(id, webhookTo(id, `http://${id}.example/`));
    this.dispatcher = this.#dispatcher();
    onTestFinished(() => this.close());
  }

  get nowMs(): number {
    return MORNING_MS + this.timers.nowMs + this.steppedMs;
  }

  record(event: AlertEvent, webhookIds: readonly string[] = ['wh-1']): void {
    const receivers = webhookIds.map((id) => ({ id, giveUpAfterMs: 3_600_000 }));
    this.database.transaction(() => this.store.record(event, receivers, this.nowMs));
    this.dispatcher.wake();
  }

  /** Ends the dispatcher; what still hangs is left behind. */
  async close(): Promise<void> {
    const closing = this.dispatcher.close();
    await this.timers.advance(5_000);
    await closing;
  }

  /** A process that begins anew over the same database. */
  restart(): void {
    this.dispatcher = this.#dispatcher();
    this.dispatcher.wake();
  }

  /** Time passes; all that is due happens. */
  async run(ms = 0, stepMs = Math.max(250, ms / 1_000)): Promise<void> {
    const untilMs = this.timers.nowMs + ms;
    await this.#quiet();
    while (this.timers.nowMs < untilMs) {
      await this.timers.advance(Math.min(stepMs, untilMs - this.timers.nowMs));
      await this.#quiet();
    }
  }

  deliveries(webhookId = 'wh-1'): Delivery[] {
    return this.store.list({ webhookId, limit: 1_000 }).toReversed();
  }

  seenBy(webhookId = 'wh-1'): string[] {
    return this.seen.filter((each) => each.webhookId === webhookId).map((each) => each.eventId);
  }

  #dispatcher(): Dispatcher {
    const send: DispatcherParts['send']['http'] = async (outgoing, webhook, event) => {
      const seen = {
        webhookId: outgoing.kind === 'http' ? outgoing.body : '',
        eventId: event.id,
        atMs: this.timers.nowMs,
      };
      this.seen.push(seen);
      if (this.through) return this.through(outgoing, webhook, event);
      this.underWay += 1;
      this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
      try {
        return await this.receive(seen);
      } finally {
        this.underWay -= 1;
      }
    };
    return new Dispatcher({
      store: this.store,
      queue: this.queue,
      webhookOf: (id) => this.webhooks.get(id),
      make: (event, webhook) => this.make(event, webhook),
      send: { http: send, mail: send },
      clock: { wallMs: () => this.nowMs, monotonicMs: () => this.timers.nowMs },
      random: () => this.random(),
      timers: this.timers,
      log: { warn: () => undefined, error: () => undefined },
      onEnded: (delivery) => this.ended.push(delivery),
    });
  }

  /** Waits until nothing more happens at this moment. */
  async #quiet(): Promise<void> {
    for (let calm = 0, before = -1; calm < 3;) {
      await this.timers.advance(0);
      const count = this.seen.length + this.ended.length;
      calm = count === before ? calm + 1 : 0;
      before = count;
    }
  }
}

function messageTo({ id, settings }: WebhookWithSecrets): Outgoing {
  return { kind: 'http', url: String(settings.url), method: 'POST', headers: {}, body: id };
}
