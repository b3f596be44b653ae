import type { Incident } from '@ppe-pulse/protocol';
import {
  incidentLine,
  incidentReach,
  incidentTexts,
  incidentTitle,
  type Language,
} from '@ppe-pulse/protocol/texts';
import type { AlertEvent } from '../../alert.ts';
import type { FormatContext } from '../format.ts';
import { isDrill, messageOf, zoneOf } from '../message.ts';
import { oneLine } from '../plain.ts';
import { rfc3339 } from '../time.ts';
import type { Labels } from './labels.ts';

/** What people read of an alert, and what may change during its life. */
export function annotationsOf(
  event: AlertEvent,
  incident: Incident,
  view: { readonly language: Language; readonly context: FormatContext },
): Labels {
  const { language, context } = view;
  const { alertKinds, dutyRoles } = incidentTexts(language);
  const drill = event.kind === 'digest' ? incident.isDrill : isDrill(event);
  const annotations: Readonly<Record<string, string | null>> = {
    summary: oneLine(incidentTitle(incident, language, context.names)),
    description: descriptionOf(event, incident, view),
    reach: incidentReach(incident, language),
    reason: incident.reason,
    event: alertKinds[event.kind] ?? event.kind,
    event_id: event.id,
    drill: drill ? 'true' : null,
    acknowledged_at: rfc3339(incident.acknowledgedAtMs),
    assignee: incident.assignee === null ? null : dutyRoles[incident.assignee],
    resolution: incident.resolution,
    folded_into: incident.foldedInto,
  };
  return Object.fromEntries(
    Object.entries(annotations).filter((pair): pair is [string, string] => (pair[1] ?? '') !== ''),
  );
}

function descriptionOf(
  event: AlertEvent,
  incident: Incident,
  view: { readonly language: Language; readonly context: FormatContext },
): string {
  const { language, context } = view;
  if (event.kind !== 'digest') {
    const { headline, lines } = messageOf(event, language, context);
    return [headline, ...lines].join('\n');
  }
  const names = context.names === undefined ? {} : { names: context.names };
  const clock = { timeZone: zoneOf(context), nowMs: event.atMs };
  return oneLine(incidentLine(incident, language, { ...names, ...clock }));
}
