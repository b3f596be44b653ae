import {
  AlertSilenceSchema,
  IncidentSchema,
  LiveSilenceSchema,
  type AlertSilence,
  type Incident,
  type LiveSilence,
} from '@ppe-pulse/protocol';
import { Type, type Static } from 'typebox';
import type { Handover, LogEntry } from '../incidents/incident-book.ts';

export const Time = Type.String({ format: 'date-time' });

/**
 * An incident as live frames carry it, times in ms, and beside it the names that scripts read, times
 * in RFC 3339. What did not happen yet is missing there.
 */
export const IncidentView = Type.Object({
  ...IncidentSchema.properties,
  openedAt: Time,
  resolvedAt: Type.Optional(Time),
  acknowledgedAt: Type.Optional(Time),
  snoozedUntil: Type.Optional(Time),
  silencedUntil: Type.Optional(Time),
  lastNoteAt: Type.Optional(Time),
  drill: Type.Boolean(),
});

export const LogEntryView = Type.Object({
  id: Type.Integer(),
  at: Time,
  atMs: Type.Number(),
  /** Account; `collector` for what the engine saw. */
  by: Type.String(),
  kind: Type.String(),
  note: Type.String(),
  details: Type.Record(
    Type.String(),
    Type.Union([Type.Number(), Type.Boolean(), Type.Null(), Type.String()]),
  ),
});

export const HandoverView = Type.Object({
  id: Type.Integer(),
  at: Time,
  atMs: Type.Number(),
  by: Type.String(),
  note: Type.String(),
  /** Ids that were open then. */
  openIncidents: Type.Array(Type.String()),
});

const silenceTimes = { from: Time, to: Time, createdAt: Time };
export const SilenceView = Type.Object({ ...AlertSilenceSchema.properties, ...silenceTimes });
/** With how many open incidents it covers now. */
export const LiveSilenceView = Type.Object({ ...LiveSilenceSchema.properties, ...silenceTimes });

export function incidentView(incident: Incident): Static<typeof IncidentView> {
  const { resolvedAtMs, acknowledgedAtMs, snoozedUntilMs, silencedUntilMs, lastNoteAtMs } =
    incident;
  return {
    ...incident,
    openedAt: timeOf(incident.openedAtMs),
    ...(resolvedAtMs !== null && { resolvedAt: timeOf(resolvedAtMs) }),
    ...(acknowledgedAtMs !== null && { acknowledgedAt: timeOf(acknowledgedAtMs) }),
    ...(snoozedUntilMs !== null && { snoozedUntil: timeOf(snoozedUntilMs) }),
    ...(silencedUntilMs !== null && { silencedUntil: timeOf(silencedUntilMs) }),
    ...(lastNoteAtMs !== null && { lastNoteAt: timeOf(lastNoteAtMs) }),
    drill: incident.isDrill,
  };
}

export function logEntryView(entry: LogEntry): Static<typeof LogEntryView> {
  const { id, atMs, by, kind, note, details } = entry;
  return { id, at: timeOf(atMs), atMs, by, kind, note, details: { ...details } };
}

export function handoverView(handover: Handover): Static<typeof HandoverView> {
  const openIncidents = [...handover.openIncidents];
  return { ...handover, at: timeOf(handover.atMs), openIncidents };
}

export function silenceView(silence: AlertSilence): Static<typeof SilenceView> {
  return { ...silence, ...timesOf(silence) };
}

export function liveSilenceView(silence: LiveSilence): Static<typeof LiveSilenceView> {
  return { ...silence, ...timesOf(silence) };
}

function timesOf({ fromMs, toMs, createdAtMs }: AlertSilence) {
  return { from: timeOf(fromMs), to: timeOf(toMs), createdAt: timeOf(createdAtMs) };
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
