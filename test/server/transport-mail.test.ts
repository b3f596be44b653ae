import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../server/src/clock.ts';
import type { Attempt, Outgoing } from '../../server/src/alerts/delivery.ts';
import { AddressPolicy } from '../../server/src/alerts/transport/address-policy.ts';
import type { ResolvedAddress } from '../../server/src/alerts/transport/host-resolver.ts';
import { createMailSend, type MailSendParts } from '../../server/src/alerts/transport/mail-send.ts';
import { transportLimits } from '../../server/src/alerts/transport/transport-limits.ts';
import {
  gibberishServer,
  hasOpenssl,
  makeCertificates,
  muteServer,
  refusingPort,
} from '../parts/tls-server.ts';

type Mail = Extract<Outgoing, { kind: 'mail' }>;
const SHORT = { ...transportLimits, connectWithinMs: 400, answerWithinMs: 300, wholeWithinMs: 600 };
const event = { id: 'evt_0123456789abcdefghijkl', atMs: Date.UTC(2024, 4, 15, 2, 30) };

/** A mail server on loopback and the mails that it took. */
async function mailServer(options: SMTPServerOptions = {}) {
  const mails: { from: string; to: string[]; raw: string; isSecure: boolean; user: unknown }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      let raw = '';
      stream.setEncoding('utf8').on('data', (text: string) => (raw += text));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw,
          isSecure: session.secure,
          user: session.user,
        });
        done();
      });
    },
    ...options,
  });
  // Clients of these tests hang up in the middle of things.
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => server.close(resolve)));
  return { port: (server.server.address() as AddressInfo).port, mails };
}

function mail(port: number, more: Partial<Mail> = {}): Mail {
  return {
    kind: 'mail',
    host: '127.0.0.1',
    port,
    security: 'plain',
    user: null,
    password: null,
    from: 'Пульс <pulse@region.example>',
    to: ['duty@region.example'],
    subject: 'ППЭ 4216: принтер',
    text: 'Нет тонера.\nЗаменить картридж.',
    messageId: '<i-17.opened@pulse.example>',
    inReplyTo: null,
    ...more,
  };
}

function send(
  outgoing: Outgoing,
  parts: Partial<MailSendParts> = {},
  allowsPrivate = true,
): Promise<Attempt> {
  const made = createMailSend({
    policy: new AddressPolicy(),
    resolve: () => Promise.resolve<ResolvedAddress[]>([{ address: '127.0.0.1', family: 4 }]),
    clock: systemClock(),
    ...parts,
  });
  return made(outgoing, { allowsPrivate }, event);
}

/** An SMTP refusal. */
function refusal(responseCode: number): Error {
  return Object.assign(new Error('no'), { responseCode });
}

describe('an alert by mail', () => {
  it('arrives with its thread, in Russian, at everybody', async () => {
    const { port, mails } = await mailServer();
    const to = ['duty@region.example', 'head@region.example'];
    const reply = {
      inReplyTo: '<i-17.opened@pulse.example>',
      messageId: '<i-17.over@pulse.example>',
    };
    expect(await send(mail(port, { to }))).toMatchObject({
      outcome: 'delivered',
      status: 250,
      isRetryable: false,
    });
    expect(await send(mail(port, { to, ...reply }))).toMatchObject({ outcome: 'delivered' });
    expect(mails).toMatchObject([
      { from: 'pulse@region.example', to },
      { from: 'pulse@region.example', to },
    ]);
    expect(mails[0]?.raw).toContain('Message-ID: <i-17.opened@pulse.example>');
    expect(mails[0]?.raw).not.toContain('In-Reply-To');
    expect(mails[1]?.raw).toContain('In-Reply-To: <i-17.opened@pulse.example>');
    expect(mails[1]?.raw).toContain('References: <i-17.opened@pulse.example>');
    const [, encoded = ''] = mails[0]?.raw.split('\r\n\r\n') ?? [];
    expect(Buffer.from(encoded, 'base64').toString('utf8')).toContain('Заменить картридж.');
  });

  it('signs in, and a wrong password is not tried again', async () => {
    const { port, mails } = await mailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) => {
        if (username === 'pulse' && password === 'right') done(null, { user: username });
        else done(refusal(535));
      },
    });
    const signedIn = { user: 'pulse', password: 'right' };
    expect(await send(mail(port, signedIn))).toMatchObject({ outcome: 'delivered' });
    expect(mails[0]?.user).toBe('pulse');
    expect(await send(mail(port, { ...signedIn, password: 'wrong' }))).toMatchObject({
      outcome: 'rejected',
      status: 535,
      isRetryable: false,
    });
    expect(await send(mail(port))).toMatchObject({ outcome: 'rejected', isRetryable: false });
  });

  it.each([
    [450, { outcome: 'throttled', isRetryable: true }],
    [452, { outcome: 'throttled', isRetryable: true }],
    [421, { outcome: 'serverError', isRetryable: true }],
    [550, { outcome: 'rejected', isRetryable: false }],
    [554, { outcome: 'rejected', isRetryable: false }],
  ])('is refused with %i', async (status, expected) => {
    const { port, mails } = await mailServer({
      onRcptTo: (_address, _session, done) => done(refusal(status)),
    });
    expect(await send(mail(port))).toMatchObject({ ...expected, status });
    expect(mails).toEqual([]);
    const later = await mailServer({
      onData: (stream, _session, done) => {
        stream.resume().on('end', () => done(refusal(status)));
      },
    });
    expect(await send(mail(later.port))).toMatchObject({ ...expected, status });
  });

  it('is not delivered while one of its receivers is refused', async () => {
    const { port, mails } = await mailServer({
      onRcptTo: ({ address }, _session, done) =>
        address.startsWith('gone') ? done(refusal(550)) : done(),
    });
    const to = ['duty@region.example', 'gone@region.example'];
    expect(await send(mail(port, { to }))).toMatchObject({ outcome: 'rejected', status: 550 });
    expect(mails).toMatchObject([{ to: ['duty@region.example'] }]);
  });
});

