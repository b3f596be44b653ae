import {
  judgeHeartbeat,
  nextHeartbeatChangeMs,
  problemsOf,
  standingOf,
  type CheckVerdict,
  type Inventory,
  type Mode,
  type Placement,
  type Problem,
  type Standing,
} from '@ppe-pulse/protocol';
import type { Flip } from '../state/flips.ts';
import { addLateMetrics, addMetrics, noMetrics, type LatestMetrics } from './latest-metrics.ts';
import type { TakenHeartbeat } from './taken-heartbeat.ts';

/** Everything the collector knows of one workstation now. Values are replaced, never changed. */
export interface WorkstationState {
  readonly id: string;
  readonly placement: Placement;
  /** Collector's monotonic clock at the last live heartbeat of this run, null for none. */
  readonly lastSeenMonotonicMs: number | null;
  /** Wall clock of the last live heartbeat, also of an earlier run; null for never. */
  readonly lastSeenAtMs: number | null;
  readonly bootId: string | null;
  readonly seq: number;
  readonly intervalMs: number;
  readonly saidGoodbye: boolean;
  readonly agentVersion: string | null;
  readonly inventory: Inventory | null;
  readonly mode: Mode | null;
  readonly clockOffsetMs: number | null;
  readonly journalLag: number;
  readonly heartbeat: CheckVerdict;
  /** Verdicts of the last live heartbeat; `ageMs` counts from `lastSeenAtMs`. */
  readonly checks: readonly CheckVerdict[];
  /** The last known value of every metric, also of those read rarely. */
  readonly metrics: LatestMetrics;
  /** Monotonic clock from which on silence may be judged otherwise; nothing to do before. */
  readonly silenceDueMs: number;
  readonly standing: Standing;
  readonly problems: readonly Problem[];
}

/** A workstation that is enrolled and has not been heard since this collector started. */
export function unheard(
  id: string,
  placement: Placement,
  lastSeenAtMs: number | null,
): WorkstationState {
  const heartbeat = judgeHeartbeat({
    lastSeenMs: null,
    intervalMs: 0,
    nowMs: 0,
    saidGoodbye: false,
  });
  return {
    id,
    placement,
    lastSeenMonotonicMs: null,
    lastSeenAtMs,
    bootId: null,
    seq: 0,
    intervalMs: 0,
    saidGoodbye: false,
    agentVersion: null,
    inventory: null,
    mode: null,
    clockOffsetMs: null,
    journalLag: 0,
    heartbeat,
    checks: [],
    metrics: noMetrics,
    silenceDueMs: Number.POSITIVE_INFINITY,
    standing: standingOf(heartbeat, []),
    problems: problemsOf(heartbeat, []),
  };
}

/**
 * The state after a heartbeat. Pure. A late one fills in readings that were not known yet and judges
 * nothing; a live one that is older than the newest changes nothing.
 */
export function foldHeartbeat(state: WorkstationState, beat: TakenHeartbeat): WorkstationState {
  if (!beat.live) {
    const metrics = addLateMetrics(state.metrics, beat.metrics, beat.atMs);
    return metrics === state.metrics ? state : { ...state, metrics };
  }
  if (beat.bootId === state.bootId && beat.seq <= state.seq) return state;
  const silence = {
    lastSeenMs: beat.takenMonotonicMs,
    intervalMs: beat.intervalMs,
    nowMs: beat.takenMonotonicMs,
    saidGoodbye: false,
  };
  const heartbeat = judgeHeartbeat(silence);
  return {
    id: state.id,
    placement: state.placement,
    lastSeenMonotonicMs: beat.takenMonotonicMs,
    lastSeenAtMs: beat.takenAtMs,
    bootId: beat.bootId,
    seq: beat.seq,
    intervalMs: beat.intervalMs,
    saidGoodbye: false,
    agentVersion: beat.agentVersion,
    inventory: beat.inventory,
    mode: beat.mode,
    clockOffsetMs: beat.clockOffsetMs,
    journalLag: beat.journalLag,
    heartbeat,
    checks: beat.verdicts,
    metrics: addMetrics(state.metrics, beat.metrics, beat.atMs),
    silenceDueMs: beat.takenMonotonicMs + nextHeartbeatChangeMs(silence),
    standing: standingOf(heartbeat, beat.verdicts),
    problems: problemsOf(heartbeat, beat.verdicts),
  };
}

/** The state at a later moment: only silence is judged again. The same object when nothing changed. */
export function foldSilence(state: WorkstationState, nowMonotonicMs: number): WorkstationState {
  if (nowMonotonicMs < state.silenceDueMs) return state;
  const silence = {
    lastSeenMs: state.lastSeenMonotonicMs,
    intervalMs: state.intervalMs,
    nowMs: nowMonotonicMs,
    saidGoodbye: state.saidGoodbye,
  };
  const heartbeat = judgeHeartbeat(silence);
  return {
    ...state,
    silenceDueMs: nowMonotonicMs + nextHeartbeatChangeMs(silence),
    heartbeat,
    standing: standingOf(heartbeat, state.checks),
    problems: problemsOf(heartbeat, state.checks),
  };
}

/** The state after a planned goodbye. */
export function foldGoodbye(state: WorkstationState, nowMonotonicMs: number): WorkstationState {
  if (state.lastSeenMonotonicMs === null) return state;
  return foldSilence({ ...state, saidGoodbye: true, silenceDueMs: nowMonotonicMs }, nowMonotonicMs);
}

/** What changed between two states of one workstation, check by check. */
export function flipsBetween(
  before: WorkstationState,
  after: WorkstationState,
  atMs: number,
): readonly Flip[] {
  if (before.heartbeat.verdict === after.heartbeat.verdict && before.checks === after.checks)
    return [];
  const flips: Flip[] = [];
  const compare = (from: CheckVerdict | undefined, to: CheckVerdict): void => {
    // A check that was never judged was unknown until now.
    const fromVerdict = from?.verdict ?? 'unknown';
    if (fromVerdict === to.verdict) return;
    flips.push({
      workstationId: after.id,
      checkId: to.id,
      from: fromVerdict,
      to: to.verdict,
      reason: to.reason,
      atMs,
      evidence: to.evidence,
    });
  };
  compare(before.heartbeat, after.heartbeat);
  for (const check of after.checks) {
    compare(
      before.checks.find((each) => each.id === check.id),
      check,
    );
  }
  return flips;
}
