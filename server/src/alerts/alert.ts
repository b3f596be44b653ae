import type { Incident } from '@ppe-pulse/protocol';

/** Why somebody is told. */
export const alertKinds = [
  'opened',
  /** A warning became critical. */
  'raised',
  /** Nobody took it in time: told to the next in line. */
  'escalated',
  /** A snooze or a silence ended and it is still there. */
  'resumed',
  'acknowledged',
  'resolved',
  /** A wider incident covers it now; closes it for receivers. */
  'folded',
  /** Warnings of a while, together. */
  'digest',
  /** «Учебная тревога»: a marked test through the whole path. */
  'drill',
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** Kinds after which an incident is over for a receiver. */
export const closingKinds: ReadonlySet<AlertKind> = new Set(['resolved', 'folded']);

/** Something that happened to an incident and may concern a receiver. */
export interface AlertOccasion {
  readonly kind: AlertKind;
  readonly incident: Incident;
}

/** What is told to receivers: written once, delivered at least once, always under the same id. */
export interface AlertEvent {
  /** `evt_` and 22 characters; the `webhook-id` of every attempt. */
  readonly id: string;
  readonly kind: AlertKind;
  /** Collector's wall clock, ms since 1970 UTC. */
  readonly atMs: number;
  /** The incident as it was then; of a drill an invented one; of a digest the worst of it. */
  readonly incident: Incident;
  /** Of a digest: all of it, worst first. */
  readonly digest: readonly Incident[];
  /** «Учебная тревога» or an incident that is marked so. */
  readonly isDrill: boolean;
}
