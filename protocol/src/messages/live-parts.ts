import { Type, type Static } from 'typebox';
import type { Placement } from '../placement.ts';
import { siteKinds } from '../region/region.ts';
import { stageIds, stageTracks } from '../stages/stage.ts';
import type { Verdict } from '../truth.ts';
import { EpochMs, VerdictSchema, idOf } from './shared.ts';

const Count = Type.Integer({ minimum: 0 });

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

/** A check that is not `ok`, in short. */
export const ProblemSchema = Type.Object({
  id: idOf('dotted'),
  verdict: VerdictSchema,
  reason: idOf('token'),
});
export type Problem = Static<typeof ProblemSchema>;

/** A workstation as boards hold it. `index` names it in deltas for as long as the socket lives. */
export interface LiveWorkstation {
  readonly index: number;
  readonly id: string;
  readonly placement: Placement;
  readonly verdict: Verdict;
  /** Reason of the verdict: the worst check's. */
  readonly reason: string;
  /** When the collector last took a live heartbeat, ms since 1970 UTC, null for never. */
  readonly lastSeenMs: number | null;
  readonly problems: readonly Problem[];
  /** When heartbeats last came by flash drive, and when the newest of them was produced. */
  readonly carriedAtMs?: number;
  readonly carriedNewestMs?: number;
  /** Values in the order of the snapshot's `columns`. */
  readonly values: readonly (number | null)[];
}

/**
 * The region's throughput of the last hours, the oldest first, at most `TREND_POINTS`. Boards
 * add a point themselves when a beat is `everyMs` after the last.
 */
export interface Trend {
  readonly everyMs: number;
  readonly points: readonly { readonly atMs: number; readonly rxBytesPerSecond: number }[];
}
