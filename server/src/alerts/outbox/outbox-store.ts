import type { Outcome } from '../../incidents/incident-book.ts';
import type { SqlValue, StateDatabase } from '../../state/database.ts';
import type { AlertEvent } from '../alert.ts';
import type { AttemptOutcome, Delivery, DeliveryState } from '../delivery.ts';
import type { Webhook } from '../webhook.ts';
import {
  DELIVERIES,
  DELIVERY_COLUMNS,
  deliveryOf,
  incidentNumber,
  incidentNumberOf,
  orderKeyOf,
  webhookIdOf,
  webhookNumber,
} from './delivery-rows.ts';

/** Who is told, and for how long it is tried. */
export type Receiver = Pick<Webhook, 'id' | 'giveUpAfterMs'>;

/** What is asked for in a list; newest first. */
export interface DeliveryFilter {
  readonly webhookId?: string;
  readonly incidentId?: string;
  readonly eventId?: string;
  readonly state?: DeliveryState;
  /** Ids below this one only. */
  readonly beforeId?: number;
  readonly limit: number;
}

/** One attempt as the log keeps it. */
export interface LoggedAttempt {
  readonly atMs: number;
  readonly outcome: AttemptOutcome;
  readonly status: number | null;
  readonly tookMs: number;
}

/** A delivery with all that was tried, oldest first. */
export interface DeliveryWithAttempts extends Delivery {
  readonly log: readonly LoggedAttempt[];
}

/** Ids of webhooks that were told of an incident. */
export interface ToldOf {
  readonly opening: ReadonlySet<string>;
  readonly end: ReadonlySet<string>;
}

/** An attempt of a row is listed up to this many, the newest of them. */
const MAX_LISTED_ATTEMPTS = 200;

/**
 * The outbox: events and their deliveries. Opens no transaction of its own: what is recorded commits
 * with the change that caused it.
 *
 * Of each (webhook, order key) at most one pending delivery has a next attempt: its turn. The others
 * wait with none, and the oldest of them gets its turn when that one ended, delivered or not. So
 * an incident is told in its order, and what is due is found without looking at what must wait.
 */
export class OutboxStore {
  readonly #database: StateDatabase;

  constructor(database: StateDatabase) {
    this.#database = database;
  }

