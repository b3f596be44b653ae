import type { Incident } from '@ppe-pulse/protocol';
import type { AlertEvent, AlertKind } from '../../server/src/alerts/alert.ts';
import type { WebhookWithSecrets } from '../../server/src/alerts/webhook.ts';

/** 15 May 2024, 09:30 in Novokuznetsk. */
export const MORNING_MS = Date.UTC(2024, 4, 15, 2, 30);

/** An incident as the engine would open it. */
export function incidentOf(id: string): Incident {
  return {
    id,
    kind: 'printer.state',
    reason: 'noToner',
    verdict: 'fail',
    severity: 'critical',
    level: 'device',
    node: 'device:w-4216-0012-01/printer.1',
    siteCode: '4216',
    roomCode: '0012',
    workstationId: 'w-4216-0012-01',
    deviceKind: 'printer',
    device: 1,
    municipality: 'kemerovo',
    provider: null,
    children: 1,
    peakChildren: 1,
    sites: 1,
    siteCodes: ['4216'],
    evidence: { value: 0 },
    openedAtMs: MORNING_MS,
    resolvedAtMs: null,
    resolution: null,
    foldedInto: null,
    isUnstable: false,
    isUnheard: false,
    isSimulated: false,
    acknowledgedAtMs: null,
    acknowledgedBy: null,
    assignee: null,
    isDrill: false,
    snoozedUntilMs: null,
    silencedUntilMs: null,
    notes: 0,
    lastNoteAtMs: null,
  };
}

/** An event; its id says what it is, so that a failed test can be read. */
export function alertEvent(incidentId: string, kind: AlertKind, number = 1): AlertEvent {
  const name = `${incidentId}.${kind}.${number}`;
  return {
    id: `evt_${name.replaceAll(/[^a-zA-Z0-9]/g, '_').padEnd(22, '_')}`,
    kind,
    atMs: MORNING_MS,
    incident: incidentOf(incidentId),
    digest: [],
    isDrill: kind === 'drill',
  };
}

/** A receiver that may be on loopback. */
export function webhookTo(id: string, url: string): WebhookWithSecrets {
  return {
    id,
    name: `receiver ${id}`,
    format: 'json',
    settings: { url },
    secretNames: [],
    secrets: {},
    isEnabled: true,
    allowsPrivate: true,
    giveUpAfterMs: 3_600_000,
    language: 'ru',
    template: null,
    createdAtMs: MORNING_MS,
    createdBy: 'admin',
    lastTest: null,
  };
}
