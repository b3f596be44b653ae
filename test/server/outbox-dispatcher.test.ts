import { describe, expect, it } from 'vitest';
import { FormatError } from '../../server/src/alerts/formats/format.ts';
import { alertEvent, webhookTo } from '../support/outbox-events.ts';
import { OutboxStage, attempt, type Receive } from './outbox-stage.ts';

/** Fails for receivers that are listed as down. */
function unless(down: ReadonlySet<string>): Receive {
  return ({ webhookId }) => attempt(down.has(webhookId) ? 'serverError' : 'delivered');
}

describe('what is due', () => {
  it('goes out at once, in the order of its incident', async () => {
    const stage = new OutboxStage();
    const events = (['opened', 'raised', 'resolved'] as const).map((kind) =>
      alertEvent('i-17', kind),
    );
    for (const event of events) stage.record(event, ['wh-1', 'wh-2']);
    await stage.run();
    const ids = events.map((event) => event.id);
    expect(stage.seenBy('wh-1')).toEqual(ids);
    expect(stage.seenBy('wh-2')).toEqual(ids);
    expect(stage.ended.map((each) => each.state)).toEqual(Array(6).fill('delivered'));
    expect(stage.dispatcher.figures()).toMatchObject({
      pending: 0,
      dead: 0,
      oldestPendingMs: null,
      inFlight: 0,
      breakersOpen: 0,
      isWriting: true,
      attempts: { delivered: 6, serverError: 0 },
      latency: { count: 6, counts: [6, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
    });
  });

  it('keeps its order while an attempt fails, and holds up no other incident', async () => {
    const stage = new OutboxStage();
    const [opened, resolved] = [alertEvent('i-17', 'opened'), alertEvent('i-17', 'resolved')];
    let failures = 2;
    stage.receive = ({ eventId }) =>
      attempt(eventId === opened.id && (failures -= 1) >= 0 ? 'serverError' : 'delivered');
    stage.record(opened);
    stage.record(resolved);
    stage.record(alertEvent('i-18', 'opened'));
    await stage.run();
    expect(stage.seenBy()).toEqual([opened.id, alertEvent('i-18', 'opened').id]);
    await stage.run(5_000);
    expect(stage.seenBy().slice(2)).toEqual([opened.id, opened.id, resolved.id]);
    expect(stage.deliveries().map((each) => each.attempts)).toEqual([3, 1, 1]);
  });

  it('is told to nobody twice at the same moment, and to four at a time at most', async () => {
    const stage = new OutboxStage();
    const answers: (() => void)[] = [];
    stage.receive = () =>
      new Promise((resolve) => answers.push(() => resolve(attempt('delivered'))));
    for (let number = 1; number <= 9; number += 1)
      stage.record(alertEvent(`i-${number}`, 'opened'));
    await stage.run();
    stage.dispatcher.wake();
    await stage.run();
    expect(stage.seen).toHaveLength(4);
    answers.shift()?.();
    await stage.run();
    expect(stage.seen).toHaveLength(5);
    while (answers.length > 0) {
      answers.shift()?.();
      await stage.run();
    }
    expect(new Set(stage.seenBy()).size).toBe(9);
    expect(stage.seen).toHaveLength(9);
    expect(stage.mostUnderWay).toBe(4);
  });

  it('is not held up by receivers that hang', async () => {
    const stage = new OutboxStage();
    for (let number = 1; number <= 6; number += 1) {
      stage.webhooks.set(`wh-${number}`, webhookTo(`wh-${number}`, 'http://a.example/'));
    }
    stage.receive = ({ webhookId }) =>
      webhookId === 'wh-6' ? attempt('delivered') : new Promise(() => undefined);
    const all = ['wh-1', 'wh-2', 'wh-3', 'wh-4', 'wh-5'];
    for (let number = 1; number <= 9; number += 1)
      stage.record(alertEvent(`i-${number}`, 'opened'), all);
    await stage.run();
    for (let number = 1; number <= 9; number += 1)
      stage.record(alertEvent(`i-${number}`, 'raised'), ['wh-6']);
    await stage.run();
    expect(stage.seenBy('wh-6')).toHaveLength(9);
  });

  it('is retried with waits that grow until the deadline, then is a dead letter', async () => {
    const stage = new OutboxStage();
    stage.receive = () => attempt('throttled');
    stage.random = () => 0.999;
    stage.record(alertEvent('i-17', 'opened'));
    stage.record(alertEvent('i-17', 'resolved'));
    await stage.run(3_600_000 - 1_000);
    expect(stage.deliveries().map((each) => each.state)).toEqual(['pending', 'pending']);
    const times = stage.seen.map((each) => Math.round(each.atMs / 1_000));
    expect(times.slice(0, 9)).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 255]);
    expect(times.at(-1)).toBeGreaterThan(3_200);
    await stage.run(2_000);
    // The next of the incident got its turn at the deadline: tried once, late as it is.
    expect(stage.deliveries().map((each) => each.state)).toEqual(['dead', 'dead']);
    expect(stage.deliveries()[1]).toMatchObject({ attempts: 1, lastOutcome: 'throttled' });
    expect(stage.ended).toHaveLength(2);
    expect(stage.dispatcher.figures()).toMatchObject({ dead: 2, pending: 0 });
  });

  it('is dead at once where nothing would change, and can be sent again under the same id', async () => {
    const stage = new OutboxStage();
    stage.receive = () => attempt('gone', { status: 410 });
    const event = alertEvent('i-17', 'opened');
    stage.record(event);
    await stage.run();
    expect(stage.deliveries()).toMatchObject([{ state: 'dead', attempts: 1, lastStatus: 410 }]);
    stage.receive = () => attempt('delivered', { status: 200 });
    stage.store.resend(1, 60_000, stage.nowMs);
    stage.dispatcher.tryNow('wh-1');
    await stage.run();
    expect(stage.seenBy()).toEqual([event.id, event.id]);
    expect(stage.store.find(1)).toMatchObject({ state: 'delivered', log: [{}, {}] });
  });

  it('is dead where no message can be made, whoever is to blame', async () => {
    const stage = new OutboxStage();
    stage.make = (event) => {
      throw event.kind === 'opened' ? new FormatError('a template') : new TypeError('our mistake');
    };
    stage.record(alertEvent('i-17', 'opened'));
    stage.record(alertEvent('i-17', 'resolved'));
    await stage.run();
    const dead = { state: 'dead', lastOutcome: 'notRenderable', attempts: 1 };
    expect(stage.deliveries()).toMatchObject([dead, dead]);
    expect(stage.seen).toEqual([]);
  });

  it('is tried later when a transport has a mistake', async () => {
    const stage = new OutboxStage();
    stage.receive = () => Promise.reject(new TypeError('our mistake'));
    stage.record(alertEvent('i-17', 'opened'));
    await stage.run();
    expect(stage.deliveries()).toMatchObject([
      { state: 'pending', lastOutcome: 'connectionFailed' },
    ]);
  });

  it('is owed to nobody once its receiver is removed', async () => {
    const stage = new OutboxStage();
    stage.webhooks.delete('wh-1');
    stage.record(alertEvent('i-17', 'opened'), ['wh-1', 'wh-2']);
    await stage.run();
    expect(stage.deliveries('wh-1')).toMatchObject([{ state: 'cancelled' }]);
    expect(stage.deliveries('wh-2')).toMatchObject([{ state: 'delivered' }]);
  });

  it('waits while its receiver is switched off, but a drill goes out', async () => {
    const stage = new OutboxStage();
    stage.webhooks.set('wh-1', { ...webhookTo('wh-1', 'http://a.example/'), isEnabled: false });
    stage.record(alertEvent('i-17', 'opened'));
    const drill = alertEvent('i-0', 'drill');
    stage.record(drill);
    await stage.run(1_000);
    expect(stage.seenBy()).toEqual([drill.id]);
    stage.webhooks.set('wh-1', webhookTo('wh-1', 'http://a.example/'));
    stage.dispatcher.tryNow('wh-1');
    await stage.run();
    expect(stage.seenBy()).toHaveLength(2);
  });
});

