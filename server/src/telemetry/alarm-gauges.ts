import type { IncidentCounts } from '@ppe-pulse/protocol';
import type { AlertFigures } from '../alerts/create-alerts.ts';

/** What is read when `/metrics` is asked. */
export interface AlarmSources {
  readonly incidents: () => IncidentCounts;
  readonly outbox: () => AlertFigures;
}

/** Makes gauges of one registry; `read` is asked with `/metrics`. */
export interface GaugeMaker {
  readonly single: (name: string, help: string, read: () => number) => void;
  /** One value for each value of a label. */
  readonly by: (
    label: string,
    name: string,
    help: string,
    read: () => Readonly<Record<string, number>>,
  ) => void;
}

/** What is wrong and who was told, for a Prometheus that watches the collector. */
export function connectAlarmGauges(
  { single, by }: GaugeMaker,
  { incidents, outbox }: AlarmSources,
): void {
  single('incidents_open', 'Open incidents', () => incidents().open);
  single('incidents_critical', 'Open critical incidents', () => incidents().critical);
  single('incidents_untaken', 'Critical incidents that nobody took', () => incidents().untaken);
  single('incidents_silenced', 'Open incidents that are silenced', () => incidents().silenced);
  single('deliveries_pending', 'Deliveries that are under way', () => outbox().pending);
  single('deliveries_dead', 'Deliveries that were given up', () => outbox().dead);
  single(
    'deliveries_oldest_pending_seconds',
    'Age of the oldest delivery under way',
    () => (outbox().oldestPendingMs ?? 0) / 1_000,
  );
  single('breakers_open', 'Receivers that are left alone for a while', () => outbox().breakersOpen);
  by(
    'outcome',
    'delivery_attempts',
    'Attempts to deliver since the start, by outcome',
    () => outbox().attempts,
  );
  by(
    'cause',
    'alerts_untold',
    'Alerts that nobody was told, or not at once, since the start',
    () => outbox().untold,
  );
}
