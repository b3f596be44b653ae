import {
  allMetrics,
  isJudgedBy,
  judgeClone,
  mainMetricOf,
  metricOf,
  metricValue,
  type CheckVerdict,
  type Inventory,
  type Mode,
  type WorkstationState,
} from '@ppe-pulse/protocol';
import { CheckVerdictSchema, InventorySchema, PlacementSchema, idOf } from '@ppe-pulse/protocol';
import { Type, type Static } from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Time = Type.String({ format: 'date-time' });

const CheckView = Type.Object({
  id: CheckVerdictSchema.properties.id,
  verdict: CheckVerdictSchema.properties.verdict,
  reason: CheckVerdictSchema.properties.reason,
  evidence: CheckVerdictSchema.properties.evidence,
  measuredAt: Nullable(Time),
  value: Type.Optional(Type.Number()),
  unit: Type.Optional(Type.String()),
});

const CarriedCheckView = Type.Pick(CheckVerdictSchema, ['id', 'verdict', 'reason', 'evidence']);

/** A workstation as scripts and the workstation page read it. Times are RFC 3339. */
export const WorkstationView = Type.Object({
  id: idOf('agentId'),
  ...PlacementSchema.properties,
  verdict: CheckVerdictSchema.properties.verdict,
  reason: CheckVerdictSchema.properties.reason,
  lastSeenAt: Nullable(Time),
  agentVersion: Nullable(Type.String()),
  bootId: Nullable(idOf('bootId')),
  mode: Nullable(Type.String()),
  /** Of the plan that it goes by; null before it said so. */
  planVersion: Nullable(Type.Integer({ minimum: 0 })),
  clockOffsetMs: Nullable(Type.Number()),
  journalLag: Type.Integer({ minimum: 0 }),
  /** Heartbeats that its journal ever dropped unacked. */
  journalDropped: Type.Integer({ minimum: 0 }),
  /** The relay that it is heard through. */
  relayId: Nullable(idOf('agentId')),
  /** Other boots under the same id that were turned away of late. */
  clones: Type.Array(idOf('bootId')),
  /** What a flash drive last brought. */
  carried: Nullable(
    Type.Object({ importedAt: Time, newestAt: Time, checks: Type.Array(CarriedCheckView) }),
  ),
  checks: Type.Array(CheckView),
  /** Metric id → the last known value. */
  metrics: Type.Record(Type.String(), Type.Number()),
  /** Metric id → when that value was read. */
  measuredAt: Type.Record(Type.String(), Time),
  inventory: Nullable(InventorySchema),
});
export type WorkstationView = Static<typeof WorkstationView> & {
  readonly mode: Mode | null;
  readonly inventory: Inventory | null;
};

/** The view of a state. Pure. */
export function workstationView(state: WorkstationState): WorkstationView {
  const metrics: Record<string, number> = {};
  const measuredAt: Record<string, string> = {};
  for (const [id, { value, atMs }] of allMetrics(state.metrics)) {
    metrics[id] = value;
    measuredAt[id] = timeOf(atMs);
  }
  return {
    id: state.id,
    ...state.placement,
    verdict: state.standing.verdict,
    reason: state.standing.reason,
    lastSeenAt: state.lastSeenAtMs === null ? null : timeOf(state.lastSeenAtMs),
    agentVersion: state.agentVersion,
    bootId: state.bootId,
    mode: state.mode,
    planVersion: state.planVersion,
    clockOffsetMs: state.clockOffsetMs === null ? null : Math.round(state.clockOffsetMs),
    journalLag: state.journalLag,
    journalDropped: state.journalDropped,
    relayId: state.relayId,
    clones: [...(state.clone?.bootIds ?? [])],
    carried: carriedView(state),
    checks: [
      checkView(state, state.heartbeat, false),
      ...(state.clone ? [checkView(state, judgeClone(state.clone), false)] : []),
      ...judgedChecks(state),
    ],
    metrics,
    measuredAt,
    inventory: state.inventory,
  };
}

function carriedView({ carried }: WorkstationState): WorkstationView['carried'] {
  if (carried === null) return null;
  return {
    importedAt: timeOf(carried.importedAtMs),
    newestAt: timeOf(carried.newestAtMs),
    checks: carried.checks.map(({ id, verdict, reason, evidence }) => ({
      id,
      verdict,
      reason,
      evidence,
    })),
  };
}

/** Checks of a silent workstation are as old as its silence: unknown, or silent by rule. */
function judgedChecks(state: WorkstationState): Static<typeof CheckView>[] {
  const silent = !isJudgedBy(state.heartbeat);
  return state.checks.map((check) => checkView(state, check, silent));
}

function checkView(
  state: WorkstationState,
  check: CheckVerdict,
  silent: boolean,
): Static<typeof CheckView> {
  const mainMetric = mainMetricOf(check.id);
  const value =
    mainMetric === undefined ? undefined : metricValue(state.metrics, mainMetric)?.value;
  const unit = mainMetric === undefined ? undefined : metricOf(mainMetric)?.unit;
  return {
    id: check.id,
    verdict: silent ? state.heartbeat.verdict : check.verdict,
    reason: silent ? silentReason(state) : check.reason,
    evidence: check.evidence,
    measuredAt: measuredAtOf(state, check),
    ...(value === undefined ? {} : { value }),
    ...(unit === undefined ? {} : { unit }),
  };
}

function silentReason({ heartbeat }: WorkstationState): string {
  return heartbeat.verdict === 'unknown' ? 'stale' : heartbeat.reason;
}

function measuredAtOf(state: WorkstationState, check: CheckVerdict): string | null {
  if (state.lastSeenAtMs === null) return null;
  const ageMs = check.id === state.heartbeat.id ? 0 : check.ageMs;
  return timeOf(state.lastSeenAtMs - ageMs);
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
