import { createHmac } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../server/src/clock.ts';
import type { Attempt, Outgoing } from '../../server/src/alerts/delivery.ts';
import { AddressPolicy } from '../../server/src/alerts/transport/address-policy.ts';
import {
  systemResolver,
  type ResolvedAddress,
} from '../../server/src/alerts/transport/host-resolver.ts';
import { HttpSend, type HttpSendParts } from '../../server/src/alerts/transport/http-send.ts';
import { transportLimits } from '../../server/src/alerts/transport/transport-limits.ts';
import {
  hasOpenssl,
  makeCertificates,
  muteServer,
  refusingPort,
  gibberishServer,
} from '../parts/tls-server.ts';
import {
  answering,
  breakingOff,
  endless,
  silent,
  webhookReceiver,
} from '../support/webhook-receiver.ts';

const SHORT = { ...transportLimits, connectWithinMs: 300, answerWithinMs: 200, wholeWithinMs: 600 };
const event = { id: 'evt_0123456789abcdefghijkl', atMs: Date.UTC(2024, 4, 15, 2, 30) };
const LOOPBACK: readonly ResolvedAddress[] = [{ address: '127.0.0.1', family: 4 }];

function post(url: string, more: Partial<Extract<Outgoing, { kind: 'http' }>> = {}): Outgoing {
  return { kind: 'http', url, method: 'POST', headers: {}, body: '{"тревога":1}', ...more };
}

function sender(parts: Partial<HttpSendParts> = {}): HttpSend {
  const policy = new AddressPolicy();
  const made = new HttpSend({ policy, resolve: systemResolver(), clock: systemClock(), ...parts });
  onTestFinished(() => made.close());
  return made;
}

async function send(
  outgoing: Outgoing,
  parts: Partial<HttpSendParts> = {},
  allowsPrivate = true,
): Promise<Attempt> {
  return sender(parts).send(outgoing, { allowsPrivate }, event);
}

describe('an alert posted to a receiver', () => {
  it('arrives whole, under the id of its event', async () => {
    const receiver = await webhookReceiver();
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const attempt = await send(post(`${receiver.url}?room=12`, { headers }));
    expect(attempt).toEqual({
      outcome: 'delivered',
      status: 204,
      tookMs: expect.any(Number) as number,
      retryAfterMs: null,
      isRetryable: false,
    });
    expect(receiver.received).toMatchObject([
      {
        method: 'POST',
        path: '/hook?room=12',
        body: '{"тревога":1}',
        id: event.id,
        headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': '20' },
      },
    ]);
    expect(receiver.received[0]?.headers['webhook-signature']).toBeUndefined();
  });

  it.each([
    [
      'in the notation of Standard Webhooks',
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64'),
    ],
    ['of plain text, also Russian', 'секрет смены', Buffer.from('секрет смены')],
  ])('is signed with a secret %s', async (_, signingSecret, key) => {
    const receiver = await webhookReceiver();
    await send(post(receiver.url, { signingSecret }));
    const got = receiver.received[0];
    if (!got) throw new Error('nothing was received');
    const timestamp = String(got.headers['webhook-timestamp']);
    expect(Math.abs(Number(timestamp) - Date.now() / 1_000)).toBeLessThan(60);
    // As https://www.standardwebhooks.com says it, without the library that made it.
    const expected = createHmac('sha256', key)
      .update(`${got.id}.${timestamp}.${got.body}`)
      .digest('base64');
    expect(got.headers['webhook-signature']).toBe(`v1,${expected}`);
  });

  it('goes over a connection that is kept, and over a new one when that was closed', async () => {
    const receiver = await webhookReceiver();
    const { send: one } = sender();
    for (let round = 0; round < 3; round += 1) {
      expect(await one(post(receiver.url), { allowsPrivate: true }, event)).toMatchObject({
        outcome: 'delivered',
      });
    }
    expect(receiver.connections()).toBe(1);
    await receiver.stop();
    await receiver.start();
    expect(await one(post(receiver.url), { allowsPrivate: true }, event)).toMatchObject({
      outcome: 'delivered',
    });
    expect(receiver.connections()).toBe(2);
  });
});