describe('a mail server that cannot be reached or does not answer', () => {
  it('is told apart', async () => {
    expect(await send(mail(await refusingPort()))).toMatchObject({ outcome: 'connectionFailed' });
    const mute = mail(await muteServer());
    expect(await send(mute, { limits: SHORT })).toMatchObject({ outcome: 'timedOut' });
    const secure = mail(await muteServer(), { security: 'tls' });
    expect(await send(secure, { limits: SHORT })).toMatchObject({ outcome: 'timedOut' });
    const gone = await send(mail(await gibberishServer()));
    expect(gone).toMatchObject({ outcome: 'connectionFailed', isRetryable: true });
    const named = mail(1, { host: 'mail.example' });
    const resolve = () => Promise.reject(new Error('ENOTFOUND'));
    expect(await send(named, { resolve })).toMatchObject({ outcome: 'dnsFailed' });
  });

  it('takes everything and says nothing more', async () => {
    const { port } = await mailServer({ onData: (stream) => void stream.resume() });
    expect(await send(mail(port), { limits: SHORT })).toMatchObject({
      outcome: 'timedOut',
      isRetryable: true,
    });
  });

  it('is in a network that is not allowed, named or resolved', async () => {
    const { port, mails } = await mailServer();
    const refused = { outcome: 'addressRefused', isRetryable: false };
    expect(await send(mail(port), {}, false)).toMatchObject(refused);
    expect(await send(mail(port, { host: 'mail.example' }), {}, false)).toMatchObject(refused);
    expect(mails).toEqual([]);
  });

  it('is not sent what no mail can be made of', async () => {
    const { port } = await mailServer();
    const wrong = { outcome: 'notRenderable', isRetryable: false };
    expect(await send(mail(port, { to: [] }))).toMatchObject(wrong);
    expect(await send(mail(70_000))).toMatchObject(wrong);
  });
});

describe.skipIf(!hasOpenssl())('a mail under TLS', () => {
  it('goes from the first byte or after STARTTLS, to a certificate of that name only', async () => {
    const { ca, valid, selfSigned } = makeCertificates();
    const pem = (files: typeof valid) => ({
      key: readFileSync(files.key),
      cert: readFileSync(files.certificate),
    });
    const tls = await mailServer({ secure: true, ...pem(valid) });
    const startTls = await mailServer({ ...pem(valid), disabledCommands: [] });
    const ways = [
      [tls, 'tls'],
      [startTls, 'startTls'],
    ] as const;
    for (const [{ port, mails }, security] of ways) {
      const named = mail(port, { security, host: 'localhost' });
      expect(await send(named, { ca })).toMatchObject({ outcome: 'delivered' });
      expect(mails).toMatchObject([{ isSecure: true }]);
      expect(await send(named)).toMatchObject({ outcome: 'tlsFailed', isRetryable: true });
      const other = mail(port, { security, host: 'mail.example' });
      expect(await send(other, { ca })).toMatchObject({ outcome: 'tlsFailed' });
      expect(mails).toHaveLength(1);
    }
    const unproven = await mailServer({ secure: true, ...pem(selfSigned) });
    expect(await send(mail(unproven.port, { security: 'tls' }), { ca })).toMatchObject({
      outcome: 'tlsFailed',
    });
  });

  it('is not sent in the clear where STARTTLS is asked for and not offered', async () => {
    const { port, mails } = await mailServer();
    const attempt = await send(mail(port, { security: 'startTls' }));
    expect(attempt.outcome).not.toBe('delivered');
    expect(mails).toEqual([]);
  });
});
