import { Type, type Static } from 'typebox';
import { stageIds, stageTracks } from '../stages/stage.ts';
import { verdicts } from '../truth.ts';
import { LiveSiteSchema } from './live-parts.ts';
import { DurationMs, EpochMs, PlacementSchema, idOf } from './shared.ts';

/*
 * What frames tell thousands of times is told as rows: by place and not by name. A region of 2,000
 * workstations is 393 kB and not 912; a browser reads and a collector writes it in half the time.
 */

const Count = Type.Integer({ minimum: 0 });
const Flag = Type.Integer({ minimum: 0, maximum: 1 });
const indexIn = (list: readonly string[]) => Type.Integer({ minimum: 0, maximum: list.length - 1 });
const EpochMsOrNull = Type.Union([EpochMs, Type.Null()]);

/** A check that is not `ok`: id, index of its verdict, reason. */
export const ProblemRowSchema = Type.Tuple([idOf('dotted'), indexIn(verdicts), idOf('token')]);
export type ProblemRow = Static<typeof ProblemRowSchema>;

/** A workstation of a snapshot, or one that a delta adds. */
export const WorkstationRowSchema = Type.Tuple([
  /** Names it in deltas for as long as the socket lives. */
  Count,
  idOf('agentId'),
  PlacementSchema.properties.siteCode,
  PlacementSchema.properties.roomCode,
  PlacementSchema.properties.role,
  PlacementSchema.properties.duty,
  /** Simulated: 1. */
  Flag,
  indexIn(verdicts),
  /** Reason of the verdict: the worst check's. */
  idOf('token'),
  /** Ms before the frame's `serverTimeMs` when a live heartbeat was last taken, null for never. */
  Type.Union([Type.Integer(), Type.Null()]),
  Type.Array(ProblemRowSchema),
  /** By flash drive: when heartbeats last came, and when the newest of them was produced; null for never. */
  Type.Union([Type.Tuple([EpochMs, EpochMs]), Type.Null()]),
  /** In the order of the snapshot's `columns`. */
  Type.Array(Type.Union([Type.Number(), Type.Null()])),
]);
export type WorkstationRow = Static<typeof WorkstationRowSchema>;

/** A stage of a site: the fields of `LiveStage` in their order. */
export const StageRowSchema = Type.Tuple([
  indexIn(stageIds),
  indexIn(stageTracks),
  /** `done`, `total`, `unknown`, `late`. */
  Count,
  Count,
  Count,
  Count,
  indexIn(verdicts),
  idOf('token'),
  /** `reachedAtMs`, `dueAtMs`. */
  EpochMsOrNull,
  EpochMsOrNull,
  /** `isMismatch`. */
  Flag,
]);
export type StageRow = Static<typeof StageRowSchema>;

/** A site of the registry: what it has once by name, its stages and rooms as rows. */
export const SiteRowSchema = Type.Object({
  ...LiveSiteSchema.properties,
  stages: Type.Array(StageRowSchema),
  /** Code, and 1 for a room that is done. */
  rooms: Type.Array(Type.Tuple([idOf('roomCode'), Flag])),
});
export type SiteRow = Static<typeof SiteRowSchema>;

/** A trend: of each point the ms after the one before (of the first: since 1970 UTC), and bytes a second. */
export const TrendRowsSchema = Type.Object({
  everyMs: DurationMs,
  points: Type.Array(Type.Tuple([Type.Integer(), Type.Number({ minimum: 0 })])),
});
export type TrendRows = Static<typeof TrendRowsSchema>;
