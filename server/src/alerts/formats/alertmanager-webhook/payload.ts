import type { Language } from '@ppe-pulse/protocol/texts';
import type { AlertEvent } from '../../alert.ts';
import { alertsOf } from '../alertmanager/alerts.ts';
import type { Labels } from '../alertmanager/labels.ts';
import type { FormatContext } from '../format.ts';
import { fingerprint } from './fingerprint.ts';

/** Of an alert that has not ended, as Go writes no time. */
const NO_END = '0001-01-01T00:00:00Z';
/** Alerts of one message; the rest is counted in `truncatedAlerts`. */
const MAX_ALERTS = 100;

/** An alert as Alertmanager tells its receivers. */
export interface ToldAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
}

/** Payload version 4 of Alertmanager's webhooks. */
export interface WebhookPayload {
  readonly version: '4';
  readonly groupKey: string;
  readonly truncatedAlerts: number;
  readonly status: 'firing' | 'resolved';
  readonly receiver: string;
  readonly groupLabels: Labels;
  readonly commonLabels: Labels;
  readonly commonAnnotations: Labels;
  readonly externalURL: string;
  readonly alerts: readonly ToldAlert[];
}

/** What an Alertmanager would tell its receiver of an event; the group is the incident. */
export function payloadOf(
  event: AlertEvent,
  receiver: { readonly name: string; readonly language: Language },
  context: FormatContext,
): WebhookPayload {
  const posted = alertsOf(event, receiver.language, context);
  const told = posted.slice(0, MAX_ALERTS).map((alert): ToldAlert => {
    const isOver = Date.parse(alert.endsAt) <= event.atMs;
    return {
      status: isOver ? 'resolved' : 'firing',
      labels: alert.labels,
      annotations: alert.annotations,
      startsAt: alert.startsAt,
      endsAt: isOver ? alert.endsAt : NO_END,
      generatorURL: alert.generatorURL ?? '',
      fingerprint: fingerprint(alert.labels),
    };
  });
  const group = event.kind === 'digest' ? { digest: event.id } : labelOf(told[0], 'incident');
  return {
    version: '4',
    groupKey: `{}:{${Object.entries(group)
      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
      .join(', ')}}`,
    truncatedAlerts: posted.length - told.length,
    status: told.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    receiver: receiver.name,
    groupLabels: group,
    commonLabels: common(told.map(({ labels }) => labels)),
    commonAnnotations: common(told.map(({ annotations }) => annotations)),
    externalURL: context.boardUrl ?? '',
    alerts: told,
  };
}

function labelOf(alert: ToldAlert | undefined, name: string): Labels {
  const value = alert?.labels[name];
  return value === undefined ? {} : { [name]: value };
}

/** What all of them have alike. */
function common(all: readonly Labels[]): Labels {
  const [first = {}, ...rest] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => rest.every((each) => each[name] === value)),
  );
}
