import type { Incident } from '@ppe-pulse/protocol';
import {
  incidentFault,
  incidentLine,
  incidentPlace,
  incidentReach,
  incidentTexts,
  incidentTitle,
  momentText,
  type Language,
} from '@ppe-pulse/protocol/texts';
import type { AlertEvent } from '../alert.ts';
import type { FormatContext } from './format.ts';
import { boardLink, incidentLink } from './links.ts';
import { durationOf, isDrill, marksOf, zoneOf, type Message } from './message.ts';
import { oneLine } from './plain.ts';

/**
 * What a template may name. Every name is always there, empty where there is nothing to say, so that a
 * template that was right once stays right. Documented in docs/webhooks.md; a test holds both together.
 */
export function templateVariables(
  event: AlertEvent,
  message: Message,
  view: { readonly language: Language; readonly context: FormatContext },
) {
  const { language, context } = view;
  const { incident } = event;
  const texts = incidentTexts(language);
  const clock = { timeZone: zoneOf(context), nowMs: event.atMs };
  const moment = (ms: number | null): string =>
    ms === null ? '' : momentText(ms, language, clock);
  const marks = marksOf(event, language);
  return {
    headline: message.headline,
    text: [message.headline, ...message.lines].join('\n'),
    kind: texts.alertKinds[event.kind] ?? event.kind,
    kindId: event.kind,
    eventId: event.id,
    at: moment(event.atMs),
    marks: marks.join(' · '),
    drill: isDrill(event),
    simulated: marks.includes(texts.marks.simulated),
    ...aboutIncident(incident, language, context),
    openedAt: moment(incident.openedAtMs),
    resolvedAt: moment(incident.resolvedAtMs),
    duration: durationOf(incident, language, event.atMs),
    url: boardLink(event, context.boardUrl) ?? '',
    incident: incidentVariables(incident, moment),
    digest: event.digest.map((each) => ({
      id: each.id,
      line: oneLine(incidentLine(each, language, { ...clock, word: '' })),
      url: incidentLink(each, context.boardUrl) ?? '',
      ...aboutIncident(each, language, context),
    })),
  };
}

function aboutIncident(incident: Incident, language: Language, context: FormatContext) {
  const texts = incidentTexts(language);
  return {
    title: oneLine(incidentTitle(incident, language, context.names)),
    place: oneLine(incidentPlace(incident, language, context.names)),
    reason: oneLine(incidentFault(incident, language)),
    reach: incidentReach(incident, language),
    severity: texts.severities[incident.severity],
    severityId: incident.severity,
  };
}

/** Tokens and numbers of the incident itself. */
function incidentVariables(incident: Incident, moment: (ms: number | null) => string) {
  return {
    id: incident.id,
    kind: incident.kind,
    reason: incident.reason,
    level: incident.level,
    site: incident.siteCode ?? '',
    room: incident.roomCode ?? '',
    workstation: incident.workstationId ?? '',
    municipality: oneLine(incident.municipality ?? ''),
    provider: oneLine(incident.provider ?? ''),
    sites: incident.sites,
    siteCodes: incident.siteCodes,
    stations: incident.children,
    assignee: incident.assignee ?? '',
    acknowledgedAt: moment(incident.acknowledgedAtMs),
    resolution: incident.resolution ?? '',
    foldedInto: incident.foldedInto ?? '',
    unstable: incident.isUnstable,
    unheard: incident.isUnheard,
  };
}
