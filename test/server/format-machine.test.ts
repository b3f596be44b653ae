import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { languages } from '@ppe-pulse/protocol/texts';
import { alertKinds, type AlertEvent } from '../../server/src/alerts/alert.ts';
import type { PostableAlert } from '../../server/src/alerts/formats/alertmanager/alerts.ts';
import { fingerprint } from '../../server/src/alerts/formats/alertmanager-webhook/fingerprint.ts';
import type { WebhookPayload } from '../../server/src/alerts/formats/alertmanager-webhook/payload.ts';
import { formatOf } from '../../server/src/alerts/formats/catalogue.ts';
import {
  AlertEventSchema,
  alertEventSchema,
} from '../../server/src/alerts/formats/json/event-schema.ts';
import type { WebhookFormatId, WebhookWithSecrets } from '../../server/src/alerts/webhook.ts';
import {
  alertContext,
  alertEvent,
  alertsFromMs,
  alertWebhook,
  cutProvider,
  jammedPrinter,
} from '../support/alert-samples.ts';

const MINUTE_MS = 60_000;
const published = join(import.meta.dirname, '../../docs/schemas/alert-event.v1.json');

function make(
  format: WebhookFormatId,
  event: AlertEvent,
  part: Partial<WebhookWithSecrets> = {},
): { readonly url: string; readonly headers: Readonly<Record<string, string>>; body: unknown } {
  const outgoing = formatOf(format).make(event, alertWebhook(format, part), alertContext);
  if (outgoing.kind !== 'http') throw new Error('no request');
  return { ...outgoing, body: JSON.parse(outgoing.body) };
}

const posted = (event: AlertEvent): readonly PostableAlert[] =>
  make('alertmanager', event).body as PostableAlert[];
const told = (event: AlertEvent): WebhookPayload =>
  make('alertmanager-webhook', event).body as WebhookPayload;

