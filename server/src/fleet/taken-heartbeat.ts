import type { CheckVerdict, Heartbeat, Inventory, Metrics, Mode } from '@ppe-pulse/protocol';
import { standingOf, type Verdict } from '@ppe-pulse/protocol';
import type { SeriesRow } from '../series/store.ts';

/** A heartbeat after the gateway: authenticated, validated, its time on the collector's clock. */
export interface TakenHeartbeat {
  readonly workstationId: string;
  readonly bootId: string;
  readonly seq: number;
  /** False for what comes late from a journal or a flash drive: history only, it raises nothing. */
  readonly live: boolean;
  /** When it was produced, collector's wall clock. */
  readonly atMs: number;
  /** When it was taken, collector's wall and monotonic clocks. */
  readonly takenAtMs: number;
  readonly takenMonotonicMs: number;
  /** PC's wall clock minus the collector's, as seen on this connection; null before it is known. */
  readonly clockOffsetMs: number | null;
  readonly intervalMs: number;
  readonly agentVersion: string;
  readonly inventory: Inventory;
  readonly mode: Mode;
  readonly journalLag: number;
  readonly metrics: Metrics;
  readonly verdicts: readonly CheckVerdict[];
}

/** What the gateway adds to a frame. */
export type HeartbeatContext = Omit<
  TakenHeartbeat,
  keyof Heartbeat | 'live' | 'metrics' | 'verdicts'
>;

/** A frame and its context as one record. Fields are named: a spread costs more than the fold. */
export function takeHeartbeat(frame: Heartbeat, context: HeartbeatContext): TakenHeartbeat {
  return {
    workstationId: context.workstationId,
    bootId: frame.bootId,
    seq: frame.seq,
    live: frame.delivery === 'live',
    atMs: context.atMs,
    takenAtMs: context.takenAtMs,
    takenMonotonicMs: context.takenMonotonicMs,
    clockOffsetMs: context.clockOffsetMs,
    intervalMs: context.intervalMs,
    agentVersion: context.agentVersion,
    inventory: context.inventory,
    mode: frame.mode,
    journalLag: frame.journalLag,
    metrics: frame.metrics,
    verdicts: frame.verdicts,
  };
}

/** The row that the series store keeps of a heartbeat. */
export function seriesRowOf(heartbeat: TakenHeartbeat): SeriesRow {
  return {
    workstationId: heartbeat.workstationId,
    bootId: heartbeat.bootId,
    seq: heartbeat.seq,
    atMs: heartbeat.atMs,
    takenAtMs: heartbeat.takenAtMs,
    mode: heartbeat.mode,
    verdict: verdictOf(heartbeat.verdicts),
    metrics: heartbeat.metrics,
  };
}

function verdictOf(verdicts: readonly CheckVerdict[]): Verdict {
  const heard: CheckVerdict = {
    id: 'heartbeat',
    verdict: 'ok',
    reason: 'ok',
    evidence: {},
    ageMs: 0,
  };
  return standingOf(heard, verdicts).verdict;
}
