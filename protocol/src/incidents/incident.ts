import { Type, type Static, type TSchema } from 'typebox';
import { deviceKinds } from '../checks/devices.ts';
import { EpochMs, EvidenceSchema, VerdictSchema, idOf } from '../messages/shared.ts';

/** What a duty officer must do now, and what can wait; `rules.ts` and the phase of the day decide. */
export const severities = ['warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/**
 * The tree, from the root to the leaves. `provider` stands beside `municipality`: both are parts of
 * the region and parents of sites.
 */
export const incidentLevels = [
  'collector',
  'region',
  'municipality',
  'provider',
  'site',
  'room',
  'station',
  'device',
] as const;
export type IncidentLevel = (typeof incidentLevels)[number];

/** Posts that an incident may be assigned to: never a person's name. */
export const dutyRoles = [
  'dutyOfficer',
  'coordinator',
  'technicalSupport',
  'videoControl',
  'municipality',
  'provider',
] as const;
export type DutyRole = (typeof dutyRoles)[number];

/** Why an incident is over; the first six are the engine's word, the rest a person's. */
export const resolutions = [
  'healed',
  /** A wider incident covers it now: `foldedInto`. */
  'folded',
  /** Of a wider one: most of it healed, what is left stands alone. */
  'unfolded',
  /** The plan isolates it now: nobody knows whether it is over, and its silence is no fault. */
  'byRule',
  /** The plan says that its site takes no part. */
  'notInvolved',
  /** The workstation or its device is no longer there. */
  'gone',
  'fixed',
  'replaced',
  'expected',
  'falseAlarm',
  'other',
] as const;
export type Resolution = (typeof resolutions)[number];
/** Those that a person may choose. */
export const personResolutions = ['fixed', 'replaced', 'expected', 'falseAlarm', 'other'] as const;
export type PersonResolution = (typeof personResolutions)[number];

/** Codes of sites that an incident lists; `sites` counts all. */
export const MAX_LISTED_SITES = 40;
/** Characters of a comment, a call's note, a cause or a hand-over note. */
export const MAX_NOTE_LENGTH = 2_000;

const Count = Type.Integer({ minimum: 0 });
const OrNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/**
 * One line for one cause. `kind` is the id of the check (without a device's number) that failed, or
 * `collector.line`, `collector.store`. Times are of the collector's wall clock, ms since 1970 UTC.
 */
export const IncidentSchema = Type.Object({
  /** `i-17`: short enough to be said on the phone. */
  id: Type.String({ pattern: '^i-[0-9]{1,12}$' }),
  kind: idOf('dotted'),
  reason: idOf('token'),
  verdict: VerdictSchema,
  severity: Type.Enum([...severities]),
  level: Type.Enum([...incidentLevels]),
  /** `region`, `municipality:kemerovo`, `provider:…`, `site:4216`, `room:4216-0012`, `station:w-…`, `device:w-…/printer.1`, `collector`. */
  node: Type.String({ maxLength: 200 }),
  /** Where it is; null where the node is wider, or not of this kind. */
  siteCode: OrNull(idOf('siteCode')),
  roomCode: OrNull(idOf('roomCode')),
  workstationId: OrNull(idOf('agentId')),
  /** Kind and number of the device, of a device's incident. */
  deviceKind: OrNull(Type.Enum([...deviceKinds])),
  device: OrNull(Count),
  /** Slug; null for incidents wider than one municipality. */
  municipality: OrNull(Type.String({ maxLength: 100 })),
  /** As the registry names it; of an incident of a provider. */
  provider: OrNull(Type.String({ maxLength: 200 })),
  /** Workstations that it covers now, at the most so far, and sites; of one that is over all that it reached. */
  children: Count,
  peakChildren: Count,
  sites: Count,
  siteCodes: Type.Array(idOf('siteCode'), { maxItems: MAX_LISTED_SITES }),
  evidence: EvidenceSchema,
  openedAtMs: EpochMs,
  resolvedAtMs: OrNull(EpochMs),
  resolution: OrNull(Type.Enum([...resolutions])),
  /** Id of the wider incident. */
  foldedInto: OrNull(Type.String({ maxLength: 20 })),
  /** It comes and goes: kept open until it is quiet for longer. */
  isUnstable: Type.Boolean(),
  /** Nobody hears the workstation: the fault may be over, and nobody knows. */
  isUnheard: Type.Boolean(),
  /** Only simulated workstations are in it. */
  isSimulated: Type.Boolean(),
  // What people add.
  acknowledgedAtMs: OrNull(EpochMs),
  /** Account. */
  acknowledgedBy: OrNull(Type.String({ maxLength: 100 })),
  assignee: OrNull(Type.Enum([...dutyRoles])),
  /** «Учебная»: rehearsed on purpose. */
  isDrill: Type.Boolean(),
  snoozedUntilMs: OrNull(EpochMs),
  /** A silence or a maintenance covers it until then: shown, and told to nobody. */
  silencedUntilMs: OrNull(EpochMs),
  /** Entries that people wrote, and when the newest was. */
  notes: Count,
  lastNoteAtMs: OrNull(EpochMs),
});
export type Incident = Static<typeof IncidentSchema>;

/** The engine's part of an incident; the rest is what people add. */
export type IncidentCore = Omit<
  Incident,
  | 'acknowledgedAtMs'
  | 'acknowledgedBy'
  | 'assignee'
  | 'isDrill'
  | 'snoozedUntilMs'
  | 'silencedUntilMs'
  | 'notes'
  | 'lastNoteAtMs'
>;

/** What happened to an incident, as the engine says it. */
export type IncidentChangeKind =
  | 'opened'
  /** Reach, reason, evidence, stability: boards are told, receivers are not. */
  | 'changed'
  /** Warning became critical. */
  | 'raised'
  | 'resolved';

/** One step of an incident. */
export interface IncidentChange {
  readonly kind: IncidentChangeKind;
  readonly incident: IncidentCore;
}

/** A silence or a maintenance of a part of the tree. */
export const AlertSilenceSchema = Type.Object({
  id: Type.String({ pattern: '^s-[0-9]{1,12}$' }),
  kind: Type.Enum(['silence', 'maintenance']),
  /** Node of the tree; everything below it is meant. */
  node: Type.String({ maxLength: 200 }),
  /** Id of a check without a device's number; null for all. */
  checkId: OrNull(idOf('dotted')),
  fromMs: EpochMs,
  toMs: EpochMs,
  createdBy: Type.String({ maxLength: 100 }),
  createdAtMs: EpochMs,
  comment: Type.String({ maxLength: MAX_NOTE_LENGTH }),
});
export type AlertSilence = Static<typeof AlertSilenceSchema>;

/** Silences that boards must show, with how many open incidents each covers. */
export const LiveSilenceSchema = Type.Object({
  ...AlertSilenceSchema.properties,
  covers: Count,
});
export type LiveSilence = Static<typeof LiveSilenceSchema>;

/** Counts for the overview. */
export const IncidentCountsSchema = Type.Object({
  open: Count,
  critical: Count,
  /** Open, critical, not acknowledged, not silenced, not snoozed. */
  untaken: Count,
  /** Since when the oldest of these waits. */
  oldestUntakenAtMs: OrNull(EpochMs),
  silenced: Count,
});
export type IncidentCounts = Static<typeof IncidentCountsSchema>;

/** Counts where nothing is wrong. */
export const noIncidents: IncidentCounts = {
  open: 0,
  critical: 0,
  untaken: 0,
  oldestUntakenAtMs: null,
  silenced: 0,
};
