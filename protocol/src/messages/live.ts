import { Type, type Static } from 'typebox';
import { IncidentCountsSchema, IncidentSchema, LiveSilenceSchema } from '../incidents/incident.ts';
import { phases } from '../incidents/phase.ts';
import { stageIds } from '../stages/stage.ts';
import { LiveMunicipalitySchema, StageSchema } from './live-parts.ts';
import {
  ProblemRowSchema,
  SiteRowSchema,
  TrendRowsSchema,
  WorkstationRowSchema,
} from './live-rows.ts';
import { DurationMs, EpochMs, ErrorMessage, idOf } from './shared.ts';

const Count = Type.Integer({ minimum: 0 });

/** A count for every verdict. */
export const VerdictCountsSchema = Type.Object({
  ok: Count,
  warn: Count,
  fail: Count,
  unknown: Count,
  silentByRule: Count,
  notInvolved: Count,
});

/**
 * Cameras of the rooms of sites that take part. `planned` by the registry; `on` and `off` as workstations
 * that are heard see them; `byRule` are those that nobody sees because their PC is silent by the plan; of
 * the rest nobody knows. The rooms are dark by the outage that counts up to
 * the 20 minutes after which a room's exam may be annulled.
 */
export const CameraCountsSchema = Type.Object({
  planned: Count,
  on: Count,
  off: Count,
  byRule: Count,
  darkRooms: Count,
  darkRoomsOver5Minutes: Count,
  darkRoomsOver15Minutes: Count,
  darkRoomsOver20Minutes: Count,
});
export type CameraCounts = Static<typeof CameraCountsSchema>;

/** What the Штабы that are heard now receive and send together. */
export const RegionThroughputSchema = Type.Object({
  rxBytesPerSecond: Type.Number({ minimum: 0 }),
  txBytesPerSecond: Type.Number({ minimum: 0 }),
  /** Workstations of Штабы that measured it. */
  stations: Count,
});
export type RegionThroughput = Static<typeof RegionThroughputSchema>;

/** What `GET /api/v1/overview` answers and every beat carries. Times are RFC 3339. */
export const OverviewSchema = Type.Object({
  at: Type.String({ format: 'date-time' }),
  /** Age of the newest heartbeat taken, null when none was taken yet. */
  dataAgeMs: Type.Union([DurationMs, Type.Null()]),
  workstations: Type.Object({
    /** By the registry; enrolled ones where there is none. */
    planned: Count,
    seen: Count,
    /** Planned ones of sites that take part and were never heard. */
    notYetHeard: Count,
    /** Enrolled ones that the registry does not know: to be adopted. */
    unplanned: Count,
    simulated: Count,
    byVerdict: VerdictCountsSchema,
  }),
  sites: Type.Object({
    total: Count,
    /** Those that take part. */
    involved: Count,
    byVerdict: VerdictCountsSchema,
  }),
  /** The next stage that is due in the region; missing without a plan or after the last. */
  stage: Type.Optional(
    Type.Object({ id: Type.Enum([...stageIds]), dueAt: Type.String({ format: 'date-time' }) }),
  ),
  /** Stages of the region: sites that reached each, of those that take part. */
  stages: Type.Array(StageSchema),
  /** The rehearsal that runs; missing without a plan. */
  rehearsal: Type.Optional(
    Type.Object({
      planId: Type.String(),
      planVersion: Count,
      title: Type.String(),
      /** The rehearsal's clock; another than `at` only in a simulation. */
      nowAt: Type.String({ format: 'date-time' }),
      speed: Type.Number({ minimum: 0 }),
      isSimulated: Type.Boolean(),
      /** Of the region's day; boards say so before and after it. */
      phase: Type.Enum([...phases]),
      /** When the day opens and closes on the rehearsal's clock. */
      opensAt: Type.String({ format: 'date-time' }),
      closesAt: Type.String({ format: 'date-time' }),
      /** Agents that should hold this version of the plan and do not, or an older one. */
      agentsBehind: Count,
    }),
  ),
  /** The rehearsal of the EM download that runs or ran last; missing for none. */
  emDownload: Type.Optional(
    Type.Object({
      downloadId: Type.String(),
      state: Type.String(),
      sitesDone: Count,
      sitesTotal: Count,
      bytesPerSecond: Type.Number({ minimum: 0 }),
    }),
  ),
  /** Missing while nobody edits the plan. */
  planEditing: Type.Optional(
    Type.Object({ by: Type.String(), sinceAt: Type.String({ format: 'date-time' }) }),
  ),
  cameras: CameraCountsSchema,
  throughput: RegionThroughputSchema,
  incidents: IncidentCountsSchema,
  ingest: Type.Object({
    heartbeatsPerSecond: Type.Number({ minimum: 0 }),
    /** Heartbeats taken but not yet durable. */
    backlog: Count,
  }),
  /** What is wrong with the collector itself: reason tokens, empty when nothing is. */
  warnings: Type.Array(idOf('token')),
});
export type Overview = Static<typeof OverviewSchema>;

/** Board → collector, the first frame. */
export const BoardHello = Type.Object({
  type: Type.Literal('hello'),
  protocol: Type.Integer({ minimum: 0, maximum: 65_535 }),
});
export type BoardHello = Static<typeof BoardHello>;

