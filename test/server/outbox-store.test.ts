import { describe, expect, it } from 'vitest';
import type { AlertKind } from '../../server/src/alerts/alert.ts';
import type { AttemptOutcome } from '../../server/src/alerts/delivery.ts';
import { newEventId } from '../../server/src/alerts/outbox/event-id.ts';
import { OutboxQueue } from '../../server/src/alerts/outbox/outbox-queue.ts';
import { OutboxStore } from '../../server/src/alerts/outbox/outbox-store.ts';
import type { StateDatabase } from '../../server/src/state/database.ts';
import { MORNING_MS, alertEvent } from '../support/outbox-events.ts';
import { attempt, stateDatabase } from './outbox-stage.ts';

const HOUR_MS = 3_600_000;

function stage() {
  const database = stateDatabase();
  const store = new OutboxStore(database);
  const queue = new OutboxQueue(database);
  let number = 0;
  const record = (incidentId: string, kind: AlertKind, webhookIds = ['wh-1']): string => {
    const event = alertEvent(incidentId, kind, (number += 1));
    const receivers = webhookIds.map((id) => ({ id, giveUpAfterMs: HOUR_MS }));
    store.record(event, receivers, MORNING_MS);
    return event.id;
  };
  const due = (webhookId = 'wh-1', nowMs = MORNING_MS) =>
    queue.due(webhookId, nowMs, { limit: 100, except: new Set() });
  const end = (id: number, outcome: AttemptOutcome, nowMs = MORNING_MS): void => {
    const found = due('wh-1', nowMs).find(({ delivery }) => delivery.id === id);
    if (!found) throw new Error(`delivery ${id} is not due`);
    const state = outcome === 'delivered' ? 'delivered' : 'dead';
    queue.settle([{ due: found, attempt: attempt(outcome), decision: { state }, atMs: nowMs }]);
  };
  return { database, store, queue, record, due, end };
}

/** How SQLite would answer a statement. */
function planOf(database: StateDatabase, sql: string, count: number): string {
  const rows = database.all(`EXPLAIN QUERY PLAN ${sql}`, ...Array.from({ length: count }, () => 1));
  return rows.map((row) => String(row.detail)).join('; ');
}