describe('our own JSON', () => {
  it('is what the published schema says, for every kind and language', () => {
    const validator = Compile(AlertEventSchema);
    for (const language of languages)
      for (const kind of alertKinds) {
        const digest = kind === 'digest' ? [jammedPrinter(), cutProvider()] : [];
        const event = alertEvent(kind, jammedPrinter(), { digest });
        const { body } = make('json', event, { language });
        expect([kind, [...validator.Errors(body)]]).toEqual([kind, []]);
        expect(body).toMatchObject({ schema: 'ppe-pulse.alert.v1', id: event.id, kind, language });
      }
  });

  it('is published as it is checked', () => {
    expect(JSON.parse(readFileSync(published, 'utf8'))).toEqual(alertEventSchema());
  });

  it('has the same shape as ever', () => {
    const over = { resolvedAtMs: alertsFromMs + 6 * MINUTE_MS, resolution: 'healed' } as const;
    const { body } = make('json', alertEvent('resolved', jammedPrinter(over)));
    expect(body).toEqual({
      schema: 'ppe-pulse.alert.v1',
      id: 'evt_AAAAAAAAAAAAAAAAAAAAAA',
      kind: 'resolved',
      at: '2024-05-15T02:21:30.000Z',
      isDrill: false,
      isSimulated: false,
      language: 'ru',
      headline:
        'КРИТИЧНО · закрыт · ППЭ 4216, ауд. 0012: принтер, замятие бумаги · 09:20–09:26 (Кузбасс)',
      lines: [
        'Подробности: источник: принтер по IPP · состояние: остановлен · не движется: 2 мин 05 с',
        'Длился 6 мин 00 с',
        'Чем кончилось: неисправность прошла',
        'На табло: https://pulse.example.org/incidents/i-18',
        'ППЭ·Пульс, i-18',
      ],
      incident: {
        id: 'i-18',
        kind: 'printer.state',
        reason: 'jam',
        verdict: 'fail',
        severity: 'critical',
        level: 'device',
        node: 'device:w-91c2000000000000/printer.1',
        site: '4216',
        room: '0012',
        workstation: 'w-91c2000000000000',
        device: { kind: 'printer', number: 1 },
        municipality: 'kemerovo',
        provider: null,
        stations: 1,
        peakStations: 1,
        sites: 1,
        siteCodes: ['4216'],
        evidence: { source: 'ipp', state: 'stopped', stuckMs: 125_000 },
        openedAt: '2024-05-15T02:20:00.000Z',
        resolvedAt: '2024-05-15T02:26:00.000Z',
        resolution: 'healed',
        foldedInto: null,
        acknowledgedAt: null,
        assignee: null,
        isUnstable: false,
        isUnheard: false,
        isSimulated: false,
        isDrill: false,
        title: 'ППЭ 4216, ауд. 0012: принтер, замятие бумаги',
        url: 'https://pulse.example.org/incidents/i-18',
      },
      digest: [],
      digestTotal: 0,
      collector: { version: '0.1.0', url: 'https://pulse.example.org/' },
    });
  });

  it('names no account', () => {
    const taken = cutProvider({ acknowledgedAtMs: alertsFromMs, acknowledgedBy: 'ivanova' });
    for (const format of ['json', 'alertmanager', 'alertmanager-webhook'] as const)
      expect(JSON.stringify(make(format, alertEvent('acknowledged', taken)))).not.toContain(
        'ivanova',
      );
  });

  it('is signed where a secret is set, and the secret is not in it', () => {
    const { signingSecret } = make('json', alertEvent('opened')) as { signingSecret?: string };
    expect(signingSecret).toBe('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const unsigned = make('json', alertEvent('opened'), { secrets: {} });
    expect(unsigned).not.toHaveProperty('signingSecret');
    expect(JSON.stringify(make('json', alertEvent('opened')).body)).not.toContain('whsec_');
  });

  it('counts a long digest whole and lists a hundred', () => {
    const digest = Array.from({ length: 230 }, () => jammedPrinter());
    const { body } = make('json', alertEvent('digest', jammedPrinter(), { digest }));
    expect(body).toMatchObject({ digestTotal: 230 });
    expect((body as { digest: unknown[] }).digest).toHaveLength(100);
  });
});

describe('alerts for an Alertmanager', () => {
  it('go to its API below the path that it is served at', () => {
    const { url, headers } = make('alertmanager', alertEvent('opened'));
    expect(url).toBe('https://am.example.org/prefix/api/v2/alerts');
    expect(headers).not.toHaveProperty('authorization');
  });

  it.each([
    [{ bearerToken: 'abc.def' }, 'Bearer abc.def'],
    [{ password: 'пароль' }, `Basic ${Buffer.from('pulse:пароль').toString('base64')}`],
  ])('say who we are with %j', (secrets, header) => {
    const settings = { url: 'https://am.example.org', user: 'pulse' };
    const part = 'password' in secrets ? { settings } : {};
    const { headers } = make('alertmanager', alertEvent('opened'), { ...part, secrets });
    expect(headers['authorization']).toBe(header);
  });

  it('are labelled by what holds for the incident’s whole life', () => {
    const [opened] = posted(alertEvent('opened', jammedPrinter()));
    expect(opened?.labels).toEqual({
      alertname: 'printer.state',
      incident: 'i-18',
      severity: 'critical',
      level: 'device',
      municipality: 'kemerovo',
      site: '4216',
      room: '0012',
      station: 'w-91c2000000000000',
      device: 'printer.1',
      drill: 'false',
      simulated: 'false',
    });
    expect(opened?.annotations).toMatchObject({
      summary: 'ППЭ 4216, ауд. 0012: принтер, замятие бумаги',
      reason: 'jam',
    });
    const moved = jammedPrinter({
      reason: 'noPaper',
      children: 0,
      isDrill: true,
      isUnstable: true,
      assignee: 'dutyOfficer',
      acknowledgedAtMs: alertsFromMs,
      resolvedAtMs: alertsFromMs + MINUTE_MS,
      resolution: 'healed',
    });
    for (const kind of ['acknowledged', 'escalated', 'resumed', 'resolved', 'folded'] as const)
      expect(posted(alertEvent(kind, moved)).map(({ labels }) => labels)).toEqual([opened?.labels]);
  });

  it('do not end by themselves before a week is over, and end when the incident does', () => {
    const [opened] = posted(alertEvent('opened'));
    expect(opened).toMatchObject({
      startsAt: '2024-05-15T02:20:00.000Z',
      endsAt: '2024-05-22T02:21:30.000Z',
      generatorURL: 'https://pulse.example.org/incidents/i-17',
    });
    const over = cutProvider({ resolvedAtMs: alertsFromMs + 6 * MINUTE_MS, resolution: 'healed' });
    const [resolved] = posted(alertEvent('resolved', over));
    expect(resolved).toMatchObject({ labels: opened?.labels, endsAt: '2024-05-15T02:26:00.000Z' });
  });

  it('end the warning when it becomes critical', () => {
    const [warning] = posted(alertEvent('opened', cutProvider({ severity: 'warning' })));
    const [critical, milder] = posted(alertEvent('raised'));
    expect(critical?.labels.severity).toBe('critical');
    expect(milder?.labels).toEqual(warning?.labels);
    expect(milder?.endsAt).toBe('2024-05-15T02:21:30.000Z');
  });

  it('never end before they begin, whatever clocks did', () => {
    const over = cutProvider({ resolvedAtMs: alertsFromMs - MINUTE_MS, resolution: 'healed' });
    const [resolved] = posted(alertEvent('resolved', over));
    expect(resolved?.endsAt).toBe(resolved?.startsAt);
  });

  it('of a drill are alerts of their own that end within minutes', () => {
    const [drill] = posted(alertEvent('drill'));
    expect(drill).toMatchObject({
      labels: { drill: 'true', incident: 'evt_AAAAAAAAAAAAAAAAAAAAAA' },
      endsAt: '2024-05-15T02:26:30.000Z',
    });
  });

  it('of a digest are one for each incident', () => {
    const digest = [jammedPrinter(), cutProvider()];
    const alerts = posted(alertEvent('digest', jammedPrinter(), { digest }));
    expect(alerts.map(({ labels }) => labels['incident'])).toEqual(['i-18', 'i-17']);
    expect(alerts[1]?.annotations['summary']).toBe('Провайдер «Связь-1»: нет сигнала');
  });
});

describe('webhooks as an Alertmanager sends them', () => {
  it('have payload version 4', () => {
    expect(told(alertEvent('opened'))).toEqual({
      version: '4',
      groupKey: '{}:{incident="i-17"}',
      truncatedAlerts: 0,
      status: 'firing',
      receiver: 'Ситуационный центр',
      groupLabels: { incident: 'i-17' },
      commonLabels: posted(alertEvent('opened'))[0]?.labels,
      commonAnnotations: posted(alertEvent('opened'))[0]?.annotations,
      externalURL: 'https://pulse.example.org/',
      alerts: [
        {
          status: 'firing',
          labels: posted(alertEvent('opened'))[0]?.labels,
          annotations: posted(alertEvent('opened'))[0]?.annotations,
          startsAt: '2024-05-15T02:20:00.000Z',
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: 'https://pulse.example.org/incidents/i-17',
          fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        },
      ],
    });
  });

  it('close what they opened, under the same fingerprint', () => {
    const over = cutProvider({ resolvedAtMs: alertsFromMs + MINUTE_MS, resolution: 'healed' });
    const resolved = told(alertEvent('resolved', over));
    expect(resolved).toMatchObject({ status: 'resolved', alerts: [{ status: 'resolved' }] });
    expect(resolved.alerts[0]?.fingerprint).toBe(told(alertEvent('opened')).alerts[0]?.fingerprint);
  });

  it('hold what all have in common, and count what they leave out', () => {
    const digest = Array.from({ length: 120 }, (_, index) => jammedPrinter({ id: `i-${index}` }));
    const payload = told(alertEvent('digest', jammedPrinter(), { digest }));
    expect(payload.alerts).toHaveLength(100);
    expect(payload.truncatedAlerts).toBe(20);
    expect(payload.commonLabels).toMatchObject({ alertname: 'printer.state', site: '4216' });
    expect(payload.commonLabels).not.toHaveProperty('incident');
  });

  it('have fingerprints by names in their order', () => {
    expect(fingerprint({ b: '2', a: '1' })).toBe(fingerprint({ a: '1', b: '2' }));
    expect(fingerprint({ a: '1', b: '2' })).not.toBe(fingerprint({ a: '12', b: '' }));
    expect(fingerprint({})).toBe('cbf29ce484222325');
  });
});