describe('a receiver that is down', () => {
  it('is left alone, probed, and gets everything when it is back, in order', async () => {
    const stage = new OutboxStage();
    const down = new Set(['wh-1']);
    stage.receive = unless(down);
    for (let number = 1; number <= 20; number += 1) {
      stage.record(alertEvent(`i-${number}`, 'opened'), ['wh-1', 'wh-2']);
      stage.record(alertEvent(`i-${number}`, 'resolved'), ['wh-1', 'wh-2']);
    }
    await stage.run();
    expect(stage.seenBy('wh-2')).toHaveLength(40);
    expect(stage.dispatcher.breakerOf('wh-1')).toMatchObject({
      state: 'open',
      lastFailure: 'serverError',
      retryAtMs: stage.nowMs + 15_000,
    });
    expect(stage.dispatcher.breakerOf('wh-2')).toEqual({
      state: 'closed',
      failures: 0,
      lastFailure: null,
      retryAtMs: null,
    });
    const before = stage.seenBy('wh-1').length;
    expect(before).toBeLessThanOrEqual(8);
    await stage.run(14_500);
    expect(stage.seenBy('wh-1')).toHaveLength(before);
    await stage.run(1_000);
    expect(stage.seenBy('wh-1')).toHaveLength(before + 1);
    expect(stage.dispatcher.figures()).toMatchObject({ breakersOpen: 1, pending: 40 });
    await stage.run(600_000);
    expect(stage.seenBy('wh-1').length).toBeLessThan(before + 8);
    down.clear();
    await stage.run(300_000);
    expect(stage.deliveries('wh-1').map((each) => each.state)).toEqual(Array(40).fill('delivered'));
    expect(stage.dispatcher.breakerOf('wh-1').state).toBe('closed');
    for (let number = 1; number <= 20; number += 1) {
      const told = stage.seenBy('wh-1').filter((id) => id.startsWith(`evt_i_${number}_`));
      const firstClosing = told.findIndex((id) => id.includes('resolved'));
      expect(told.slice(firstClosing).every((id) => id.includes('resolved'))).toBe(true);
    }
  });

  it('is told of a drill all the same', async () => {
    const stage = new OutboxStage();
    stage.receive = unless(new Set(['wh-1']));
    for (let number = 1; number <= 9; number += 1)
      stage.record(alertEvent(`i-${number}`, 'opened'));
    await stage.run();
    const before = stage.seen.length;
    const drill = alertEvent('i-0', 'drill');
    stage.record(drill);
    await stage.run();
    expect(stage.seenBy().slice(before)).toEqual([drill.id]);
    stage.receive = () => attempt('delivered');
    await stage.run(2_000);
    // The drill got through: so does all the rest.
    expect(stage.dispatcher.figures().pending).toBe(0);
  });

  it('does not keep what is past its deadline waiting for probes', async () => {
    const stage = new OutboxStage();
    stage.receive = unless(new Set(['wh-1']));
    for (let number = 1; number <= 40; number += 1)
      stage.record(alertEvent(`i-${number}`, 'opened'));
    await stage.run(3_600_000 + 120_000);
    expect(stage.deliveries().map((each) => each.state)).toEqual(Array(40).fill('dead'));
    expect(stage.seen.length).toBeLessThan(40);
    expect(stage.ended).toHaveLength(40);
    expect(stage.deliveries().every((each) => each.lastOutcome === 'serverError')).toBe(true);
  });

  it('has the patience it asked for, for everything that waits', async () => {
    const stage = new OutboxStage();
    stage.receive = () => attempt('throttled', { status: 429, retryAfterMs: 20_000 });
    stage.record(alertEvent('i-1', 'opened'));
    await stage.run();
    stage.record(alertEvent('i-2', 'opened'));
    stage.record(alertEvent('i-0', 'drill'));
    stage.receive = () => attempt('delivered');
    await stage.run(19_500);
    expect(stage.seen).toHaveLength(1);
    expect(stage.dispatcher.breakerOf('wh-1').state).toBe('patience');
    await stage.run(1_000);
    expect(stage.deliveries().map((each) => each.state)).toEqual(Array(3).fill('delivered'));
  });
});

