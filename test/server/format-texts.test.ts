import { describe, expect, it } from 'vitest';
import { languages } from '@ppe-pulse/protocol/texts';
import { alertKinds, type AlertEvent, type AlertKind } from '../../server/src/alerts/alert.ts';
import type { Outgoing } from '../../server/src/alerts/delivery.ts';
import { formatOf, formats } from '../../server/src/alerts/formats/catalogue.ts';
import { escapeMattermost } from '../../server/src/alerts/formats/mattermost/escape.ts';
import { webhookFormats, type WebhookFormatId } from '../../server/src/alerts/webhook.ts';
import {
  alertContext,
  alertEvent,
  alertsFromMs,
  alertWebhook,
  cutProvider,
  jammedPrinter,
} from '../support/alert-samples.ts';

const textFormats = ['mattermost', 'slack', 'telegram', 'email'] as const;

interface ChatBody {
  readonly text: string;
  readonly attachments: readonly { readonly color: string; readonly text: string }[];
  readonly disable_notification?: boolean;
}

function make(
  format: WebhookFormatId,
  event: AlertEvent,
  language: 'ru' | 'en' = 'ru',
  template: string | null = null,
): Outgoing {
  return formatOf(format).make(event, alertWebhook(format, { language, template }), alertContext);
}

/** All that people read of a message. */
function readOf(outgoing: Outgoing): string {
  if (outgoing.kind === 'mail') return `${outgoing.subject}\n${outgoing.text}`;
  const body = JSON.parse(outgoing.body) as ChatBody;
  return [body.text, ...(body.attachments ?? []).map(({ text }) => text)].join('\n');
}

function eventOf(kind: AlertKind): AlertEvent {
  const over = { resolvedAtMs: alertsFromMs + 90_000 } as const;
  switch (kind) {
    case 'resolved':
      return alertEvent(kind, cutProvider({ ...over, resolution: 'healed', children: 0 }));
    case 'folded':
      return alertEvent(kind, jammedPrinter({ ...over, resolution: 'folded', foldedInto: 'i-17' }));
    case 'acknowledged':
      return alertEvent(
        kind,
        cutProvider({ acknowledgedAtMs: alertsFromMs + 60_000, assignee: 'provider' }),
      );
    case 'digest': {
      const worst = jammedPrinter({
        severity: 'warning',
        reason: 'lowPaper',
        kind: 'printer.paper',
      });
      return alertEvent(kind, worst, { digest: [worst, cutProvider({ severity: 'warning' })] });
    }
    case 'opened':
    case 'raised':
    case 'escalated':
    case 'resumed':
    case 'drill':
      return alertEvent(kind);
  }
}

