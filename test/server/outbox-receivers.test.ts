import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../server/src/clock.ts';
import { AddressPolicy } from '../../server/src/alerts/transport/address-policy.ts';
import { systemResolver } from '../../server/src/alerts/transport/host-resolver.ts';
import { HttpSend } from '../../server/src/alerts/transport/http-send.ts';
import { transportLimits } from '../../server/src/alerts/transport/transport-limits.ts';
import { alertEvent, webhookTo } from '../support/outbox-events.ts';
import { until } from '../support/processes.ts';
import {
  answering,
  breakingOff,
  endless,
  silent,
  webhookReceiver,
  type WebhookReceiver,
} from '../support/webhook-receiver.ts';
import { OutboxStage } from './outbox-stage.ts';

const [opened, resolved] = [alertEvent('i-17', 'opened'), alertEvent('i-17', 'resolved')];

/** The outbox with real sockets to real receivers; only the waits between attempts are virtual. */
function stageTo(...receivers: readonly WebhookReceiver[]): OutboxStage {
  const stage = new OutboxStage();
  const http = new HttpSend({
    policy: new AddressPolicy(),
    resolve: systemResolver(),
    clock: systemClock(),
    limits: { ...transportLimits, connectWithinMs: 400, answerWithinMs: 250, wholeWithinMs: 700 },
  });
  onTestFinished(() => http.close());
  stage.through = http.send;
  receivers.forEach((receiver, at) =>
    stage.webhooks.set(`wh-${at + 1}`, webhookTo(`wh-${at + 1}`, receiver.url)),
  );
  return stage;
}

/** Lets attempts end; time stands still meanwhile. */
async function ended(stage: OutboxStage, attempts: number): Promise<void> {
  await until(async () => {
    await stage.run();
    const { inFlight, attempts: counts } = stage.dispatcher.figures();
    return inFlight === 0 && Object.values(counts).reduce((sum, each) => sum + each, 0) >= attempts;
  }, `${attempts} attempts`);
}

const ids = (receiver: WebhookReceiver): string[] => receiver.received.map((each) => each.id);

describe('a receiver of alerts', () => {
  it.each([
    ['answers 500', answering(500), 'serverError'],
    ['says nothing', silent, 'timedOut'],
    ['breaks off in the middle of its yes', breakingOff, 'brokenAnswer'],
    ['asks for patience', answering(429, { 'retry-after': '2' }), 'throttled'],
  ])('that %s is told again under the same id, and then the rest', async (_, behave, outcome) => {
    const receiver = await webhookReceiver(behave);
    const stage = stageTo(receiver);
    for (const event of [opened, resolved]) stage.record(event);
    await ended(stage, 1);
    expect(stage.deliveries()).toMatchObject([
      { state: 'pending', lastOutcome: outcome, attempts: 1 },
      { state: 'pending', nextAttemptAtMs: null, attempts: 0 },
    ]);
    receiver.behave(answering(200));
    await stage.run(outcome === 'throttled' ? 1_500 : 0);
    expect(receiver.received).toHaveLength(1);
    await stage.run(1_000);
    await ended(stage, 3);
    expect(ids(receiver)).toEqual([opened.id, opened.id, resolved.id]);
    expect(stage.deliveries().map((each) => each.state)).toEqual(['delivered', 'delivered']);
  });

  it.each([
    ['is gone', answering(410), 'gone', 410],
    ['leads elsewhere', answering(302, { location: 'http://127.0.0.1:1/' }), 'redirected', 302],
    ['does not understand', answering(400), 'rejected', 400],
  ])('that %s gets no second attempt', async (_, behave, outcome, status) => {
    const receiver = await webhookReceiver(behave);
    const stage = stageTo(receiver);
    stage.record(opened);
    await ended(stage, 1);
    await stage.run(600_000);
    expect(receiver.received).toHaveLength(1);
    expect(stage.deliveries()).toMatchObject([
      { state: 'dead', lastOutcome: outcome, lastStatus: status },
    ]);
  });

  it('that never ends its answer is told once', async () => {
    const receiver = await webhookReceiver(endless);
    const stage = stageTo(receiver);
    stage.record(opened);
    await ended(stage, 1);
    expect(stage.deliveries()).toMatchObject([{ state: 'delivered', attempts: 1 }]);
  });

  it('that dies and comes back is told everything, another one meanwhile in time', async () => {
    const [dying, other] = [await webhookReceiver(), await webhookReceiver()];
    const stage = stageTo(dying, other);
    stage.record(opened, ['wh-1', 'wh-2']);
    await ended(stage, 2);
    await dying.stop();
    const told = [opened.id];
    for (let number = 1; number <= 8; number += 1) {
      const event = alertEvent('i-17', 'raised', number);
      told.push(event.id);
      stage.record(event, ['wh-1', 'wh-2']);
      stage.record(alertEvent(`i-${number + 100}`, 'opened'), ['wh-1', 'wh-2']);
    }
    await ended(stage, 22);
    await stage.run(14_000);
    await ended(stage, 22);
    expect(other.received).toHaveLength(17);
    expect(stage.dispatcher.breakerOf('wh-1').state).toBe('open');
    expect(stage.deliveries('wh-1').filter((each) => each.state === 'pending')).toHaveLength(16);
    await dying.start();
    await stage.run(16_000);
    await until(async () => {
      await stage.run();
      return stage.dispatcher.figures().pending === 0;
    }, 'all is delivered');
    const ofIncident = ids(dying).filter((id) => told.includes(id));
    expect(ofIncident).toEqual(told);
    expect(dying.received).toHaveLength(17);
    expect(stage.dispatcher.breakerOf('wh-1').state).toBe('closed');
  });
});