/** Board → collector: numbers did not follow each other, send a snapshot. */
export const Resync = Type.Object({ type: Type.Literal('resync'), haveSeq: Count });
export type Resync = Static<typeof Resync>;

/** Collector → board, the first frame. A new `build` tells the page to reload itself. */
export const LiveHello = Type.Object({
  type: Type.Literal('hello'),
  protocol: Type.Integer({ minimum: 0, maximum: 65_535 }),
  build: Type.String({ pattern: '^[0-9A-Za-z.+-]{1,64}$' }),
  serverTimeMs: EpochMs,
  tickMs: DurationMs,
});
export type LiveHello = Static<typeof LiveHello>;

/** Collector → board: everything as of frame `seq`; the next frame is `seq` + 1. */
export const Snapshot = Type.Object({
  type: Type.Literal('snapshot'),
  seq: Count,
  serverTimeMs: EpochMs,
  dataAgeMs: Type.Union([DurationMs, Type.Null()]),
  overview: OverviewSchema,
  /** Metric ids of `values`, in order. */
  columns: Type.Array(idOf('dotted')),
  workstations: Type.Array(WorkstationRowSchema),
  /** Sites of the registry; empty without one. */
  sites: Type.Array(SiteRowSchema),
  /** Municipalities of the registry, in its order. */
  municipalities: Type.Array(LiveMunicipalitySchema),
  trend: TrendRowsSchema,
  /** Open ones, the oldest first. */
  incidents: Type.Array(IncidentSchema),
  /** Silences that hold or are to come. */
  silences: Type.Array(LiveSilenceSchema),
  /** So many `more` frames follow at once, with the rows that are missing here; missing: none. */
  more: Type.Optional(Count),
});
export type Snapshot = Static<typeof Snapshot>;

/** Collector → board: rows of the snapshot `seq` that came before. Its last completes it. */
export const SnapshotMore = Type.Object({
  type: Type.Literal('more'),
  seq: Count,
  workstations: Type.Array(WorkstationRowSchema),
  sites: Type.Array(SiteRowSchema),
});
export type SnapshotMore = Static<typeof SnapshotMore>;

/**
 * One workstation that was heard: index, milliseconds before `serverTimeMs` when it was last seen
 * (−1 never), index of the verdict in `verdicts`, then the values in the order of `columns`.
 * An array and not an object: 29 instead of 102 kB/s a board at 600 changes/s.
 */
export const LiveChange = Type.Array(Type.Union([Type.Number(), Type.Null()]), { minItems: 3 });
export type LiveChange = Static<typeof LiveChange>;

/** Collector → board: what changed since frame `seq` − 1. */
export const Delta = Type.Object({
  type: Type.Literal('delta'),
  seq: Count,
  serverTimeMs: EpochMs,
  dataAgeMs: Type.Union([DurationMs, Type.Null()]),
  changes: Type.Array(LiveChange),
  /** Workstations whose reason or problems changed: the new ones. */
  flips: Type.Array(
    Type.Object({ index: Count, reason: idOf('token'), problems: Type.Array(ProblemRowSchema) }),
  ),
  /** Workstations that are new or were placed elsewhere. */
  added: Type.Array(WorkstationRowSchema),
  /** Sites that changed, whole. */
  sites: Type.Array(SiteRowSchema),
  /** Sites that are no longer in the registry. */
  removedSites: Type.Array(idOf('siteCode')),
  /** All municipalities when any changed, null when none did. */
  municipalities: Type.Union([Type.Array(LiveMunicipalitySchema), Type.Null()]),
  /** Incidents that opened or changed, whole. */
  incidents: Type.Array(IncidentSchema),
  /** Those that are over, whole: a board shows how they ended for a while. */
  endedIncidents: Type.Array(IncidentSchema),
  /** All silences when any changed, null when none did. */
  silences: Type.Union([Type.Array(LiveSilenceSchema), Type.Null()]),
  removed: Type.Array(Count),
});
export type Delta = Static<typeof Delta>;

/** Collector → board, once a second even when nothing changes; has no number of its own. */
export const Beat = Type.Object({
  type: Type.Literal('beat'),
  /** The newest numbered frame: a board that has another one asks for a resync. */
  seq: Count,
  serverTimeMs: EpochMs,
  dataAgeMs: Type.Union([DurationMs, Type.Null()]),
  overview: OverviewSchema,
});
export type Beat = Static<typeof Beat>;

/** Everything that a board may send. */
export const fromBoard = { hello: BoardHello, resync: Resync } as const;

/** Everything that a collector may send to a board. */
export const toBoard = {
  hello: LiveHello,
  snapshot: Snapshot,
  more: SnapshotMore,
  delta: Delta,
  beat: Beat,
  error: ErrorMessage,
} as const;

export type FromBoard = {
  [K in keyof typeof fromBoard]: Static<(typeof fromBoard)[K]>;
}[keyof typeof fromBoard];
export type BoardFrame = {
  [K in keyof typeof toBoard]: Static<(typeof toBoard)[K]>;
}[keyof typeof toBoard];
/** What a board takes in: its snapshots are whole, see `SnapshotJoiner`. */
export type ToBoard = Exclude<BoardFrame, SnapshotMore>;
