import { describe, expect, it, vi } from 'vitest';
import { isRehearsalNear, testWarningsOf } from '../../server/src/alerts/test-warnings.ts';
import { alertApi, type AlertApi } from '../support/alert-api.ts';
import { cutProvider } from '../support/alert-samples.ts';
import { aPlan } from '../support/plans.ts';
import { answering, webhookReceiver } from '../support/webhook-receiver.ts';

const DAY_MS = 24 * 3_600_000;

async function withReceiver(behaviour = answering(204)) {
  const receiver = await webhookReceiver(behaviour);
  const api = await alertApi();
  const added = await api.ask('POST', 'webhooks', {
    name: 'Центр',
    format: 'json',
    settings: { url: receiver.url },
    allowsPrivate: true,
  });
  expect(added).toMatchObject({ status: 201 });
  return { ...api, api, receiver };
}

async function lastTest({ ask }: Pick<AlertApi, 'ask'>): Promise<Record<string, unknown>> {
  return vi.waitFor(async () => {
    const { body } = await ask('GET', 'webhooks/wh-1');
    const test = body.lastTest as Record<string, unknown> | null;
    expect(test?.state).not.toBe('pending');
    return test ?? {};
  });
}

describe('«Учебная тревога»', () => {
  it('goes the whole way, marked, and comes back as a receipt', async () => {
    const { ask, api, receiver, audit } = await withReceiver();
    const sounded = await ask('POST', 'webhooks/wh-1/test');
    expect(sounded).toMatchObject({
      status: 202,
      body: { receipts: [{ webhookId: 'wh-1', kind: 'drill', isDrill: true, incidentId: null }] },
    });
    const { eventId } = sounded.body;
    expect(await lastTest(api)).toMatchObject({
      eventId,
      state: 'delivered',
      outcome: 'delivered',
    });
    expect(receiver.received).toHaveLength(1);
    expect(receiver.received[0]?.id).toBe(eventId);
    expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
      kind: 'drill',
      isDrill: true,
      incident: { kind: 'printer.state', reason: 'jam', site: '0000', isDrill: true },
    });
    const { body } = await ask('GET', `deliveries?event=${String(eventId)}`);
    expect(body.items).toMatchObject([{ state: 'delivered', attempts: 1, lastStatus: 204 }]);
    expect(audit.list(1)).toMatchObject([{ action: 'webhook.test', subject: 'wh-1' }]);
  });

  it('is one of two clicks, and another one later', async () => {
    const { ask, api, receiver, sleep } = await withReceiver();
    const first = await ask('POST', 'drills');
    const second = await ask('POST', 'drills');
    expect(second.body.eventId).toBe(first.body.eventId);
    await lastTest(api);
    sleep(10_001);
    const third = await ask('POST', 'drills', { requestId: 'drill-0003' });
    expect(third.body.eventId).not.toBe(first.body.eventId);
    sleep(60_000);
    const again = await ask('POST', 'drills', { requestId: 'drill-0003' });
    expect(again.body.eventId).toBe(third.body.eventId);
    await vi.waitFor(() => expect(receiver.received).toHaveLength(2));
  });

  it('says what went wrong, and the board is warned until one gets through', async () => {
    const { ask, api, receiver, alerts, sleep } = await withReceiver(answering(404));
    await ask('POST', 'webhooks/wh-1/test');
    expect(await lastTest(api)).toMatchObject({ state: 'failed', outcome: 'rejected' });
    expect(alerts.testWarnings()).toEqual(['webhookTestFailed']);
    receiver.behave(answering(200));
    sleep(11_000);
    await ask('POST', 'webhooks/wh-1/test');
    await vi.waitFor(() => expect(alerts.testWarnings()).toEqual([]));
  });

  it('warns of a receiver that is gone, by a drill or by an alert, and leaves it enabled', async () => {
    const { ask, alerts, database, receiver, sleep } = await withReceiver(answering(410));
    const at = { wallMs: Date.now(), monotonicMs: performance.now() };
    database.transaction(() => alerts.desk.take([{ kind: 'opened', incident: cutProvider() }], at));
    alerts.desk.wake();
    await vi.waitFor(() => expect(alerts.testWarnings()).toEqual(['webhookTestFailed']));
    expect(await ask('GET', 'webhooks/wh-1')).toMatchObject({ body: { isEnabled: true, dead: 1 } });
    receiver.behave(answering(200));
    sleep(1_000);
    await ask('POST', 'webhooks/wh-1/test');
    await vi.waitFor(() => expect(alerts.testWarnings()).toEqual([]));
  });

  it('needs somebody to tell', async () => {
    const { ask } = await alertApi();
    expect(await ask('POST', 'drills')).toMatchObject({
      status: 409,
      body: { type: 'urn:ppe-pulse:problem:noWebhooks' },
    });
    expect(await ask('POST', 'webhooks/wh-1/test')).toMatchObject({
      status: 404,
      body: { type: 'urn:ppe-pulse:problem:unknownWebhook' },
    });
  });
});

