import { severities, type Incident } from '@ppe-pulse/protocol';
import type { Language } from '@ppe-pulse/protocol/texts';
import { closingKinds, type AlertEvent } from '../../alert.ts';
import type { FormatContext } from '../format.ts';
import { incidentLink } from '../links.ts';
import { rfc3339 } from '../time.ts';
import { annotationsOf } from './annotations.ts';
import { labelsOf, type Labels } from './labels.ts';

/** An alert as `POST /api/v2/alerts` takes it. */
export interface PostableAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

/**
 * An open alert ends by itself after this. We tell once and do not repeat, so Alertmanager's own
 * `resolve_timeout` (5 min) must not end it; a rehearsal with its preparation takes less than a week,
 * and an alert whose end was never delivered is gone after one.
 */
export const OPEN_FOR_MS = 7 * 86_400_000;
/** A test needs no end: it ends by itself. */
export const TEST_FOR_MS = 5 * 60_000;

/** The alerts of an event: one, those of a digest, or with the end of one that became another. */
export function alertsOf(
  event: AlertEvent,
  language: Language,
  context: FormatContext,
): readonly PostableAlert[] {
  const view = { language, context };
  const all = event.kind === 'digest' ? event.digest : [event.incident];
  const alerts = all.map((incident) => alertOf(event, incident, view));
  return event.kind === 'raised' ? [...alerts, ...endsOfMilder(event, view)] : alerts;
}

type View = { readonly language: Language; readonly context: FormatContext };

function alertOf(event: AlertEvent, incident: Incident, view: View): PostableAlert {
  const url = incidentLink(incident, view.context.boardUrl);
  return {
    labels: labelsOf(event, incident),
    annotations: annotationsOf(event, incident, view),
    startsAt: rfc3339(incident.openedAtMs),
    endsAt: rfc3339(Math.max(endMsOf(event, incident), incident.openedAtMs)),
    ...(url === null ? {} : { generatorURL: url }),
  };
}

/** The alert of the milder severity is over when the incident becomes critical. */
function endsOfMilder(event: AlertEvent, view: View): readonly PostableAlert[] {
  const { incident } = event;
  return severities
    .filter((severity) => severity !== incident.severity)
    .map((severity) => ({
      ...alertOf(event, incident, view),
      labels: labelsOf(event, incident, severity),
      endsAt: rfc3339(Math.max(event.atMs, incident.openedAtMs)),
    }));
}

function endMsOf(event: AlertEvent, incident: Incident): number {
  if (event.kind === 'drill') return event.atMs + TEST_FOR_MS;
  if (closingKinds.has(event.kind)) return incident.resolvedAtMs ?? event.atMs;
  return incident.resolvedAtMs ?? event.atMs + OPEN_FOR_MS;
}
