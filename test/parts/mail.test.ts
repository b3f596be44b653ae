import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AlertEvent } from '../../server/src/alerts/alert.ts';
import { formatOf } from '../../server/src/alerts/formats/catalogue.ts';
import { AddressPolicy } from '../../server/src/alerts/transport/address-policy.ts';
import { createMailSend } from '../../server/src/alerts/transport/mail-send.ts';
import { systemClock } from '../../server/src/clock.ts';
import {
  alertContext,
  alertEvent,
  alertsFromMs,
  alertWebhook,
  cutProvider,
} from '../support/alert-samples.ts';

/** A mail as it came over the wire. */
interface Arrived {
  readonly to: readonly string[];
  /** By lower-case name, unfolded and decoded. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
}

/** A real SMTP server on loopback that keeps what it is given. */
async function mailSink(): Promise<{ readonly port: number; readonly arrived: Arrived[] }> {
  const arrived: Arrived[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, done) => {
      let raw = '';
      stream.setEncoding('latin1').on('data', (text: string) => (raw += text));
      stream.on('end', () => {
        arrived.push({ to: session.envelope.rcptTo.map(({ address }) => address), ...read(raw) });
        done();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => server.close(resolve)));
  return { port: (server.server.address() as AddressInfo).port, arrived };
}

/** Makes the mail of an event and sends it as the collector does. */
async function deliver(port: number, event: AlertEvent): Promise<string> {
  const webhook = alertWebhook('email', {
    allowsPrivate: true,
    settings: {
      host: '127.0.0.1',
      port,
      security: 'plain',
      from: 'pulse@example.org',
      to: 'duty@example.org, head@example.org',
    },
  });
  const send = createMailSend({
    policy: new AddressPolicy(),
    resolve: () => Promise.reject(new Error('an address needs no name')),
    clock: systemClock(),
  });
  const { outcome } = await send(
    formatOf('email').make(event, webhook, alertContext),
    webhook,
    event,
  );
  return outcome;
}

describe('a mail about an incident', () => {
  it('arrives at everybody, readable, as one thread with its end', async () => {
    const { port, arrived } = await mailSink();
    const over = { resolvedAtMs: alertsFromMs + 360_000, resolution: 'healed' } as const;
    expect(await deliver(port, alertEvent('opened'))).toBe('delivered');
    const resolved = alertEvent('resolved', cutProvider(over), { id: 'evt_end' });
    expect(await deliver(port, resolved)).toBe('delivered');
    const [opening, ending] = arrived;
    expect(opening?.to).toEqual(['duty@example.org', 'head@example.org']);
    expect(opening?.headers.get('subject')).toBe(
      'КРИТИЧНО: Провайдер «Связь-1»: нет сигнала (открыт)',
    );
    expect(opening?.text).toMatch(
      /^КРИТИЧНО · открыт · Провайдер «Связь-1»: нет сигнала · 14 ППЭ, 238 рабочих мест · с 09:20 \(Кузбасс\)\n\nППЭ: 4201/,
    );
    expect(ending?.headers.get('in-reply-to')).toBe(opening?.headers.get('message-id'));
    expect(ending?.headers.get('references')).toBe(opening?.headers.get('message-id'));
    expect(ending?.headers.get('message-id')).toBe('<evt_end@example.org>');
    expect(ending?.text).toContain('\nЧем кончилось: неисправность прошла\n');
  });

  it('has the same Message-ID when it is told again', async () => {
    const { port, arrived } = await mailSink();
    await deliver(port, alertEvent('opened'));
    await deliver(port, alertEvent('opened'));
    const ids = arrived.map(({ headers }) => headers.get('message-id'));
    expect(ids).toEqual([`<i-17.${alertsFromMs}.ppe-pulse@example.org>`, ids[0]]);
  });

  it('is marked in the subject when nothing has really happened', async () => {
    const { port, arrived } = await mailSink();
    await deliver(port, alertEvent('drill', cutProvider({ isSimulated: true })));
    expect(arrived[0]?.headers.get('subject')).toMatch(/^\[УЧЕБНАЯ\] \[ИМИТАЦИЯ\] КРИТИЧНО: /);
    expect(arrived[0]?.text).toMatch(/^УЧЕБНАЯ ТРЕВОГА · ИМИТАЦИЯ · /);
  });

  it('has no header or recipient but ours, whatever a name holds', async () => {
    const { port, arrived } = await mailSink();
    const provider =
      'Связь\r\nBcc: everyone@example.org\r\nContent-Type: text/html\r\n\r\n<b>.\r\n.\r\nQUIT\r\n📡';
    expect(await deliver(port, alertEvent('opened', cutProvider({ provider })))).toBe('delivered');
    expect(arrived).toHaveLength(1);
    expect(arrived[0]?.to).toEqual(['duty@example.org', 'head@example.org']);
    expect(arrived[0]?.headers.has('bcc')).toBe(false);
    expect(arrived[0]?.headers.get('content-type')).toMatch(/^text\/plain; charset=utf-8$/);
    expect(arrived[0]?.headers.get('subject')).toContain('Связь Bcc: everyone@example.org');
    expect(arrived[0]?.text.split('\n')[0]).toContain('Связь Bcc: everyone@example.org');
  });
});

function read(raw: string): Omit<Arrived, 'to'> {
  const end = raw.indexOf('\r\n\r\n');
  const headers = new Map(
    raw
      .slice(0, end)
      .replaceAll(/\r\n[ \t]+/g, ' ')
      .split('\r\n')
      .map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        decodedWords(line.slice(line.indexOf(':') + 1).trim()),
      ]),
  );
  const body = raw.slice(end + 4);
  const encoding = headers.get('content-transfer-encoding');
  const bytes =
    encoding === 'base64' ? Buffer.from(body, 'base64') : Buffer.from(unquoted(body), 'latin1');
  return { headers, text: bytes.toString('utf8').replaceAll('\r\n', '\n').trim() };
}

/** RFC 2047: `=?UTF-8?Q?…?=`; blanks between two such words are not text. */
function decodedWords(text: string): string {
  const word = /=\?utf-8\?([QB])\?([^?]*)\?=/gi;
  return text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(word, (_, kind: string, coded: string) =>
      kind.toUpperCase() === 'B'
        ? Buffer.from(coded, 'base64').toString('latin1')
        : unquoted(coded.replaceAll('_', ' ')),
    )
    .replaceAll(/[\x80-\xFF]+/g, (bytes) => Buffer.from(bytes, 'latin1').toString('utf8'));
}

/** Quoted-printable, as bytes. */
function unquoted(text: string): string {
  return text
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
}