describe('what a receiver answers', () => {
  it.each([
    [200, {}, { outcome: 'delivered', isRetryable: false }],
    [299, {}, { outcome: 'delivered', isRetryable: false }],
    [302, { location: '/elsewhere' }, { outcome: 'redirected', isRetryable: false }],
    [400, {}, { outcome: 'rejected', isRetryable: false }],
    [401, {}, { outcome: 'rejected', isRetryable: false }],
    [404, {}, { outcome: 'rejected', isRetryable: false }],
    [408, {}, { outcome: 'rejected', isRetryable: true }],
    [410, {}, { outcome: 'gone', isRetryable: false }],
    [425, {}, { outcome: 'rejected', isRetryable: true }],
    [
      429,
      { 'retry-after': '17' },
      { outcome: 'throttled', isRetryable: true, retryAfterMs: 17_000 },
    ],
    [429, {}, { outcome: 'throttled', isRetryable: true, retryAfterMs: null }],
    [429, { 'retry-after': '99999' }, { outcome: 'throttled', retryAfterMs: 3_600_000 }],
    [429, { 'retry-after': 'soon' }, { outcome: 'throttled', retryAfterMs: null }],
    [500, {}, { outcome: 'serverError', isRetryable: true, retryAfterMs: null }],
    [503, {}, { outcome: 'serverError', isRetryable: true }],
    [503, { 'retry-after': '3' }, { outcome: 'throttled', isRetryable: true, retryAfterMs: 3_000 }],
  ])('%i %o is understood', async (status, headers, expected) => {
    const receiver = await webhookReceiver(answering(status, headers));
    expect(await send(post(receiver.url))).toMatchObject({ status, ...expected });
    // A redirect is not followed.
    expect(receiver.received).toHaveLength(1);
  });

  it('asks for patience until a date of HTTP', async () => {
    const until = new Date(Date.now() + 90_000).toUTCString();
    const receiver = await webhookReceiver(answering(503, { 'retry-after': until }));
    const attempt = await send(post(receiver.url));
    expect(attempt.outcome).toBe('throttled');
    expect(attempt.retryAfterMs).toBeGreaterThan(85_000);
    expect(attempt.retryAfterMs).toBeLessThanOrEqual(90_000);
  });

  it('is no yes when it breaks off', async () => {
    const receiver = await webhookReceiver(breakingOff);
    expect(await send(post(receiver.url))).toMatchObject({
      outcome: 'brokenAnswer',
      status: 200,
      isRetryable: true,
    });
  });

  it('is read so far and no further', async () => {
    const receiver = await webhookReceiver(endless);
    expect(await send(post(receiver.url))).toMatchObject({ outcome: 'delivered', status: 200 });
  });

  it('is waited for so long and no longer', async () => {
    const receiver = await webhookReceiver(silent);
    expect(await send(post(receiver.url), { limits: SHORT })).toMatchObject({
      outcome: 'timedOut',
      status: null,
      isRetryable: true,
    });
    expect(receiver.received).toHaveLength(1);
  });

  it('is a broken one when it is none of HTTP, or the line is cut instead', async () => {
    const port = await gibberishServer();
    expect(await send(post(`http://127.0.0.1:${port}/`))).toMatchObject({
      outcome: 'brokenAnswer',
    });
    const receiver = await webhookReceiver((_, response) => response.destroy());
    expect(await send(post(receiver.url))).toMatchObject({ outcome: 'brokenAnswer' });
  });
});

describe('a receiver that cannot be reached', () => {
  it('refuses the connection', async () => {
    expect(await send(post(`http://127.0.0.1:${await refusingPort()}/`))).toMatchObject({
      outcome: 'connectionFailed',
      isRetryable: true,
    });
  });

  it('accepts the connection and never begins TLS', async () => {
    const url = `https://127.0.0.1:${await muteServer()}/`;
    expect(await send(post(url), { limits: SHORT })).toMatchObject({ outcome: 'timedOut' });
  });

  it('has a name that nobody knows, or that nobody answers for in time', async () => {
    const unknown = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    const failed = { outcome: 'dnsFailed', isRetryable: true };
    expect(await send(post('http://hook.example/'), { resolve: unknown })).toMatchObject(failed);
    const never = () => new Promise<readonly ResolvedAddress[]>(() => undefined);
    const late = { resolve: never, limits: SHORT };
    expect(await send(post('http://hook.example/'), late)).toMatchObject(failed);
  });

  it.skipIf(!hasOpenssl())(
    'shows a certificate that is not trusted, expired or of another name',
    async () => {
      const certificates = makeCertificates();
      const { ca, selfSigned, expired, misnamed, valid } = certificates;
      for (const wrong of [selfSigned, expired, misnamed]) {
        const receiver = await webhookReceiver(answering(200), wrong);
        expect(await send(post(receiver.url), { ca })).toMatchObject({ outcome: 'tlsFailed' });
        expect(receiver.received).toEqual([]);
      }
      const good = await webhookReceiver(answering(200), valid);
      expect(await send(post(good.url), { ca })).toMatchObject({ outcome: 'delivered' });
      expect(await send(post(good.url))).toMatchObject({ outcome: 'tlsFailed' });
      const plain = await webhookReceiver();
      const url = plain.url.replace('http:', 'https:');
      expect(await send(post(url), { ca })).toMatchObject({ outcome: 'tlsFailed' });
    },
  );
});

