import type { Incident } from '@ppe-pulse/protocol';
import type { AlertEvent, AlertKind } from '../../server/src/alerts/alert.ts';
import type { FormatContext } from '../../server/src/alerts/formats/format.ts';
import type { WebhookFormatId, WebhookWithSecrets } from '../../server/src/alerts/webhook.ts';
import { plainIncident } from './plain-incident.ts';

/** Keys come in on the second federal rehearsal; 09:20 in Kuzbass. */
export const alertsFromMs = Date.parse('2024-05-15T09:20:00+07:00');

export const alertContext: FormatContext = {
  boardUrl: 'https://pulse.example.org/',
  collectorVersion: '0.1.0',
  timeZone: 'Asia/Novokuznetsk',
};

/** A provider is cut: 14 ППЭ are silent. */
export function cutProvider(part: Partial<Incident> = {}): Incident {
  return plainIncident(17, alertsFromMs, {
    level: 'provider',
    node: 'provider:Связь-1',
    provider: 'Связь-1',
    children: 238,
    peakChildren: 238,
    sites: 14,
    siteCodes: ['4201', '4202', '4216'],
    ...part,
  });
}

/** Paper is jammed in a room. */
export function jammedPrinter(part: Partial<Incident> = {}): Incident {
  return cutProvider({
    id: 'i-18',
    kind: 'printer.state',
    reason: 'jam',
    verdict: 'fail',
    level: 'device',
    node: 'device:w-91c2000000000000/printer.1',
    siteCode: '4216',
    roomCode: '0012',
    workstationId: 'w-91c2000000000000',
    deviceKind: 'printer',
    device: 1,
    municipality: 'kemerovo',
    provider: null,
    children: 1,
    peakChildren: 1,
    sites: 1,
    siteCodes: ['4216'],
    evidence: { source: 'ipp', state: 'stopped', stuckMs: 125_000 },
    ...part,
  });
}

/** An event about an incident, 90 s after it opened. */
export function alertEvent(
  kind: AlertKind,
  incident: Incident = cutProvider(),
  part: Partial<AlertEvent> = {},
): AlertEvent {
  return {
    id: 'evt_AAAAAAAAAAAAAAAAAAAAAA',
    kind,
    atMs: incident.openedAtMs + 90_000,
    incident,
    digest: [],
    isDrill: kind === 'drill',
    ...part,
  };
}

/** A receiver with all that its format needs. */
export function alertWebhook(
  format: WebhookFormatId,
  part: Partial<WebhookWithSecrets> = {},
): WebhookWithSecrets {
  const { settings, secrets } = wellSet[format];
  return {
    id: 'wh-1',
    name: 'Ситуационный центр',
    format,
    settings,
    secrets,
    secretNames: Object.keys(secrets),
    isEnabled: true,
    allowsPrivate: false,
    giveUpAfterMs: 3_600_000,
    language: 'ru',
    template: null,
    createdAtMs: 0,
    createdBy: 'admin',
    lastTest: null,
    ...part,
  };
}

const hook = 'https://hooks.example.org/alerts';

/** Settings that are right, by format. */
export const wellSet: Readonly<
  Record<WebhookFormatId, Pick<WebhookWithSecrets, 'settings' | 'secrets'>>
> = {
  json: {
    settings: { url: hook },
    secrets: { signingSecret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  },
  alertmanager: { settings: { url: 'https://am.example.org/prefix/' }, secrets: {} },
  'alertmanager-webhook': { settings: { url: hook }, secrets: {} },
  mattermost: { settings: {}, secrets: { url: 'https://chat.example.org/hooks/secret' } },
  slack: { settings: {}, secrets: { url: 'https://hooks.example.org/services/T/B/secret' } },
  telegram: {
    settings: { chatId: '-1001234567890' },
    secrets: { token: '123456789:AAF-fake_token_of_a_test_000000000_x' },
  },
  email: {
    settings: {
      host: 'smtp.example.org',
      from: 'pulse@example.org',
      to: 'duty@example.org, head@example.org',
    },
    secrets: {},
  },
};