describe('deliveries', () => {
  it('are listed by what they are about, tell each attempt, and are sent once more', async () => {
    const { ask, alerts, database, receiver, audit, sleep } = await withReceiver(answering(404));
    const at = { wallMs: Date.now(), monotonicMs: performance.now() };
    database.transaction(() => alerts.desk.take([{ kind: 'opened', incident: cutProvider() }], at));
    alerts.desk.wake();
    await vi.waitFor(async () => {
      const { body } = await ask('GET', 'deliveries?state=dead&webhook=wh-1&incident=i-17');
      expect(body.items).toMatchObject([{ id: 1, kind: 'opened', lastOutcome: 'rejected' }]);
    });
    expect((await ask('GET', 'deliveries?incident=i-18')).body.items).toEqual([]);
    const one = await ask('GET', 'deliveries/1');
    expect(one.body.log).toMatchObject([{ outcome: 'rejected', status: 404 }]);
    expect(one.text).not.toContain('an answer that nobody keeps');
    receiver.behave(answering(204));
    const resend = { requestId: 'again-0001' };
    expect(await ask('POST', 'deliveries/1/resend', resend)).toMatchObject({ status: 202 });
    await vi.waitFor(async () =>
      expect((await ask('GET', 'webhooks/wh-1/deliveries')).body.items).toMatchObject([
        { state: 'delivered' },
      ]),
    );
    // The receiver has it: a second click, or the same request later, sends nothing more.
    expect(await ask('POST', 'deliveries/1/resend')).toMatchObject({ status: 202 });
    sleep(6_000);
    expect(await ask('POST', 'deliveries/1/resend', resend)).toMatchObject({
      status: 202,
      body: { state: 'delivered' },
    });
    expect(receiver.received).toHaveLength(2);
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
    expect(audit.list(10).filter(({ action }) => action === 'delivery.resend')).toHaveLength(1);
    expect(audit.list(1)).toMatchObject([{ action: 'delivery.resend', subject: '1' }]);
    await ask('POST', 'drills');
    expect(await ask('POST', 'deliveries/2/resend', resend)).toMatchObject({
      status: 409,
      body: { type: 'urn:ppe-pulse:problem:requestIdUsed' },
    });
    expect(await ask('GET', 'deliveries/9')).toMatchObject({ status: 404 });
    expect(await ask('POST', 'deliveries/9/resend')).toMatchObject({ status: 404 });
  });

  it('that are sent again are followed by the end, so that nobody believes in an open incident', async () => {
    const { ask, alerts, database, receiver } = await withReceiver(answering(404));
    const at = { wallMs: Date.now(), monotonicMs: performance.now() };
    const over = cutProvider({ resolvedAtMs: at.wallMs, resolution: 'healed' });
    const occasions = [
      { kind: 'opened', incident: cutProvider() },
      { kind: 'resolved', incident: over },
    ] as const;
    database.transaction(() => alerts.desk.take(occasions, at));
    alerts.desk.wake();
    await vi.waitFor(() => expect(alerts.figures()).toMatchObject({ dead: 2, pending: 0 }));
    receiver.behave(answering(204));
    expect(await ask('POST', 'deliveries/1/resend')).toMatchObject({ status: 202 });
    await vi.waitFor(() => expect(alerts.figures()).toMatchObject({ dead: 0, pending: 0 }));
    expect(
      receiver.received.slice(2).map(({ body }) => (JSON.parse(body) as { kind: string }).kind),
    ).toEqual(['opened', 'resolved']);
  });

  it('come page by page, newest first', async () => {
    const { ask, alerts, database } = await withReceiver();
    const at = { wallMs: Date.now(), monotonicMs: performance.now() };
    const occasions = [1, 2, 3].map((number) => ({
      kind: 'opened' as const,
      incident: cutProvider({ id: `i-${number}` }),
    }));
    database.transaction(() => alerts.desk.take(occasions, at));
    const first = await ask('GET', 'deliveries?limit=2');
    expect(first.body).toMatchObject({
      items: [{ incidentId: 'i-3' }, { incidentId: 'i-2' }],
      nextCursor: '2',
    });
    const second = await ask('GET', 'deliveries?limit=2&cursor=2');
    expect(second.body.items).toMatchObject([{ incidentId: 'i-1' }]);
    expect(second.body.nextCursor).toBeUndefined();
  });

  it('of a webhook that is removed are cancelled and stay in the log', async () => {
    const { ask, alerts, database } = await withReceiver((_request, response) => {
      setTimeout(() => response.writeHead(503).end(), 50);
    });
    const at = { wallMs: Date.now(), monotonicMs: performance.now() };
    database.transaction(() => alerts.desk.take([{ kind: 'opened', incident: cutProvider() }], at));
    const removed = await ask('DELETE', 'webhooks/wh-1');
    expect(removed.body).toEqual({ id: 'wh-1', cancelled: 1 });
    const { body } = await ask('GET', 'webhooks/wh-1/deliveries');
    expect(body.items).toMatchObject([{ state: 'cancelled' }]);
    expect(await ask('POST', 'deliveries/1/resend')).toMatchObject({ status: 409 });
  });
});

