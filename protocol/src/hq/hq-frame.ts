import { Type, type Static } from 'typebox';
import {
  CheckVerdictSchema,
  EpochMs,
  PlacementSchema,
  VerdictSchema,
  idOf,
} from '../messages/shared.ts';
import { HqIncidentSchema } from './hq-incident.ts';

const Count = Type.Integer({ minimum: 0 });

/** How the relay's line to the collector stands; the states of `link-machine.ts`. */
export const HqUplinkSchema = Type.Object({
  state: Type.Enum(['live', 'opening', 'waiting', 'stopped']),
  /** Since when it stands so; on a line that is not live, since when it is not. */
  sinceMs: EpochMs,
  /** Heartbeats of the whole ППЭ that wait for the collector's ack. */
  spooled: Count,
  /** Heartbeats ever dropped unacked by the relay's spool. */
  dropped: Count,
});
export type HqUplink = Static<typeof HqUplinkSchema>;

/** What a flash drive brought of a workstation. */
export const HqCarriedSchema = Type.Object({ importedAtMs: EpochMs, newestAtMs: EpochMs });
export type HqCarried = Static<typeof HqCarriedSchema>;

/** A workstation of the ППЭ as the relay sees it. */
export const HqWorkstationSchema = Type.Object({
  id: idOf('agentId'),
  placement: PlacementSchema,
  verdict: VerdictSchema,
  reason: idOf('token'),
  /** When it was last heard live, null for never. */
  lastSeenMs: Type.Union([EpochMs, Type.Null()]),
  agentVersion: Type.Union([idOf('version'), Type.Null()]),
  isRelay: Type.Boolean(),
  /**
   * Verdicts of the newest heartbeat that is known, live or carried, `heartbeat` and `clone` among
   * them; `ageMs` is the age of the reading at `atMs`.
   */
  checks: Type.Array(CheckVerdictSchema),
  carried: Type.Union([HqCarriedSchema, Type.Null()]),
  /** Other PCs that were lately alive under the same id. */
  clones: Count,
});
export type HqWorkstation = Static<typeof HqWorkstationSchema>;

/** What the situation centre knows of this ППЭ, as it last said. */
export const HqIncidentsSchema = Type.Object({
  /** When the collector said it, null for never. */
  atMs: Type.Union([EpochMs, Type.Null()]),
  /** True while the line stands over which it was said: what changes would be here. */
  isCurrent: Type.Boolean(),
  /** Open ones that cover this ППЭ, with those that are not among `items`. */
  total: Count,
  items: Type.Array(HqIncidentSchema),
});
export type HqIncidents = Static<typeof HqIncidentsSchema>;

/** Relay → Штаб page: the whole ППЭ, every time. All moments are of the clock of `atMs`. */
export const HqFrameSchema = Type.Object({
  type: Type.Literal('hq'),
  atMs: EpochMs,
  site: Type.Union([idOf('siteCode'), Type.Null()]),
  /** Of the relay's plan: what times here are told in. Missing before there is a plan. */
  timeZone: Type.Optional(Type.String()),
  uplink: HqUplinkSchema,
  workstations: Type.Array(HqWorkstationSchema),
  incidents: HqIncidentsSchema,
});
export type HqFrame = Static<typeof HqFrameSchema>;