describe('the catalogue of formats', () => {
  it('has every format under its own id, each field once', () => {
    expect(formats.map(({ id }) => id)).toEqual([...webhookFormats]);
    for (const { id, fields } of formats) {
      expect(formatOf(id).id).toBe(id);
      expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
    }
  });

  it.each(formats.map(({ id }) => id))('makes a request of every kind as %s', (format) => {
    for (const language of languages)
      for (const kind of alertKinds) {
        const outgoing = make(format, eventOf(kind), language);
        const whole = JSON.stringify(outgoing);
        expect(whole).not.toMatch(/undefined|\[object|NaN/);
        expect(whole.length).toBeLessThan(8_000);
      }
  });
});

describe('a message to people', () => {
  it.each([
    [
      'opened',
      'КРИТИЧНО · открыт · Провайдер «Связь-1»: нет сигнала · 14 ППЭ, 238 рабочих мест · с 09:20 (Кузбасс)\n' +
        'ППЭ: 4201, 4202, 4216, ещё 11\n',
    ],
    [
      'raised',
      'КРИТИЧНО · стал критичным · Провайдер «Связь-1»: нет сигнала · 14 ППЭ, 238 рабочих мест · с 09:20 (Кузбасс)\n' +
        'ППЭ: 4201, 4202, 4216, ещё 11\n',
    ],
    [
      'acknowledged',
      'КРИТИЧНО · принят в работу · Провайдер «Связь-1»: нет сигнала · 14 ППЭ, 238 рабочих мест · с 09:20 (Кузбасс)\n' +
        'ППЭ: 4201, 4202, 4216, ещё 11\nПринят в работу в 09:21\nНазначен: провайдер\n',
    ],
    [
      'resolved',
      'КРИТИЧНО · закрыт · Провайдер «Связь-1»: нет сигнала · 14 ППЭ, 238 рабочих мест · 09:20–09:21 (Кузбасс)\n' +
        'ППЭ: 4201, 4202, 4216, ещё 11\nДлился 1 мин 30 с\nЧем кончилось: неисправность прошла\n',
    ],
    [
      'folded',
      'КРИТИЧНО · вошёл в общий инцидент · ППЭ 4216, ауд. 0012: принтер, замятие бумаги · 09:20–09:21 (Кузбасс)\n' +
        'Подробности: источник: принтер по IPP · состояние: остановлен · не движется: 2 мин 05 с\n' +
        'Длился 1 мин 30 с\nЧем кончилось: вошёл в более широкий инцидент\nДальше — в инциденте i-17\n',
    ],
    [
      'digest',
      'ВНИМАНИЕ · сводка · 2 инцидента\n' +
        '• ВНИМАНИЕ · ППЭ 4216, ауд. 0012: принтер (бумага), мало бумаги · с 09:20 (Кузбасс)\n' +
        '• ВНИМАНИЕ · Провайдер «Связь-1»: нет сигнала · 14 ППЭ, 238 рабочих мест · с 09:20 (Кузбасс)\n',
    ],
    [
      'drill',
      'УЧЕБНАЯ ТРЕВОГА · КРИТИЧНО · проверка связи · Провайдер «Связь-1»: нет сигнала · 14 ППЭ, 238 рабочих мест · с 09:20 (Кузбасс)\n' +
        'Проверка связи: ничего не случилось, делать ничего не нужно\nППЭ: 4201, 4202, 4216, ещё 11\n',
    ],
  ] as const)('%s begins with what happened', (kind, text) => {
    const event = eventOf(kind);
    const isOne = kind !== 'digest' && kind !== 'drill';
    const id = isOne ? event.incident.id : event.id;
    const link = `https://pulse.example.org/incidents${isOne ? `/${id}` : ''}`;
    expect(readOf(make('telegram', event))).toBe(`${text}На табло: ${link}\nППЭ·Пульс, ${id}`);
  });

  it('is English where the receiver reads English', () => {
    expect(readOf(make('telegram', eventOf('resolved'), 'en'))).toBe(
      'CRITICAL · resolved · Provider "Связь-1": no signal · 14 sites, 238 workstations · 09:20–09:21 (Kuzbass)\n' +
        'Sites: 4201, 4202, 4216, 11 more\nLasted 1 min 30 s\nHow it ended: the fault is over\n' +
        'On the board: https://pulse.example.org/incidents/i-17\nPPE·Pulse, i-17',
    );
  });

  it('carries its marks in front of everything, in each format', () => {
    const event = alertEvent('opened', cutProvider({ isDrill: true, isSimulated: true }));
    for (const format of textFormats)
      expect(readOf(make(format, event))).toMatch(
        format === 'email'
          ? /^\[УЧЕБНАЯ\] \[ИМИТАЦИЯ\] КРИТИЧНО: .*\nУЧЕБНАЯ ТРЕВОГА · ИМИТАЦИЯ · /
          : /^УЧЕБНАЯ ТРЕВОГА · ИМИТАЦИЯ · КРИТИЧНО/,
      );
  });

  it('spells out twenty incidents of a digest and counts the rest', () => {
    const many = Array.from({ length: 57 }, (_, index) => jammedPrinter({ id: `i-${index}` }));
    const text = readOf(make('telegram', alertEvent('digest', jammedPrinter(), { digest: many })));
    expect(text).toContain('сводка · 57 инцидентов');
    expect(text.match(/^• /gm)).toHaveLength(20);
    expect(text).toContain('\nещё 37\n');
  });

  it('has a colour by what it is', () => {
    const colour = (event: AlertEvent): string | undefined => {
      const outgoing = make('slack', event);
      if (outgoing.kind !== 'http') throw new Error('no request');
      return (JSON.parse(outgoing.body) as ChatBody).attachments[0]?.color;
    };
    const colours = [
      eventOf('opened'),
      eventOf('digest'),
      eventOf('resolved'),
      eventOf('drill'),
    ].map(colour);
    expect(new Set(colours).size).toBe(4);
  });
});

describe('requests of formats', () => {
  it('of Telegram go to the bot, silent for what can wait', () => {
    const opened = make('telegram', eventOf('opened'));
    expect(opened).toMatchObject({
      url: 'https://api.telegram.org/bot123456789:AAF-fake_token_of_a_test_000000000_x/sendMessage',
      method: 'POST',
    });
    const loud = (outgoing: Outgoing): unknown =>
      outgoing.kind === 'http' && JSON.parse(outgoing.body);
    expect(loud(opened)).toMatchObject({
      chat_id: '-1001234567890',
      disable_notification: false,
      link_preview_options: { is_disabled: true },
    });
    expect(loud(opened)).not.toHaveProperty('parse_mode');
    expect(loud(make('telegram', eventOf('resolved')))).toMatchObject({
      disable_notification: true,
    });
  });

  it('of Telegram may go to a server of one’s own and into a topic', () => {
    const own = alertWebhook('telegram', {
      settings: { chatId: '@duty', threadId: 12, apiUrl: 'http://bot.example.org:8081/api/' },
    });
    const outgoing = formatOf('telegram').make(eventOf('opened'), own, alertContext);
    expect(outgoing).toMatchObject({
      url: 'http://bot.example.org:8081/api/bot123456789:AAF-fake_token_of_a_test_000000000_x/sendMessage',
    });
    expect(outgoing.kind === 'http' && JSON.parse(outgoing.body)).toMatchObject({
      chat_id: '@duty',
      message_thread_id: 12,
    });
  });

  it('are mails of one thread, the same id for every attempt', () => {
    const mails = (['opened', 'raised', 'resolved'] as const).map((kind) =>
      make('email', { ...alertEvent(kind), id: `evt_${kind}` }),
    );
    const [opened, raised, resolved] = mails.map((each) =>
      each.kind === 'mail' ? each : undefined,
    );
    expect(opened).toMatchObject({
      host: 'smtp.example.org',
      port: 587,
      security: 'startTls',
      user: null,
      password: null,
      from: 'pulse@example.org',
      to: ['duty@example.org', 'head@example.org'],
      subject: 'КРИТИЧНО: Провайдер «Связь-1»: нет сигнала (открыт)',
      messageId: `<i-17.${alertsFromMs}.ppe-pulse@example.org>`,
      inReplyTo: null,
    });
    expect([raised?.inReplyTo, resolved?.inReplyTo]).toEqual([
      opened?.messageId,
      opened?.messageId,
    ]);
    expect(new Set(mails.map((each) => each.kind === 'mail' && each.messageId)).size).toBe(3);
    expect(make('email', alertEvent('opened'))).toEqual(make('email', alertEvent('opened')));
  });

  it('say who sends them', () => {
    expect(make('slack', eventOf('opened'))).toMatchObject({
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'ppe-pulse/0.1.0',
      },
    });
  });
});

