import { Type, type Static } from 'typebox';
import { IncidentCountsSchema, IncidentSchema, LiveSilenceSchema } from '../incidents/incident.ts';
import { phases } from '../incidents/phase.ts';
import { siteKinds } from '../region/region.ts';
import { stageIds, stageTracks } from '../stages/stage.ts';
import {
  DurationMs,
  EpochMs,
  ErrorMessage,
  PlacementSchema,
  VerdictSchema,
  idOf,
} from './shared.ts';

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

/** Where a stage stands: of the region, or of one site. */
export const StageSchema = Type.Object({
  stage: Type.Enum([...stageIds]),
  track: Type.Enum([...stageTracks]),
  done: Count,
  total: Count,
  /** Of `total − done`: those of which nobody knows once due, and those that are past their amber time. */
  unknown: Count,
  late: Count,
  verdict: VerdictSchema,
  reason: idOf('token'),
  reachedAtMs: Type.Union([EpochMs, Type.Null()]),
  dueAtMs: Type.Union([EpochMs, Type.Null()]),
  isMismatch: Type.Boolean(),
});
export type LiveStage = Static<typeof StageSchema>;

/** A room of the registry, in the order of codes; the Штаб is one of them. */
export const LiveRoomSchema = Type.Object({
  code: idOf('roomCode'),
  /** It has reached the stage of its site that is in play; of a room without stages: false. */
  isDone: Type.Boolean(),
});
export type LiveRoom = Static<typeof LiveRoomSchema>;

/** A municipality and its place on the schematic map, null where nobody gave it one. */
export const LiveMunicipalitySchema = Type.Object({
  slug: Type.String({ maxLength: 100 }),
  name: Type.String(),
  /** `ГО`, `МО`, `МР`: two may have the same name. */
  kind: Type.String(),
  tile: Type.Union([Type.Object({ col: Count, row: Count }), Type.Null()]),
});
export type LiveMunicipality = Static<typeof LiveMunicipalitySchema>;

/** A site of the registry as boards show it. */
export const LiveSiteSchema = Type.Object({
  code: idOf('siteCode'),
  kind: Type.Enum([...siteKinds]),
  name: Type.String(),
  municipality: Type.String(),
  /** Slug: names are not unique. */
  municipalitySlug: Type.String({ maxLength: 100 }),
  timeZone: Type.String(),
  isInvolved: Type.Boolean(),
  planned: Count,
  notYetHeard: Count,
  unplanned: Count,
  /** Conditions of readiness that hold, of all. */
  met: Count,
  conditions: Count,
  readiness: VerdictSchema,
  stages: Type.Array(StageSchema),
  rooms: Type.Array(LiveRoomSchema),
});
export type LiveSite = Static<typeof LiveSiteSchema>;

/**
 * Cameras of the rooms of sites that take part. `planned` by the registry; `on` and `off` as workstations
 * that are heard see them; of the rest nobody knows. The rooms are dark by the outage that counts up to
 * the 20 minutes after which a room's exam may be annulled.
 */
export const CameraCountsSchema = Type.Object({
  planned: Count,
  on: Count,
  off: Count,
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

/** A check that is not `ok`, in short. */
export const ProblemSchema = Type.Object({
  id: idOf('dotted'),
  verdict: VerdictSchema,
  reason: idOf('token'),
});
export type Problem = Static<typeof ProblemSchema>;

/** A workstation in a snapshot. `index` names it in deltas for as long as the socket lives. */
export const LiveWorkstationSchema = Type.Object({
  index: Count,
  id: idOf('agentId'),
  placement: PlacementSchema,
  verdict: VerdictSchema,
  /** Reason of the verdict: the worst check's. */
  reason: idOf('token'),
  /** When the collector last took a live heartbeat, null for never. */
  lastSeenMs: Type.Union([EpochMs, Type.Null()]),
  problems: Type.Array(ProblemSchema),
  /** When heartbeats last came by flash drive, and when the newest of them was produced. */
  carriedAtMs: Type.Optional(EpochMs),
  carriedNewestMs: Type.Optional(EpochMs),
  /** Values in the order of `columns`. */
  values: Type.Array(Type.Union([Type.Number(), Type.Null()])),
});
export type LiveWorkstation = Static<typeof LiveWorkstationSchema>;

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

/**
 * The region's throughput of the last hours, the oldest first, at most `TREND_POINTS`. Boards
 * add a point themselves when a beat is `everyMs` after the last.
 */
export const TrendSchema = Type.Object({
  everyMs: DurationMs,
  points: Type.Array(Type.Object({ atMs: EpochMs, rxBytesPerSecond: Type.Number({ minimum: 0 }) })),
});
export type Trend = Static<typeof TrendSchema>;

/** Collector → board: everything as of frame `seq`; the next frame is `seq` + 1. */
export const Snapshot = Type.Object({
  type: Type.Literal('snapshot'),
  seq: Count,
  serverTimeMs: EpochMs,
  dataAgeMs: Type.Union([DurationMs, Type.Null()]),
  overview: OverviewSchema,
  /** Metric ids of `values`, in order. */
  columns: Type.Array(idOf('dotted')),
  workstations: Type.Array(LiveWorkstationSchema),
  /** Sites of the registry; empty without one. */
  sites: Type.Array(LiveSiteSchema),
  /** Municipalities of the registry, in its order. */
  municipalities: Type.Array(LiveMunicipalitySchema),
  trend: TrendSchema,
  /** Open ones, the oldest first. */
  incidents: Type.Array(IncidentSchema),
  /** Silences that hold or are to come. */
  silences: Type.Array(LiveSilenceSchema),
});
export type Snapshot = Static<typeof Snapshot>;

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
    Type.Object({ index: Count, reason: idOf('token'), problems: Type.Array(ProblemSchema) }),
  ),
  /** Workstations that are new or were placed elsewhere. */
  added: Type.Array(LiveWorkstationSchema),
  /** Sites that changed, whole. */
  sites: Type.Array(LiveSiteSchema),
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
  delta: Delta,
  beat: Beat,
  error: ErrorMessage,
} as const;

export type FromBoard = {
  [K in keyof typeof fromBoard]: Static<(typeof fromBoard)[K]>;
}[keyof typeof fromBoard];
export type ToBoard = {
  [K in keyof typeof toBoard]: Static<(typeof toBoard)[K]>;
}[keyof typeof toBoard];
