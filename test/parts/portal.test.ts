import { describe, expect, it } from 'vitest';
import { systemClock } from '../../agent/src/platform/clock.ts';
import { tryInternet } from '../../agent/src/probes/internet/iso-internet.ts';
import {
  HANDSHAKE_DEADLINE_MS,
  measureHandshake,
  type HandshakeTarget,
} from '../../agent/src/probes/portal/handshake.ts';
import {
  gibberishServer,
  hasOpenssl,
  makeCertificates,
  muteServer,
  refusingPort,
  tlsServer,
  VALID_DAYS,
} from './tls-server.ts';

const never = new AbortController().signal;
const shake = (target: Partial<HandshakeTarget> & { port: number }, signal = never) =>
  measureHandshake({ host: 'localhost', security: 'tls', ...target }, systemClock(), signal);

describe.skipIf(!hasOpenssl())('a handshake with a portal (openssl)', () => {
  it('times DNS, TCP and TLS and reads the days of a certificate of the given CA', async () => {
    const { ca, valid } = makeCertificates();
    const outcome = await shake({ port: await tlsServer(valid), ca });
    if (outcome.kind === 'failed') throw new Error(outcome.reason);
    expect(outcome.certificateDays).toBeCloseTo(VALID_DAYS, 1);
    for (const ms of [outcome.dnsMs, outcome.tcpMs, outcome.tlsMs ?? Number.NaN]) {
      expect(ms).toBeGreaterThan(0);
      expect(ms).toBeLessThan(2_000);
    }
  });

  it('tells an expired certificate from one not to be trusted, days left in both', async () => {
    const { ca, valid, expired, selfSigned, misnamed } = makeCertificates();
    const days = (about: number) => expect.closeTo(about, 1) as number;
    expect(await shake({ port: await tlsServer(expired), ca })).toEqual({
      kind: 'failed',
      reason: 'certificateExpired',
      certificateDays: days(-3),
    });
    const untrusted = { kind: 'failed', reason: 'certificateInvalid' };
    expect(await shake({ port: await tlsServer(selfSigned), ca })).toEqual({
      ...untrusted,
      certificateDays: days(60),
    });
    const ofDays = { ...untrusted, certificateDays: days(VALID_DAYS) };
    expect(await shake({ port: await tlsServer(misnamed), ca })).toEqual(ofDays);
    expect(await shake({ port: await tlsServer(valid) })).toEqual(ofDays);
  });

  it('tells a server that is mute from one that speaks something else', async () => {
    const startMs = performance.now();
    const [mute, gibberish] = await Promise.all([
      shake({ port: await muteServer() }),
      shake({ port: await gibberishServer() }),
    ]);
    expect(mute).toEqual({ kind: 'failed', reason: 'noAnswer' });
    expect(performance.now() - startMs).toBeLessThan(HANDSHAKE_DEADLINE_MS + 1_000);
    expect(gibberish).toEqual({ kind: 'failed', reason: 'tlsFailed' });
  });
});

describe('a handshake', () => {
  it('without TLS ends after TCP', async () => {
    const outcome = await shake({ port: await muteServer(), host: '127.0.0.1', security: 'plain' });
    expect(outcome).toEqual({ kind: 'measured', dnsMs: 0, tcpMs: expect.any(Number) as number });
  });

  it('tells a closed port, a name without an address and a card that is not there', async () => {
    const port = await refusingPort();
    const failed = (reason: string) => ({ kind: 'failed', reason });
    expect(await shake({ port })).toEqual(failed('refused'));
    expect(await shake({ port, host: 'nobody.invalid' })).toEqual(failed('dnsFailed'));
    expect(await shake({ port, host: '127.0.0.1', localAddress: '192.0.2.7' })).toEqual(
      failed('unreachable'),
    );
  });

  it('leaves by the card it is told to', async () => {
    const port = await muteServer();
    const outcome = await shake({
      port,
      host: '127.0.0.1',
      security: 'plain',
      localAddress: '127.0.0.9',
    });
    expect(outcome.kind).toBe('measured');
  });

  it('is over at once when it is aborted', async () => {
    const controller = new AbortController();
    const handshake = shake({ port: await muteServer() }, controller.signal);
    setTimeout(() => controller.abort(new Error('enough')), 100);
    await expect(handshake).rejects.toThrow('enough');
    await expect(shake({ port: 1 }, AbortSignal.abort(new Error('before')))).rejects.toThrow(
      'before',
    );
  });
});

describe('isolation from the Internet', () => {
  const tryIt = (host: string, port: number) =>
    tryInternet({ host, port, maxWaitMs: 20 }, Math.random(), systemClock(), never);

  it('is broken when a connection comes about', async () => {
    const outcome = await tryIt('127.0.0.1', await muteServer());
    expect(outcome).toEqual({ kind: 'reachable', tookMs: expect.any(Number) as number });
  });

  it('holds when a firewall resets, and nothing is proved by a name without an address', async () => {
    expect(await tryIt('127.0.0.1', await refusingPort())).toEqual({
      kind: 'notReachable',
      because: 'reset',
    });
    expect(await tryIt('nobody.invalid', 443)).toEqual({
      kind: 'unknownFailure',
      code: 'noAddress',
    });
  });

  it('is not tried when the wait is aborted', async () => {
    const controller = new AbortController();
    const target = { host: '127.0.0.1', port: 1, maxWaitMs: 60_000 };
    const attempt = tryInternet(target, 1, systemClock(), controller.signal);
    controller.abort();
    await expect(attempt).rejects.toThrow('aborted');
  });
});
