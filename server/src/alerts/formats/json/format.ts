import type { Incident } from '@ppe-pulse/protocol';
import { incidentTitle, type Language } from '@ppe-pulse/protocol/texts';
import type { AlertEvent } from '../../alert.ts';
import type { FormatContext, WebhookFormat } from '../format.ts';
import { httpPost } from '../http-post.ts';
import { incidentLink } from '../links.ts';
import { isDrill, messageOf } from '../message.ts';
import { oneLine } from '../plain.ts';
import { textOf } from '../settings.ts';
import { rfc3339 } from '../time.ts';
import {
  ALERT_SCHEMA,
  MAX_DIGEST_INCIDENTS,
  type AlertEventBody,
  type AlertEventIncident,
} from './event-schema.ts';

/** Our own body, signed as Standard Webhooks where a secret is set. */
export const jsonFormat: WebhookFormat = {
  id: 'json',
  fields: [
    { name: 'url', kind: 'url', isSecret: false, isRequired: true, maxLength: 2_000 },
    { name: 'signingSecret', kind: 'text', isSecret: true, isRequired: false, maxLength: 120 },
  ],
  hasTemplate: false,
  keepsState: false,
  make: (event, webhook, context) => {
    const body = eventBody(event, webhook.language, context);
    const outgoing = httpPost(textOf(webhook, 'url'), body, { context });
    const { signingSecret } = webhook.secrets;
    return signingSecret === undefined ? outgoing : { ...outgoing, signingSecret };
  },
};

function eventBody(event: AlertEvent, language: Language, context: FormatContext): AlertEventBody {
  const { headline, lines } = messageOf(event, language, context);
  const view = { language, context };
  const all = event.kind === 'digest' ? event.digest : [event.incident];
  return {
    schema: ALERT_SCHEMA,
    id: event.id,
    kind: event.kind,
    at: rfc3339(event.atMs),
    isDrill: isDrill(event),
    isSimulated: all.length > 0 && all.every(({ isSimulated }) => isSimulated),
    language,
    headline,
    lines: [...lines],
    incident: incidentBody(event.incident, view),
    digest: event.digest
      .slice(0, MAX_DIGEST_INCIDENTS)
      .map((incident) => incidentBody(incident, view)),
    digestTotal: event.digest.length,
    collector: { version: context.collectorVersion, url: context.boardUrl },
  };
}

function incidentBody(
  incident: Incident,
  view: { readonly language: Language; readonly context: FormatContext },
): AlertEventIncident {
  const { language, context } = view;
  const { deviceKind, device } = incident;
  return {
    id: incident.id,
    kind: incident.kind,
    reason: incident.reason,
    verdict: incident.verdict,
    severity: incident.severity,
    level: incident.level,
    node: incident.node,
    site: incident.siteCode,
    room: incident.roomCode,
    workstation: incident.workstationId,
    device: deviceKind === null || device === null ? null : { kind: deviceKind, number: device },
    municipality: incident.municipality,
    provider: incident.provider,
    stations: incident.children,
    peakStations: incident.peakChildren,
    sites: incident.sites,
    siteCodes: [...incident.siteCodes],
    evidence: incident.evidence,
    openedAt: rfc3339(incident.openedAtMs),
    resolvedAt: rfc3339(incident.resolvedAtMs),
    resolution: incident.resolution,
    foldedInto: incident.foldedInto,
    acknowledgedAt: rfc3339(incident.acknowledgedAtMs),
    assignee: incident.assignee,
    isUnstable: incident.isUnstable,
    isUnheard: incident.isUnheard,
    isSimulated: incident.isSimulated,
    isDrill: incident.isDrill,
    title: oneLine(incidentTitle(incident, language, context.names)),
    url: incidentLink(incident, context.boardUrl),
  };
}
