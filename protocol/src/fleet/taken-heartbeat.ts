import type { Heartbeat, Inventory } from '../messages/agent.ts';
import type { CheckVerdict, Metrics } from '../messages/shared.ts';
import type { Mode } from '../placement.ts';

/** A heartbeat after the gateway: authenticated, validated, its time on the collector's clock. */
export interface TakenHeartbeat {
  readonly workstationId: string;
  readonly bootId: string;
  readonly seq: number;
  /** Only `live` ones raise anything: late and carried ones complete history. */
  readonly delivery: Heartbeat['delivery'];
  /** The relay that it came through, null for the workstation's own connection. */
  readonly relayId: string | null;
  /** The PC's own clocks, as it sent them. */
  readonly wallMs: number;
  readonly monotonicMs: number;
  /** When it was produced, collector's wall clock. */
  readonly atMs: number;
  /** When it was taken, collector's wall and monotonic clocks. */
  readonly takenAtMs: number;
  readonly takenMonotonicMs: number;
  /** PC's wall clock minus the collector's, as seen on this connection; null before it is known. */
  readonly clockOffsetMs: number | null;
  readonly intervalMs: number;
  /** Null when a relay or a flash drive brought it and never said. */
  readonly agentVersion: string | null;
  readonly inventory: Inventory | null;
  readonly mode: Mode;
  readonly journalLag: number;
  readonly journalDropped: number;
  /** Version of the plan that it holds, null for none. */
  readonly planVersion: number | null;
  readonly metrics: Metrics;
  readonly verdicts: readonly CheckVerdict[];
}

/** What the gateway adds to a frame. */
export type HeartbeatContext = Omit<
  TakenHeartbeat,
  | 'bootId'
  | 'seq'
  | 'wallMs'
  | 'monotonicMs'
  | 'delivery'
  | 'mode'
  | 'journalLag'
  | 'journalDropped'
  | 'planVersion'
  | 'metrics'
  | 'verdicts'
>;

/** A frame and its context as one record. Fields are named: a spread costs more than the fold. */
export function takeHeartbeat(frame: Heartbeat, context: HeartbeatContext): TakenHeartbeat {
  return {
    workstationId: context.workstationId,
    bootId: frame.bootId,
    seq: frame.seq,
    delivery: frame.delivery,
    relayId: context.relayId,
    wallMs: frame.wallMs,
    monotonicMs: frame.monotonicMs,
    atMs: context.atMs,
    takenAtMs: context.takenAtMs,
    takenMonotonicMs: context.takenMonotonicMs,
    clockOffsetMs: context.clockOffsetMs,
    intervalMs: context.intervalMs,
    agentVersion: context.agentVersion,
    inventory: context.inventory,
    mode: frame.mode,
    journalLag: frame.journalLag,
    journalDropped: frame.journalDropped ?? 0,
    planVersion: frame.planVersion ?? null,
    metrics: frame.metrics,
    verdicts: frame.verdicts,
  };
}
