import type { StateDatabase } from '../../state/database.ts';
import type { AlertEvent } from '../alert.ts';
import type { Attempt, AttemptOutcome, Delivery } from '../delivery.ts';
import {
  DELIVERIES,
  DELIVERY_COLUMNS,
  deliveryOf,
  webhookIdOf,
  webhookNumber,
} from './delivery-rows.ts';
import type { RetryDecision } from './retry.ts';

/** A delivery whose turn it is, with what is to be told. */
export interface DueDelivery {
  readonly delivery: Delivery;
  readonly event: AlertEvent;
  readonly orderKey: string;
}

/** A receiver that is owed something. */
export interface WaitingWebhook {
  readonly webhookId: string;
  /** Of those whose turn it is. */
  readonly earliestAtMs: number;
  readonly latestAtMs: number;
}

/** An attempt that ended, and what becomes of its delivery. */
export interface AttemptResult {
  readonly due: DueDelivery;
  readonly attempt: Attempt;
  readonly decision: RetryDecision;
  readonly atMs: number;
}

/** How many, and which ones not: they are under way. */
export interface DuePick {
  readonly limit: number;
  readonly except: ReadonlySet<number>;
}

/** Deliveries that are given up in one go. */
const MAX_GIVEN_UP = 500;

/** The dispatcher's side of the outbox. `settle` and `giveUp` are transactions of their own. */
export class OutboxQueue {
  readonly #database: StateDatabase;

  constructor(database: StateDatabase) {
    this.#database = database;
  }

  /** Who is owed something, those that wait longest first. */
  waiting(): readonly WaitingWebhook[] {
    return this.#database
      .all(
        `SELECT webhook_id, min(next_attempt_at_ms) AS earliest, max(next_attempt_at_ms) AS latest
         FROM deliveries WHERE state = 'pending' AND next_attempt_at_ms IS NOT NULL
         GROUP BY webhook_id ORDER BY earliest`,
      )
      .map((row) => ({
        webhookId: webhookIdOf(row.webhook_id),
        earliestAtMs: Number(row.earliest),
        latestAtMs: Number(row.latest),
      }));
  }

  /** Deliveries whose turn it is and whose moment has come, the earliest first. */
  due(webhookId: string, nowMs: number, pick: DuePick): readonly DueDelivery[] {
    return this.#database
      .all(
        `SELECT ${DELIVERY_COLUMNS}, e.body FROM ${DELIVERIES}
         WHERE d.state = 'pending' AND d.webhook_id = ? AND d.next_attempt_at_ms <= ?
         ORDER BY d.next_attempt_at_ms LIMIT ?`,
        webhookNumber(webhookId),
        Math.round(nowMs),
        pick.limit + pick.except.size,
      )
      .filter((row) => !pick.except.has(Number(row.id)))
      .slice(0, pick.limit)
      .map(dueOf);
  }

  /** Drills that wait, due or not: few, and they pass a breaker. */
  drills(webhookId: string): readonly DueDelivery[] {
    return this.#database
      .all(
        `SELECT ${DELIVERY_COLUMNS}, e.body FROM ${DELIVERIES}
         WHERE d.webhook_id = ? AND d.order_key >= 'drill:' AND d.order_key < 'drill;'
           AND +d.state = 'pending'
         ORDER BY d.id`,
        webhookNumber(webhookId),
      )
      .map(dueOf);
  }