describe('warnings before the day', () => {
  const wallMs = Date.parse('2026-05-18T09:00:00+07:00');
  const test = (atMs: number, state: 'delivered' | 'failed' = 'delivered') => ({
    id: 'wh-1',
    lastTest: { eventId: 'evt_', atMs, state, tookMs: 5, outcome: state },
  });
  const facts = { webhooks: [], failing: new Set<string>(), isSoon: true, wallMs };

  it('are of receivers that are not there, not tested, or do not answer', () => {
    const never = { id: 'wh-1', lastTest: null };
    expect(testWarningsOf(facts)).toEqual(['noWebhooks']);
    expect(testWarningsOf({ ...facts, isSoon: false })).toEqual([]);
    expect(testWarningsOf({ ...facts, webhooks: [never] })).toEqual(['webhookUntested']);
    expect(testWarningsOf({ ...facts, webhooks: [never], isSoon: false })).toEqual([]);
    expect(testWarningsOf({ ...facts, webhooks: [test(wallMs - 6 * DAY_MS)] })).toEqual([]);
    expect(testWarningsOf({ ...facts, webhooks: [test(wallMs - 8 * DAY_MS)] })).toEqual([
      'webhookUntested',
    ]);
    expect(testWarningsOf({ ...facts, webhooks: [test(wallMs, 'failed')] })).toEqual([
      'webhookTestFailed',
    ]);
    const failing = new Set(['wh-1']);
    expect(testWarningsOf({ ...facts, webhooks: [test(wallMs)], failing })).toEqual([
      'webhookTestFailed',
    ]);
  });

  it('begin three days before the day and end with it', () => {
    const zone = 'Asia/Novokuznetsk';
    const at = (text: string): boolean => isRehearsalNear(aPlan(), zone, Date.parse(text));
    expect(at('2026-05-16T23:59:59+07:00')).toBe(false);
    expect(at('2026-05-17T00:00:00+07:00')).toBe(true);
    expect(at('2026-05-20T23:59:59+07:00')).toBe(true);
    expect(at('2026-05-21T00:00:00+07:00')).toBe(false);
    expect(isRehearsalNear(null, zone, wallMs)).toBe(false);
  });
});