describe('an address that alerts must not go to', () => {
  it('is refused without a connection, named or resolved', async () => {
    const receiver = await webhookReceiver();
    const refused = { outcome: 'addressRefused', isRetryable: false, status: null };
    expect(await send(post(receiver.url), {}, false)).toMatchObject(refused);
    const named = post(`http://hook.example:${receiver.port}/`);
    const resolve = () => Promise.resolve(LOOPBACK);
    expect(await send(named, { resolve }, false)).toMatchObject(refused);
    const one: ResolvedAddress = { address: '93.184.215.14', family: 4 };
    const mixed = () => Promise.resolve([one, ...LOOPBACK]);
    expect(await send(named, { resolve: mixed }, false)).toMatchObject(refused);
    expect(receiver.connections()).toBe(0);
    expect(receiver.received).toEqual([]);
  });

  it('is not reached by a name that changes its mind after it was judged', async () => {
    const receiver = await webhookReceiver();
    // Public while it is judged; whoever asked again would be led to where the receiver is.
    const judged: readonly ResolvedAddress[] = [{ address: '127.0.0.2', family: 4 }];
    const answers = [judged];
    const policy = new AddressPolicy();
    policy.kindOf = (address) => (address === '127.0.0.2' ? 'public' : 'private');
    let asked = 0;
    const resolve = () => {
      asked += 1;
      return Promise.resolve(answers.shift() ?? LOOPBACK);
    };
    const { send: one } = sender({ policy, resolve });
    const named = post(`http://hook.example:${receiver.port}/`);
    // Nobody listens there: the connection went to what was judged.
    expect(await one(named, { allowsPrivate: false }, event)).toMatchObject({
      outcome: 'connectionFailed',
    });
    expect(asked).toBe(1);
    expect(await one(named, { allowsPrivate: false }, event)).toMatchObject({
      outcome: 'addressRefused',
      isRetryable: false,
    });
    expect(receiver.connections()).toBe(0);
  });

  it('is connected to by the address that was judged, under the name that was given', async () => {
    const receiver = await webhookReceiver();
    const resolve = () => Promise.resolve(LOOPBACK);
    const url = `http://hook.example:${receiver.port}/`;
    expect(await send(post(url), { resolve })).toMatchObject({ outcome: 'delivered' });
    expect(receiver.received[0]?.headers.host).toBe(`hook.example:${receiver.port}`);
  });

  it('cannot be used once the permission is taken back, over no kept connection either', async () => {
    const receiver = await webhookReceiver();
    const { send: one } = sender();
    await one(post(receiver.url), { allowsPrivate: true }, event);
    expect(await one(post(receiver.url), { allowsPrivate: false }, event)).toMatchObject({
      outcome: 'addressRefused',
    });
  });
});

describe('settings that no request can be made of', () => {
  it.each([
    ['a wrong scheme', post('ftp://127.0.0.1/')],
    ['no address', post('what')],
    ['credentials in the address', post('http://a:b@127.0.0.1/')],
    ['a header of two lines', post('http://127.0.0.1/', { headers: { authorization: 'a\r\nb' } })],
    ['a secret that is none', post('http://127.0.0.1/', { signingSecret: 'whsec_***' })],
    ['an empty secret', post('http://127.0.0.1/', { signingSecret: '' })],
  ])('%s is found before anything is sent', async (_, outgoing) => {
    expect(await send(outgoing)).toMatchObject({ outcome: 'notRenderable', isRetryable: false });
  });
});
