import type { Incident } from '@ppe-pulse/protocol';
import type { AlertEvent, AlertKind } from '../../server/src/alerts/alert.ts';
import type { WebhookWithSecrets } from '../../server/src/alerts/webhook.ts';
import { plainIncident } from './plain-incident.ts';

/** 15 May 2024, 09:30 in Novokuznetsk. */
export const MORNING_MS = Date.UTC(2024, 4, 15, 2, 30);

/** An incident as the engine would open it. */
export function incidentOf(id: string): Incident {
  return plainIncident(0, MORNING_MS, {
    id,
    kind: 'printer.state',
    reason: 'noToner',
    verdict: 'fail',
    level: 'device',
    node: 'device:w-4216-0012-01/printer.1',
    siteCode: '4216',
    roomCode: '0012',
    workstationId: 'w-4216-0012-01',
    deviceKind: 'printer',
    device: 1,
    municipality: 'kemerovo',
    siteCodes: ['4216'],
    evidence: { value: 0 },
  });
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