describe('names that want to be more than names', () => {
  const hostile = [
    'ООО «Связь» "1" \\ \'2\'',
    'Связь\r\nBcc: everyone@example.org\r\n\r\nтекст',
    '@channel @here @all <!channel> <!here> <@U123> <https://evil.example|нажми>',
    '**жирно** _курсив_ `код` [ссылка](https://evil.example) # заголовок ~~нет~~ | a',
    '\u202Eьзявс \u2028 \u0000 \u0007 📡🙈',
    '{{ 7 | times: 7 }} {% if true %} ${x} $& %s',
    'Длинное имя '.repeat(17).slice(0, 200),
  ];

  it.each(hostile)('stay text: %j', (provider) => {
    for (const kind of ['opened', 'digest'] as const) {
      const incident = cutProvider({ provider });
      const digest = kind === 'digest' ? [incident, incident] : [];
      const event = alertEvent(kind, incident, { digest });
      for (const format of textFormats) {
        const text = readOf(make(format, event));
        expect(text).not.toMatch(/[^\P{Cc}\n]|[\u2028\u202E]/u);
        expect(text.split('\n').length).toBeLessThan(9);
      }
      expect(readOf(make('slack', event))).not.toMatch(/<[!@#h]/);
      expect(readOf(make('mattermost', event))).not.toMatch(/@[a-z]|<[!@h]|(?<!\\)[*`_[\]]/);
      const mail = make('email', event);
      expect(mail.kind === 'mail' && mail.subject).not.toMatch(/[\r\n]/);
      expect(mail.kind === 'mail' && mail.subject.length).toBeLessThanOrEqual(180);
    }
  });

  it('go whole into JSON', () => {
    for (const provider of hostile) {
      const outgoing = make('json', alertEvent('opened', cutProvider({ provider })));
      const body: unknown = outgoing.kind === 'http' && JSON.parse(outgoing.body);
      expect(body).toMatchObject({ incident: { provider } });
    }
  });

  it('keep addresses usable in Mattermost', () => {
    expect(escapeMattermost('см. https://pulse.example.org/a_b#c_d и a_b')).toBe(
      String.raw`см. https://pulse.example.org/a_b#c_d и a\_b`,
    );
  });

  it('do not push a message over the limit of Telegram, nor cut a sign in two', () => {
    const incident = cutProvider({ provider: '📡'.repeat(100) });
    const digest = Array.from({ length: 20 }, () => incident);
    const outgoing = make('telegram', alertEvent('digest', incident, { digest }));
    const text = readOf(outgoing);
    expect(text.length).toBeGreaterThan(4_000);
    expect(text.length).toBeLessThanOrEqual(4_096);
    expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text);
  });
});