describe('the outbox', () => {
  it('owes an event to each receiver, whole and under its id', () => {
    const { store, record, due } = stage();
    const eventId = record('i-17', 'opened', ['wh-1', 'wh-3']);
    expect(store.list({ limit: 10 })).toEqual([
      expect.objectContaining({ id: 2, webhookId: 'wh-3', eventId, state: 'pending' }),
      {
        id: 1,
        eventId,
        webhookId: 'wh-1',
        kind: 'opened',
        incidentId: 'i-17',
        isDrill: false,
        state: 'pending',
        createdAtMs: MORNING_MS,
        nextAttemptAtMs: MORNING_MS,
        deadlineAtMs: MORNING_MS + HOUR_MS,
        attempts: 0,
        lastOutcome: null,
        lastStatus: null,
        lastTookMs: null,
        endedAtMs: null,
      },
    ]);
    expect(due('wh-3')[0]?.event).toEqual(alertEvent('i-17', 'opened', 1));
  });

  it('is written with the change that caused it, or not at all', () => {
    const { database, store, record } = stage();
    const failing = (): void =>
      database.transaction(() => {
        record('i-17', 'opened');
        throw new Error('the incident could not be written');
      });
    expect(failing).toThrow('could not be written');
    expect(store.list({ limit: 10 })).toEqual([]);
    expect(database.all('SELECT count(*) AS n FROM alert_events')[0]?.n).toBe(0);
    store.record(alertEvent('i-18', 'opened'), [], MORNING_MS);
    expect(database.all('SELECT count(*) AS n FROM alert_events')[0]?.n).toBe(0);
  });

  it('tells an incident in its order, and what is of none at once', () => {
    const { store, record, due, end } = stage();
    record('i-17', 'opened');
    record('i-17', 'raised');
    record('i-18', 'opened');
    record('i-17', 'resolved');
    record('i-17', 'drill');
    record('i-17', 'digest');
    const dueIds = () => due().map(({ delivery }) => delivery.id);
    expect(dueIds()).toEqual([1, 3, 5, 6]);
    expect(store.find(2)?.nextAttemptAtMs).toBeNull();
    expect(store.list({ limit: 9 }).map((each) => each.incidentId)).toEqual([
      null,
      null,
      'i-17',
      'i-18',
      'i-17',
      'i-17',
    ]);
    end(1, 'delivered');
    expect(dueIds()).toEqual([2, 3, 5, 6]);
    // A dead one blocks nobody.
    end(2, 'gone');
    expect(dueIds()).toEqual([3, 4, 5, 6]);
  });

  it('knows who was told that an incident is there', () => {
    const { store, record } = stage();
    record('i-17', 'opened', ['wh-1']);
    record('i-17', 'raised', ['wh-1', 'wh-2']);
    record('i-17', 'acknowledged', ['wh-3']);
    record('i-17', 'digest', ['wh-4']);
    record('i-18', 'escalated', ['wh-5']);
    expect([...store.toldOf('i-17').opening].toSorted()).toEqual(['wh-1', 'wh-2']);
    expect([...store.toldOf('i-18').opening]).toEqual(['wh-5']);
    expect([...store.toldOf('i-1').opening]).toEqual([]);
    expect([...store.toldOf('what').opening]).toEqual([]);
  });

  it('lists deliveries page by page, newest first, by receiver, incident and state', () => {
    const { store, record, end } = stage();
    for (let number = 1; number <= 5; number += 1)
      record(`i-${number}`, 'opened', ['wh-1', 'wh-2']);
    end(1, 'rejected');
    const ids = (filter: Omit<Parameters<OutboxStore['list']>[0], 'limit'>, limit = 3) =>
      store.list({ ...filter, limit }).map((each) => each.id);
    expect(ids({})).toEqual([10, 9, 8]);
    expect(ids({ beforeId: 8 })).toEqual([7, 6, 5]);
    expect(ids({ webhookId: 'wh-1' })).toEqual([9, 7, 5]);
    expect(ids({ webhookId: 'wh-1', beforeId: 5 })).toEqual([3, 1]);
    expect(ids({ incidentId: 'i-3' })).toEqual([6, 5]);
    expect(ids({ state: 'dead' })).toEqual([1]);
    expect(ids({ webhookId: 'wh-9' })).toEqual([]);
  });

  it('keeps every attempt, and the last one in the line', () => {
    const { store, queue, record, due } = stage();
    record('i-17', 'opened');
    const [first] = due();
    if (!first) throw new Error('nothing is due');
    const results = [
      {
        attempt: attempt('serverError', { status: 500, tookMs: 12.4 }),
        decision: { state: 'pending', nextAttemptAtMs: MORNING_MS + 900 },
        atMs: MORNING_MS + 20.6,
      },
      {
        attempt: attempt('delivered', { status: 204, tookMs: 7 }),
        decision: { state: 'delivered' },
        atMs: MORNING_MS + 930,
      },
    ] as const;
    for (const result of results) queue.settle([{ due: first, ...result }]);
    expect(store.find(1)).toMatchObject({
      state: 'delivered',
      attempts: 2,
      lastOutcome: 'delivered',
      lastStatus: 204,
      lastTookMs: 7,
      nextAttemptAtMs: null,
      endedAtMs: MORNING_MS + 930,
      log: [
        { atMs: MORNING_MS + 21, outcome: 'serverError', status: 500, tookMs: 12 },
        { atMs: MORNING_MS + 930, outcome: 'delivered', status: 204, tookMs: 7 },
      ],
    });
    expect(store.find(2)).toBeUndefined();
  });

  it('sends a dead one again, once however often it is asked, and behind what is under way', () => {
    const { store, record, due, end } = stage();
    const eventId = record('i-17', 'opened');
    record('i-17', 'raised');
    end(1, 'gone');
    const laterMs = MORNING_MS + 2 * HOUR_MS;
    const again = store.resend(1, HOUR_MS, laterMs);
    expect(again).toMatchObject({
      kind: 'done',
      value: {
        id: 1,
        eventId,
        state: 'pending',
        attempts: 0,
        deadlineAtMs: laterMs + HOUR_MS,
        nextAttemptAtMs: null,
        endedAtMs: null,
      },
    });
    expect(store.resend(1, HOUR_MS, laterMs)).toEqual(again);
    expect(due('wh-1', laterMs).map(({ delivery }) => delivery.id)).toEqual([2]);
    end(2, 'delivered', laterMs);
    expect(due('wh-1', laterMs).map(({ delivery }) => delivery.id)).toEqual([1]);
    end(1, 'delivered', laterMs);
    expect(store.resend(2, HOUR_MS, laterMs)).toMatchObject({ kind: 'done' });
    expect(due('wh-1', laterMs).map(({ delivery }) => delivery.id)).toEqual([2]);
    expect(store.resend(9, HOUR_MS, laterMs)).toMatchObject({ reason: 'unknownDelivery' });
  });

  it('owes nothing to a receiver that was removed', () => {
    const { store, queue, record, due } = stage();
    record('i-17', 'opened', ['wh-1', 'wh-2']);
    record('i-17', 'resolved', ['wh-1', 'wh-2']);
    const [underWay] = due();
    expect(store.cancelOf('wh-1', MORNING_MS + 5)).toBe(2);
    expect(due()).toEqual([]);
    expect(due('wh-2')).toHaveLength(1);
    // Its answer comes late and changes nothing.
    if (!underWay) throw new Error('nothing was due');
    const decision = { state: 'delivered' } as const;
    queue.settle([
      { due: underWay, attempt: attempt('delivered'), decision, atMs: MORNING_MS + 9 },
    ]);
    expect(store.find(1)).toMatchObject({ state: 'cancelled', endedAtMs: MORNING_MS + 5 });
    expect(store.resend(1, HOUR_MS, MORNING_MS)).toMatchObject({ reason: 'isCancelled' });
  });

  it('gives up what is past its deadline and lets the next of the incident go on', () => {
    const { queue, record, due } = stage();
    for (const kind of ['opened', 'raised'] as const) record('i-17', kind);
    record('i-18', 'opened');
    const lateMs = MORNING_MS + HOUR_MS;
    const why = { outcome: 'timedOut', except: new Set([3]) } as const;
    expect(queue.giveUp('wh-1', lateMs - 1, why)).toEqual([]);
    const given = queue.giveUp('wh-1', lateMs, why);
    expect(given.map((each) => [each.id, each.state, each.lastOutcome])).toEqual([
      [1, 'dead', 'timedOut'],
      [2, 'dead', 'timedOut'],
    ]);
    record('i-17', 'resolved');
    expect(due('wh-1', lateMs).map(({ delivery }) => delivery.id)).toEqual([3, 4]);
  });

  it('forgets what is over for long, but not what an open incident was told', () => {
    const { database, store, record, end } = stage();
    for (const id of [17, 18]) {
      database.run(
        `INSERT INTO incidents (id, is_open, severity, site_code, opened_at_ms, body)
         VALUES (?, ?, 'critical', '4216', ?, '{}')`,
        id,
        id === 18 ? 1 : 0,
        MORNING_MS,
      );
    }
    record('i-17', 'opened');
    record('i-18', 'opened');
    record('i-19', 'drill');
    record('i-20', 'opened');
    for (const id of [1, 2, 3]) end(id, 'delivered');
    expect(store.pruneBefore(MORNING_MS)).toBe(0);
    expect(store.pruneBefore(MORNING_MS + 1)).toBe(2);
    expect(store.list({ limit: 9 }).map((each) => each.id)).toEqual([4, 2]);
    const count = (table: string) => database.all(`SELECT count(*) AS n FROM ${table}`)[0]?.n;
    expect(count('alert_events')).toBe(2);
    expect(count('delivery_attempts')).toBe(1);
    expect([...store.toldOf('i-18').opening]).toEqual(['wh-1']);
  });

  it('is asked by its indexes, however much it holds', () => {
    const { database } = stage();
    const asked: readonly [string, number, RegExp][] = [
      [
        `SELECT * FROM deliveries d JOIN alert_events e ON e.id = d.event_id
         WHERE d.state = 'pending' AND d.webhook_id = ? AND d.next_attempt_at_ms <= ?
         ORDER BY d.next_attempt_at_ms LIMIT 9`,
        2,
        /deliveries_due \(state=\? AND webhook_id=\? AND next_attempt_at_ms<\?\)/,
      ],
      [
        `SELECT webhook_id, min(next_attempt_at_ms) AS earliest FROM deliveries
         WHERE state = 'pending' AND next_attempt_at_ms IS NOT NULL GROUP BY webhook_id`,
        0,
        /COVERING INDEX deliveries_due/,
      ],
      [
        `SELECT min(id) FROM deliveries
         WHERE webhook_id = ? AND order_key = ? AND state = 'pending'`,
        2,
        /deliveries_in_order \(webhook_id=\? AND order_key=\?\)/,
      ],
      [
        `SELECT DISTINCT d.webhook_id FROM alert_events e JOIN deliveries d ON d.event_id = e.id
         WHERE e.incident_id = ? AND e.kind IN ('opened')`,
        1,
        /alert_events_by_incident.*event_id=\?/,
      ],
    ];
    for (const [sql, parameters, expected] of asked) {
      expect(planOf(database, sql, parameters)).toMatch(expected);
    }
  });
});

describe('ids of events', () => {
  it('are never given twice', () => {
    const ids = new Set(Array.from({ length: 1_000 }, newEventId));
    expect(ids.size).toBe(1_000);
    for (const id of ids) expect(id).toMatch(/^evt_[\w-]{22}$/);
  });
});