  /** The next moment of a webhook after `nowMs`; null for none. */
  nextAfter(webhookId: string, nowMs: number): number | null {
    const row = this.#database.all(
      `SELECT min(next_attempt_at_ms) AS next FROM deliveries
       WHERE state = 'pending' AND webhook_id = ? AND next_attempt_at_ms > ?`,
      webhookNumber(webhookId),
      Math.round(nowMs),
    )[0];
    return row?.next === null || row?.next === undefined ? null : Number(row.next);
  }

  /** Whatever has its turn is due at once. */
  hasten(webhookId: string, nowMs: number): void {
    const at = Math.round(nowMs);
    this.#database.run(
      `UPDATE deliveries SET next_attempt_at_ms = ?
       WHERE state = 'pending' AND webhook_id = ? AND next_attempt_at_ms > ?`,
      at,
      webhookNumber(webhookId),
      at,
    );
  }

  /** Writes attempts with what becomes of their deliveries. One cancelled meanwhile stays so. */
  settle(results: readonly AttemptResult[]): void {
    this.#database.transaction(() => {
      for (const result of results) {
        this.#log(result);
        if (this.#update(result) === 1 && result.decision.state !== 'pending') {
          this.#giveTurn(result.due.delivery.webhookId, result.due.orderKey, result.atMs);
        }
      }
    });
  }

  /**
   * Gives up what is past its deadline, without an attempt: for receivers that get none.
   * `outcome` is why. Answers what was given up.
   */
  giveUp(
    webhookId: string,
    nowMs: number,
    why: { readonly outcome: AttemptOutcome | null; readonly except: ReadonlySet<number> },
  ): readonly Delivery[] {
    const at = Math.round(nowMs);
    const overdue = this.#database
      .all(
        `SELECT ${DELIVERY_COLUMNS} FROM ${DELIVERIES}
         WHERE d.state = 'pending' AND d.webhook_id = ? AND d.deadline_at_ms <= ?
         ORDER BY d.id LIMIT ?`,
        webhookNumber(webhookId),
        at,
        MAX_GIVEN_UP,
      )
      .filter((row) => !why.except.has(Number(row.id)));
    if (overdue.length === 0) return [];
    this.#database.transaction(() => {
      for (const row of overdue) {
        this.#database.run(
          `UPDATE deliveries SET state = 'dead', next_attempt_at_ms = NULL, ended_at_ms = ?,
             last_outcome = coalesce(last_outcome, ?)
           WHERE id = ?`,
          at,
          why.outcome,
          Number(row.id),
        );
      }
      for (const orderKey of new Set(overdue.map((row) => String(row.order_key))))
        this.#giveTurn(webhookId, orderKey, at);
    });
    return overdue.map((row) => ({
      ...deliveryOf(row),
      state: 'dead',
      nextAttemptAtMs: null,
      endedAtMs: at,
      lastOutcome: deliveryOf(row).lastOutcome ?? why.outcome,
    }));
  }

  /** Counts for `/readyz` and `/metrics`. */
  counts(): { pending: number; dead: number; oldestPendingAtMs: number | null } {
    const [pending] = this.#database.all(
      `SELECT count(*) AS n, min(created_at_ms) AS oldest FROM deliveries WHERE state = 'pending'`,
    );
    const [dead] = this.#database.all(`SELECT count(*) AS n FROM deliveries WHERE state = 'dead'`);
    const oldest = pending?.oldest ?? null;
    return {
      pending: Number(pending?.n ?? 0),
      dead: Number(dead?.n ?? 0),
      oldestPendingAtMs: oldest === null ? null : Number(oldest),
    };
  }

  #log({ due, attempt, atMs }: AttemptResult): void {
    this.#database.run(
      `INSERT INTO delivery_attempts (delivery_id, at_ms, outcome, status, took_ms)
       VALUES (?, ?, ?, ?, ?)`,
      due.delivery.id,
      Math.round(atMs),
      attempt.outcome,
      attempt.status,
      Math.round(attempt.tookMs),
    );
  }

  #update({ due, attempt, decision, atMs }: AttemptResult): number {
    return this.#database.run(
      `UPDATE deliveries SET state = ?, next_attempt_at_ms = ?, ended_at_ms = ?,
         attempts = attempts + 1, last_outcome = ?, last_status = ?, last_took_ms = ?
       WHERE id = ? AND state = 'pending'`,
      decision.state,
      decision.state === 'pending' ? decision.nextAttemptAtMs : null,
      decision.state === 'pending' ? null : Math.round(atMs),
      attempt.outcome,
      attempt.status,
      Math.round(attempt.tookMs),
      due.delivery.id,
    );
  }

  /** The oldest of those that wait is next, unless one has its turn. */
  #giveTurn(webhookId: string, orderKey: string, atMs: number): void {
    const webhook = webhookNumber(webhookId);
    this.#database.run(
      `UPDATE deliveries SET next_attempt_at_ms = ?
       WHERE id = (SELECT min(id) FROM deliveries
         WHERE webhook_id = ? AND order_key = ? AND state = 'pending')
       AND NOT EXISTS (SELECT 1 FROM deliveries
         WHERE webhook_id = ? AND order_key = ? AND state = 'pending'
           AND next_attempt_at_ms IS NOT NULL)`,
      Math.round(atMs),
      webhook,
      orderKey,
      webhook,
      orderKey,
    );
  }
}

/** The delivery as it is after an attempt. */
export function settled({ due, attempt, decision, atMs }: AttemptResult): Delivery {
  const isPending = decision.state === 'pending';
  return {
    ...due.delivery,
    state: decision.state,
    nextAttemptAtMs: isPending ? decision.nextAttemptAtMs : null,
    endedAtMs: isPending ? null : Math.round(atMs),
    attempts: due.delivery.attempts + 1,
    lastOutcome: attempt.outcome,
    lastStatus: attempt.status,
    lastTookMs: Math.round(attempt.tookMs),
  };
}

function dueOf(row: Readonly<Record<string, unknown>>): DueDelivery {
  return {
    delivery: deliveryOf(row),
    event: JSON.parse(String(row.body)) as AlertEvent,
    orderKey: String(row.order_key),
  };
}