  /** Writes an event and what is owed to each receiver. Without receivers nothing is written. */
  record(event: AlertEvent, receivers: readonly Receiver[], nowMs: number): void {
    if (receivers.length === 0) return;
    const at = Math.round(nowMs);
    this.#database.run(
      `INSERT INTO alert_events (id, kind, incident_id, at_ms, is_drill, body)
       VALUES (?, ?, ?, ?, ?, ?)`,
      event.id,
      event.kind,
      incidentNumberOf(event),
      Math.round(event.atMs),
      event.isDrill ? 1 : 0,
      JSON.stringify(event),
    );
    const owed = receivers.map(({ id, giveUpAfterMs }) => [
      webhookNumber(id),
      at + Math.round(giveUpAfterMs),
    ]);
    // One statement for all: in a storm the calls are what costs.
    this.#database.run(
      `INSERT INTO deliveries
         (event_id, webhook_id, order_key, state, created_at_ms, next_attempt_at_ms,
          deadline_at_ms, attempts)
       SELECT ?1, owed.value ->> 0, ?2, 'pending', ?3,
         CASE WHEN EXISTS (SELECT 1 FROM deliveries
           WHERE webhook_id = owed.value ->> 0 AND order_key = ?2 AND state = 'pending')
         THEN NULL ELSE ?3 END,
         owed.value ->> 1, 0
       FROM json_each(?4) owed WHERE true
       ON CONFLICT (event_id, webhook_id) DO NOTHING`,
      event.id,
      orderKeyOf(event),
      at,
      JSON.stringify(owed),
    );
  }

  /** Webhooks that were to be told that an incident is there, and those of them that know its end. */
  toldOf(incidentId: string): ToldOf {
    const rows = this.#database.all(
      `SELECT d.webhook_id, max(e.kind IN ('resolved', 'folded')) AS is_closed,
         max(e.kind IN ('opened', 'raised', 'escalated', 'resumed')) AS is_told
       FROM alert_events e JOIN deliveries d ON d.event_id = e.id
       WHERE e.incident_id = ? GROUP BY d.webhook_id`,
      incidentNumber(incidentId),
    );
    const where = (column: 'is_told' | 'is_closed'): ReadonlySet<string> =>
      new Set(rows.filter((row) => row[column] === 1).map((row) => webhookIdOf(row.webhook_id)));
    return { opening: where('is_told'), end: where('is_closed') };
  }

  list(filter: DeliveryFilter): readonly Delivery[] {
    const conditions = ['d.id < ?'];
    const values: SqlValue[] = [filter.beforeId ?? Number.MAX_SAFE_INTEGER];
    if (filter.webhookId !== undefined) {
      conditions.push('d.webhook_id = ?');
      values.push(webhookNumber(filter.webhookId));
    }
    if (filter.incidentId !== undefined) {
      conditions.push('e.incident_id = ?');
      values.push(incidentNumber(filter.incidentId));
    }
    if (filter.eventId !== undefined) {
      conditions.push('d.event_id = ?');
      values.push(filter.eventId);
    }
    if (filter.state !== undefined) {
      conditions.push('d.state = ?');
      values.push(filter.state);
    }
    return this.#database
      .all(
        `SELECT ${DELIVERY_COLUMNS} FROM ${DELIVERIES}
         WHERE ${conditions.join(' AND ')} ORDER BY d.id DESC LIMIT ?`,
        ...values,
        filter.limit,
      )
      .map(deliveryOf);
  }

  find(id: number): DeliveryWithAttempts | undefined {
    const row = this.#row(id);
    if (!row) return undefined;
    const attempts = this.#database.all(
      `SELECT at_ms, outcome, status, took_ms FROM delivery_attempts
       WHERE delivery_id = ? ORDER BY id DESC LIMIT ?`,
      id,
      MAX_LISTED_ATTEMPTS,
    );
    const log = attempts.map((each) => ({
      atMs: Number(each.at_ms),
      outcome: String(each.outcome) as AttemptOutcome,
      status: each.status === null ? null : Number(each.status),
      tookMs: Number(each.took_ms),
    }));
    return { ...row, log: log.toReversed() };
  }

  /** The last «Учебная тревога» of a webhook. */
  lastDrillOf(webhookId: string): Delivery | undefined {
    const rows = this.#database.all(
      `SELECT ${DELIVERY_COLUMNS} FROM ${DELIVERIES}
       WHERE d.webhook_id = ? AND d.order_key >= 'drill:' AND d.order_key < 'drill;'
       ORDER BY d.id DESC LIMIT 1`,
      webhookNumber(webhookId),
    );
    return rows.map(deliveryOf)[0];
  }

  /**
   * Sends a dead or delivered one once more, under the same event's id and with a fresh deadline.
   * `attempts` counts anew, the log keeps all. A pending one is due at once, so that twice is once.
   */
  resend(id: number, giveUpAfterMs: number, nowMs: number): Outcome<Delivery> {
    const at = Math.round(nowMs);
    const known = this.#row(id);
    if (!known) {
      return { kind: 'refused', reason: 'unknownDelivery', detail: `no delivery has the id ${id}` };
    }
    if (known.state === 'cancelled') {
      const detail = `${known.webhookId} was removed: set up a webhook, then send a drill to it`;
      return { kind: 'refused', reason: 'isCancelled', detail };
    }
    if (known.state === 'pending') {
      this.#database.run(
        `UPDATE deliveries SET next_attempt_at_ms = ?
         WHERE id = ? AND state = 'pending' AND next_attempt_at_ms > ?`,
        at,
        id,
        at,
      );
    } else {
      this.#database.run(
        `UPDATE deliveries SET state = 'pending', attempts = 0, ended_at_ms = NULL,
           deadline_at_ms = ?,
           next_attempt_at_ms = CASE WHEN EXISTS (SELECT 1 FROM deliveries other
             WHERE other.webhook_id = deliveries.webhook_id
               AND other.order_key = deliveries.order_key
               AND other.state = 'pending') THEN NULL ELSE ? END
         WHERE id = ? AND state IN ('dead', 'delivered')`,
        at + Math.round(giveUpAfterMs),
        at,
        id,
      );
    }
    return { kind: 'done', value: this.#row(id) ?? known };
  }

  /** A webhook was removed: what it was owed is owed no more. Answers how many. */
  cancelOf(webhookId: string, nowMs: number): number {
    return this.#database.run(
      `UPDATE deliveries SET state = 'cancelled', next_attempt_at_ms = NULL, ended_at_ms = ?
       WHERE state = 'pending' AND webhook_id = ?`,
      Math.round(nowMs),
      webhookNumber(webhookId),
    );
  }

  /**
   * Forgets what ended before a moment, with its attempts and its events; answers how many. What an
   * open incident was told stays: who was told of its beginning must be told of its end.
   */
  pruneBefore(beforeMs: number): number {
    const before = Math.round(beforeMs);
    const old = `SELECT d.id FROM ${DELIVERIES} LEFT JOIN incidents i ON i.id = e.incident_id
      WHERE d.state IN ('delivered', 'dead', 'cancelled') AND d.ended_at_ms < ?
        AND coalesce(i.is_open, 0) = 0`;
    this.#database.run(`DELETE FROM delivery_attempts WHERE delivery_id IN (${old})`, before);
    const forgotten = this.#database.run(`DELETE FROM deliveries WHERE id IN (${old})`, before);
    this.#database.run(
      `DELETE FROM alert_events WHERE at_ms < ?
       AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event_id = alert_events.id)`,
      before,
    );
    return forgotten;
  }

  #row(id: number): Delivery | undefined {
    return this.#database
      .all(`SELECT ${DELIVERY_COLUMNS} FROM ${DELIVERIES} WHERE d.id = ?`, id)
      .map(deliveryOf)[0];
  }
}
