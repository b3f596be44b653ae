import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Incident } from '@ppe-pulse/protocol';
import type { AlertEvent, AlertKind } from '../../server/src/alerts/alert.ts';
import { Desk } from '../../server/src/alerts/desk.ts';
import { newEventId } from '../../server/src/alerts/outbox/event-id.ts';
import { OutboxStore } from '../../server/src/alerts/outbox/outbox-store.ts';
import { Marks } from '../../server/src/alerts/routing/marks.ts';
import type { RoutingGround } from '../../server/src/alerts/routing/route-of.ts';
import { defaultRouting, type Routing } from '../../server/src/alerts/routing/routing.ts';
import { WebhookStore } from '../../server/src/alerts/webhook-store.ts';
import { createLog } from '../../server/src/log.ts';
import { createAudit } from '../../server/src/state/audit.ts';
import type { StateDatabase } from '../../server/src/state/database.ts';
import { openState } from '../../server/src/state/state-store.ts';
import type { WebhookFormatId } from '../../server/src/alerts/webhook.ts';
import { alertsFromMs } from './alert-samples.ts';
import { tempDir } from './temp-dir.ts';

const MINUTE_MS = 60_000;

/** What was written for whom: `opened i-17 wh-1`; a digest names its incidents. */
export type Told = string;

/** A desk over a real database on virtual time; the collector may be started anew in between. */
export class AlertStage {
  readonly database: StateDatabase = openState(join(tempDir(), 'state.db'));
  readonly outbox = new OutboxStore(this.database);
  readonly webhooks: WebhookStore;
  readonly escalations: string[] = [];
  routing: Routing = defaultRouting;
  ground = (): RoutingGround => ({
    municipalityOf: () => 'kemerovo',
    phaseOf: () => 'opening',
    minuteOfDay: 560,
  });
  nowMs = alertsFromMs;
  /** How far somebody has set the wall clock since. */
  wallStepMs = 0;
  desk: Desk;
  readonly #open = new Map<string, Incident>();
  #read = 0;

  constructor(webhooks = 2) {
    onTestFinished(() => this.database.close());
    const audit = createAudit(this.database);
    this.webhooks = new WebhookStore({ database: this.database, audit, outbox: this.outbox });
    for (let number = 1; number <= webhooks; number += 1) this.addWebhook(`receiver ${number}`);
    this.desk = this.restart();
  }

  addWebhook(name: string, isEnabled = true, format: WebhookFormatId = 'json'): string {
    const outcome = this.webhooks.add(
      {
        name,
        format,
        settings: { url: 'https://hooks.example.org/' },
        secrets: {},
        isEnabled,
        allowsPrivate: false,
        giveUpAfterMs: 60 * MINUTE_MS,
        language: 'ru',
        template: null,
      },
      { account: 'admin', atMs: this.nowMs, requestId: null },
    );
    if (outcome.kind !== 'done') throw new Error(outcome.detail);
    return outcome.value.id;
  }

  /** The collector died and is up again: nothing is known but what is written. */
  restart(): Desk {
    this.desk = new Desk({
      outbox: this.outbox,
      marks: new Marks(this.database),
      receivers: () => this.webhooks.receivers(),
      routing: () => this.routing,
      groundAt: () => this.ground(),
      newEventId,
      startedMonotonicMs: this.nowMs,
      noteEscalation: ({ id }, to) => this.escalations.push(`${id} ${to.join(' ')}`),
      wake: () => undefined,
      log: createLog('silent'),
    });
    return this.desk;
  }

  /** Something happens to an incident, and is committed. */
  take(kind: AlertKind, incident: Incident): void {
    if (incident.resolvedAtMs === null) this.#open.set(incident.id, incident);
    else this.#open.delete(incident.id);
    this.database.transaction(() => this.desk.take([{ kind, incident }], this.#moment()));
  }

  /** An open incident changed without anybody being told. */
  change(incident: Incident): void {
    this.#open.set(incident.id, incident);
  }

  /** The collector does nothing for so long. */
  sleep(minutes: number): void {
    this.nowMs += minutes * MINUTE_MS;
  }

  /** Time goes on, second by second. */
  pass(minutes: number): void {
    const untilMs = this.nowMs + minutes * MINUTE_MS;
    while (this.nowMs < untilMs) {
      this.nowMs += 1_000;
      this.tick();
    }
  }

  tick(): void {
    this.database.transaction(() => this.desk.tick(this.#open.values(), this.#moment()));
  }

  /** A transaction that the disk refuses. */
  tickRefused(): void {
    try {
      this.database.transaction(() => {
        this.desk.tick(this.#open.values(), this.#moment());
        throw new Error('the disk is full');
      });
    } catch {
      // As the book does: it is tried again.
    }
  }

  /** What was written since the last look, in its order. */
  told(): readonly Told[] {
    const rows = this.database.all(
      `SELECT d.id, d.webhook_id, e.body FROM deliveries d JOIN alert_events e ON e.id = d.event_id
       WHERE d.id > ? ORDER BY d.id`,
      this.#read,
    );
    this.#read = Number(rows.at(-1)?.id ?? this.#read);
    return rows.map((row) => {
      const { kind, incident, digest } = JSON.parse(String(row.body)) as AlertEvent;
      const about = kind === 'digest' ? digest.map(({ id }) => id).join('+') : incident.id;
      return `${kind} ${about} wh-${Number(row.webhook_id)}`;
    });
  }

  events(): readonly AlertEvent[] {
    return this.database
      .all('SELECT body FROM alert_events ORDER BY rowid')
      .map(({ body }) => JSON.parse(String(body)) as AlertEvent);
  }

  #moment() {
    return { wallMs: this.nowMs + this.wallStepMs, monotonicMs: this.nowMs };
  }
}