describe('a collector that ends or whose world changes', () => {
  it('goes on with everything that was pending, under the same ids', async () => {
    const stage = new OutboxStage();
    stage.receive = () => new Promise(() => undefined);
    for (const kind of ['opened', 'resolved'] as const) stage.record(alertEvent('i-17', kind));
    await stage.run();
    const closing = stage.dispatcher.close();
    await stage.run(2_000);
    await closing;
    expect(stage.deliveries()).toMatchObject([{ state: 'pending' }, { state: 'pending' }]);
    stage.receive = () => attempt('delivered');
    stage.restart();
    await stage.run();
    const [opened, resolved] = [alertEvent('i-17', 'opened').id, alertEvent('i-17', 'resolved').id];
    expect(stage.seenBy()).toEqual([opened, opened, resolved]);
  });

  it('lets attempts under way end, writes them and starts no more', async () => {
    const stage = new OutboxStage();
    let answer: () => void = () => undefined;
    stage.receive = () => new Promise((resolve) => (answer = () => resolve(attempt('delivered'))));
    for (const kind of ['opened', 'resolved'] as const) stage.record(alertEvent('i-17', kind));
    await stage.run();
    const closing = stage.dispatcher.close();
    answer();
    await stage.run();
    await closing;
    expect(stage.deliveries()).toMatchObject([{ state: 'delivered' }, { state: 'pending' }]);
    expect(stage.seen).toHaveLength(1);
  });

  it('does not wait for moments that a clock set back has moved away', async () => {
    for (const steppedMs of [-86_400_000, -1_800_000]) {
      const stage = new OutboxStage();
      let isDown = true;
      stage.receive = () => attempt(isDown ? 'serverError' : 'delivered');
      stage.record(alertEvent('i-17', 'opened'));
      await stage.run();
      isDown = false;
      stage.steppedMs = steppedMs;
      await stage.run(61_000);
      expect(stage.deliveries()).toMatchObject([{ state: 'delivered' }]);
    }
  });

  it('keeps what was answered while the disk is full, and attempts it no second time', async () => {
    const stage = new OutboxStage();
    const settle = stage.queue.settle.bind(stage.queue);
    stage.queue.settle = () => {
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    };
    stage.record(alertEvent('i-17', 'opened'));
    await stage.run(10_000);
    expect(stage.seen).toHaveLength(1);
    const waiting = { isWriting: false, pending: 1, unwritten: 1 };
    expect(stage.dispatcher.figures()).toMatchObject(waiting);
    stage.queue.settle = settle;
    await stage.run(1_500);
    expect(stage.seen).toHaveLength(1);
    expect(stage.deliveries()).toMatchObject([{ state: 'delivered', attempts: 1 }]);
    expect(stage.dispatcher.figures()).toMatchObject({
      isWriting: true,
      pending: 0,
      unwritten: 0,
    });
  });

  it('tells the others when one receiver cannot be read', async () => {
    const stage = new OutboxStage();
    stage.webhooks.get = (id) => {
      if (id === 'wh-1') throw new SyntaxError('its settings are damaged');
      return webhookTo(id, 'http://a.example/');
    };
    stage.record(alertEvent('i-17', 'opened'), ['wh-1', 'wh-2']);
    await stage.run();
    expect(stage.deliveries('wh-2')).toMatchObject([{ state: 'delivered' }]);
    expect(stage.deliveries('wh-1')).toMatchObject([{ state: 'pending' }]);
  });

  it('reads again when the database could not be read', async () => {
    const stage = new OutboxStage();
    const waiting = stage.queue.waiting.bind(stage.queue);
    stage.queue.waiting = () => {
      throw new Error('disk I/O error');
    };
    stage.record(alertEvent('i-17', 'opened'));
    await stage.run(2_000);
    expect(stage.seen).toHaveLength(0);
    stage.queue.waiting = waiting;
    await stage.run(1_500);
    expect(stage.deliveries()).toMatchObject([{ state: 'delivered' }]);
  });
});
