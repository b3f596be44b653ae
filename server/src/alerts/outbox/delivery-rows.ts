import type { SqlRow } from '../../state/database.ts';
import type { AlertEvent, AlertKind } from '../alert.ts';
import type { AttemptOutcome, Delivery, DeliveryState } from '../delivery.ts';

/** Every query of deliveries answers these columns. */
export const DELIVERY_COLUMNS = `
  d.id, d.event_id, d.webhook_id, d.order_key, d.state, d.created_at_ms, d.next_attempt_at_ms,
  d.deadline_at_ms, d.attempts, d.last_outcome, d.last_status, d.last_took_ms, d.ended_at_ms,
  e.kind, e.incident_id, e.is_drill`;
/** Where they come from. */
export const DELIVERIES = 'deliveries d JOIN alert_events e ON e.id = d.event_id';

/** Drills and digests are of no incident: each stands alone. */
const alone: ReadonlySet<AlertKind> = new Set(['drill', 'digest']);

/** Deliveries to one webhook with the same key go out one after another. */
export function orderKeyOf(event: Pick<AlertEvent, 'id' | 'kind' | 'incident'>): string {
  return alone.has(event.kind) ? `${event.kind}:${event.id}` : event.incident.id;
}

/** Number of the incident; null for drills and digests. */
export function incidentNumberOf(event: Pick<AlertEvent, 'kind' | 'incident'>): number | null {
  return alone.has(event.kind) ? null : incidentNumber(event.incident.id);
}

/** `i-17` is 17; −1, which no row has, for what is no id. */
export function incidentNumber(id: string): number {
  return numberBehind('i-', id);
}

/** `wh-3` is 3; −1, which no row has, for what is no id. */
export function webhookNumber(id: string): number {
  return numberBehind('wh-', id);
}

export function webhookIdOf(value: unknown): string {
  return `wh-${Number(value)}`;
}

export function deliveryOf(row: SqlRow): Delivery {
  return {
    id: Number(row.id),
    eventId: String(row.event_id),
    webhookId: webhookIdOf(row.webhook_id),
    kind: String(row.kind) as AlertKind,
    incidentId: row.incident_id === null ? null : `i-${Number(row.incident_id)}`,
    isDrill: row.is_drill === 1,
    state: String(row.state) as DeliveryState,
    createdAtMs: Number(row.created_at_ms),
    nextAttemptAtMs: numberOrNull(row.next_attempt_at_ms),
    deadlineAtMs: Number(row.deadline_at_ms),
    attempts: Number(row.attempts),
    lastOutcome: outcomeOrNull(row.last_outcome),
    lastStatus: numberOrNull(row.last_status),
    lastTookMs: numberOrNull(row.last_took_ms),
    endedAtMs: numberOrNull(row.ended_at_ms),
  };
}

function numberBehind(prefix: string, id: string): number {
  const digits = id.startsWith(prefix) ? id.slice(prefix.length) : '';
  return /^[0-9]{1,15}$/.test(digits) ? Number(digits) : -1;
}

function numberOrNull(value: unknown): number | null {
  return value === null ? null : Number(value);
}

function outcomeOrNull(value: unknown): AttemptOutcome | null {
  return typeof value === 'string' ? (value as AttemptOutcome) : null;
}
