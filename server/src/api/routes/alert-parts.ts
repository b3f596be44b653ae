import { Type, type Static } from 'typebox';
import type { AlertsApi } from '../../alerts/alerts-api.ts';
import { deliveryStates, type Delivery } from '../../alerts/delivery.ts';
import type { Clock } from '../../clock.ts';
import { RequestId } from './request-id.ts';

/** What the routes of alerts work with. */
export interface AlertRouteParts {
  readonly alerts: AlertsApi;
  readonly clock: Clock;
}

const Ms = Type.Number();
const Time = Type.String({ format: 'date-time' });
const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** A body that may be left out altogether. */
export const OnlyRequestId = Type.Union([
  Type.Object({ requestId: RequestId }, { additionalProperties: false }),
  Type.Null(),
]);

/** Times in ms, and beside them in RFC 3339 for scripts. */
export const DeliveryView = Type.Object({
  id: Type.Integer(),
  eventId: Type.String(),
  webhookId: Type.String(),
  kind: Type.String(),
  incidentId: OrNull(Type.String()),
  isDrill: Type.Boolean(),
  state: Type.Enum([...deliveryStates]),
  createdAtMs: Ms,
  createdAt: Time,
  nextAttemptAtMs: OrNull(Ms),
  nextAttemptAt: OrNull(Time),
  deadlineAtMs: Ms,
  deadlineAt: Time,
  attempts: Type.Integer(),
  lastOutcome: OrNull(Type.String()),
  lastStatus: OrNull(Type.Integer()),
  lastTookMs: OrNull(Ms),
  endedAtMs: OrNull(Ms),
  endedAt: OrNull(Time),
});

export function deliveryView(delivery: Delivery): Static<typeof DeliveryView> {
  const { id, eventId, webhookId, kind, incidentId, isDrill, state, attempts } = delivery;
  const { createdAtMs, nextAttemptAtMs, deadlineAtMs, endedAtMs } = delivery;
  const { lastOutcome, lastStatus, lastTookMs } = delivery;
  return {
    id,
    eventId,
    webhookId,
    kind,
    incidentId,
    isDrill,
    state,
    createdAtMs,
    createdAt: timeOf(createdAtMs),
    nextAttemptAtMs,
    nextAttemptAt: timeOrNull(nextAttemptAtMs),
    deadlineAtMs,
    deadlineAt: timeOf(deadlineAtMs),
    attempts,
    lastOutcome,
    lastStatus,
    lastTookMs,
    endedAtMs,
    endedAt: timeOrNull(endedAtMs),
  };
}

export function timeOf(atMs: number): string {
  return new Date(atMs).toISOString();
}

export function timeOrNull(atMs: number | null): string | null {
  return atMs === null ? null : timeOf(atMs);
}
