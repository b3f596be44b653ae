import type { Goodbye, Inventory } from '../messages/agent.ts';
import type { Problem } from '../messages/live-parts.ts';
import type { CheckVerdict } from '../messages/shared.ts';
import { judgeHeartbeat, nextHeartbeatChangeMs, type Farewell } from '../checks/heartbeat.ts';
import type { Mode, Placement } from '../placement.ts';
import { problemsOf, standingOf, type Standing } from '../workstation.ts';
import { judgeClone, type CloneSighting } from './clone.ts';
import type { Carried } from './carried.ts';
import type { PlanRule } from './plan-rule.ts';
import { addLateMetrics, addMetrics, noMetrics, type LatestMetrics } from './latest-metrics.ts';
import type { TakenHeartbeat } from './taken-heartbeat.ts';

/** Everything a listener knows of one workstation now. Values are replaced, never changed. */
export interface WorkstationState {
  readonly id: string;
  readonly placement: Placement;
  /** Attention time of the last live heartbeat, see `attention.ts`; null for never. */
  readonly lastSeenMs: number | null;
  /** Wall clock of the last live heartbeat, also of an earlier run; null for never. */
  readonly lastSeenAtMs: number | null;
  readonly bootId: string | null;
  readonly seq: number;
  readonly intervalMs: number;
  /** How it left in order; null for it did not. */
  readonly farewell: Farewell | null;
  /** What the plan says of it now, null for nothing. */
  readonly rule: PlanRule | null;
  /** The relay that it is heard through, null for its own connection. */
  readonly relayId: string | null;
  readonly agentVersion: string | null;
  readonly inventory: Inventory | null;
  readonly mode: Mode | null;
  readonly clockOffsetMs: number | null;
  readonly journalLag: number;
  readonly journalDropped: number;
  /** Version of the plan that it holds, null for none or not known. */
  readonly planVersion: number | null;
  readonly heartbeat: CheckVerdict;
  /** The same id on another PC: the newest sighting, null for none of late. */
  readonly clone: CloneSighting | null;
  /** Verdicts of the last live heartbeat; `ageMs` counts from `lastSeenAtMs`. */
  readonly checks: readonly CheckVerdict[];
  /** The last known value of every metric, also of those read rarely. */
  readonly metrics: LatestMetrics;
  /** What last came by flash drive, null for nothing. */
  readonly carried: Carried | null;
  /** Attention time from which on silence may be judged otherwise; nothing to do before. */
  readonly silenceDueMs: number;
  readonly standing: Standing;
  readonly problems: readonly Problem[];
}

/** What survives a restart of the listener. */
export interface Remembered {
  readonly lastSeenAtMs: number | null;
  /** How long the last heartbeat was ago when the listener was last alive; null for unknown. */
  readonly silentForMs: number | null;
  readonly bootId: string | null;
  readonly intervalMs: number;
  /** How it left in order, `returnDueMs` counting from when the listener was last alive. */
  readonly farewell: Farewell | null;
  readonly agentVersion: string | null;
  readonly inventory: Inventory | null;
  readonly heartbeat: CheckVerdict;
  readonly checks: readonly CheckVerdict[];
}

/** A workstation that belongs here and was never heard. */
export function unheard(id: string, placement: Placement): WorkstationState {
  const silence = { lastSeenMs: null, intervalMs: 0, nowMs: 0, farewell: null, rule: null };
  return judged({
    id,
    placement,
    lastSeenMs: null,
    lastSeenAtMs: null,
    bootId: null,
    seq: 0,
    intervalMs: 0,
    farewell: null,
    rule: null,
    relayId: null,
    agentVersion: null,
    inventory: null,
    mode: null,
    clockOffsetMs: null,
    journalLag: 0,
    journalDropped: 0,
    planVersion: null,
    heartbeat: judgeHeartbeat(silence),
    clone: null,
    checks: [],
    metrics: noMetrics,
    carried: null,
    silenceDueMs: Number.POSITIVE_INFINITY,
  });
}

/**
 * A workstation as it was when the listener last lived, `attentionMs` being its new clock. Its silence
 * goes on from where it was: the downtime of the listener is not the workstation's.
 */
export function restored(
  id: string,
  placement: Placement,
  remembered: Remembered,
  attentionMs: number,
): WorkstationState {
  const { silentForMs, heartbeat } = remembered;
  const wasHeard = silentForMs !== null && heartbeat.verdict !== 'unknown';
  return judged({
    ...unheard(id, placement),
    lastSeenAtMs: remembered.lastSeenAtMs,
    lastSeenMs: silentForMs === null ? null : attentionMs - silentForMs,
    bootId: remembered.bootId,
    intervalMs: remembered.intervalMs,
    farewell: shifted(remembered.farewell, attentionMs),
    agentVersion: remembered.agentVersion,
    inventory: remembered.inventory,
    heartbeat,
    checks: remembered.checks,
    silenceDueMs: wasHeard ? attentionMs : Number.POSITIVE_INFINITY,
  });
}

/**
 * The state after a heartbeat. Pure. A late one fills in readings that were not known yet and judges
 * nothing; a live one that is older than the newest changes nothing.
 */
export function foldHeartbeat(
  state: WorkstationState,
  beat: TakenHeartbeat,
  attentionMs: number,
): WorkstationState {
  if (beat.delivery !== 'live') return foldLate(state, beat);
  if (beat.bootId === state.bootId && beat.seq <= state.seq) return state;
  const silence = {
    lastSeenMs: attentionMs,
    intervalMs: beat.intervalMs,
    nowMs: attentionMs,
    farewell: null,
    rule: state.rule,
  };
  const heartbeat = judgeHeartbeat(silence);
  const { clone } = state;
  return {
    id: state.id,
    placement: state.placement,
    lastSeenMs: attentionMs,
    lastSeenAtMs: beat.takenAtMs,
    bootId: beat.bootId,
    seq: beat.seq,
    intervalMs: beat.intervalMs,
    farewell: null,
    rule: state.rule,
    relayId: beat.relayId,
    agentVersion: beat.agentVersion,
    inventory: beat.inventory,
    mode: beat.mode,
    clockOffsetMs: beat.clockOffsetMs,
    journalLag: beat.journalLag,
    journalDropped: beat.journalDropped,
    planVersion: beat.planVersion,
    heartbeat,
    clone,
    checks: beat.verdicts,
    metrics: addMetrics(state.metrics, beat.metrics, beat.atMs),
    carried: state.carried,
    silenceDueMs: Math.min(
      attentionMs + nextHeartbeatChangeMs(silence),
      clone?.untilMs ?? Number.POSITIVE_INFINITY,
    ),
    standing: standingOf(heartbeat, withClone(beat.verdicts, clone)),
    problems: problemsOf(heartbeat, withClone(beat.verdicts, clone)),
  };
}

/** The state at a later moment: only silence is judged again. The same object when nothing changed. */
export function foldSilence(state: WorkstationState, attentionMs: number): WorkstationState {
  if (attentionMs < state.silenceDueMs) return state;
  const silence = {
    lastSeenMs: state.lastSeenMs,
    intervalMs: state.intervalMs,
    nowMs: attentionMs,
    farewell: state.farewell,
    rule: state.rule,
  };
  const clone = state.clone && attentionMs < state.clone.untilMs ? state.clone : null;
  return judged({
    ...state,
    silenceDueMs: Math.min(
      attentionMs + nextHeartbeatChangeMs(silence),
      clone?.untilMs ?? Number.POSITIVE_INFINITY,
    ),
    heartbeat: judgeHeartbeat(silence),
    clone,
  });
}

/** The state after a planned goodbye. */
export function foldGoodbye(
  state: WorkstationState,
  goodbye: Pick<Goodbye, 'reason' | 'expectedReturnMs'>,
  attentionMs: number,
): WorkstationState {
  if (state.lastSeenMs === null) return state;
  const { reason, expectedReturnMs } = goodbye;
  const returnDueMs = expectedReturnMs === undefined ? null : attentionMs + expectedReturnMs;
  const farewell: Farewell = { reason, returnDueMs };
  return foldSilence({ ...state, farewell, silenceDueMs: attentionMs }, attentionMs);
}

/** The state after the same id was seen alive on another PC. */
export function foldClone(state: WorkstationState, clone: CloneSighting): WorkstationState {
  return judged({
    ...state,
    clone,
    silenceDueMs: Math.min(state.silenceDueMs, clone.untilMs),
  });
}

/** The state after the plan's word on it changed; its silence is judged anew at once. */
export function foldRule(
  state: WorkstationState,
  rule: PlanRule | null,
  attentionMs: number,
): WorkstationState {
  if (state.rule === rule) return state;
  return foldSilence({ ...state, rule, silenceDueMs: attentionMs }, attentionMs);
}

/** The state in another place. */
export function replaced(state: WorkstationState, placement: Placement): WorkstationState {
  return { ...state, placement };
}

/** What must be kept of a state for `restored`, as of now; `silentForMs` is told by the keeper. */
export function rememberedOf(
  state: WorkstationState,
  attentionMs: number,
): Omit<Remembered, 'lastSeenAtMs' | 'silentForMs'> {
  const { bootId, intervalMs, agentVersion, inventory, heartbeat, checks } = state;
  const farewell = shifted(state.farewell, -attentionMs);
  return { bootId, intervalMs, farewell, agentVersion, inventory, heartbeat, checks };
}

/** Checks that its listener judges, beside those that the workstation judged itself. */
export function allChecks(state: WorkstationState): readonly CheckVerdict[] {
  return [state.heartbeat, ...withClone(state.checks, state.clone)];
}

function foldLate(state: WorkstationState, beat: TakenHeartbeat): WorkstationState {
  const metrics = addLateMetrics(state.metrics, beat.metrics, beat.atMs);
  const carried =
    beat.delivery === 'carried' && beat.atMs >= (state.carried?.newestAtMs ?? 0)
      ? { importedAtMs: beat.takenAtMs, newestAtMs: beat.atMs, checks: beat.verdicts }
      : state.carried;
  if (metrics === state.metrics && carried === state.carried) return state;
  return { ...state, metrics, carried };
}

function judged(state: Omit<WorkstationState, 'standing' | 'problems'>): WorkstationState {
  const checks = withClone(state.checks, state.clone);
  return {
    ...state,
    standing: standingOf(state.heartbeat, checks),
    problems: problemsOf(state.heartbeat, checks),
  };
}

function withClone(
  checks: readonly CheckVerdict[],
  clone: CloneSighting | null,
): readonly CheckVerdict[] {
  return clone === null ? checks : [judgeClone(clone), ...checks];
}

function shifted(farewell: Farewell | null, byMs: number): Farewell | null {
  if (farewell === null || farewell.returnDueMs === null) return farewell;
  return { ...farewell, returnDueMs: farewell.returnDueMs + byMs };
}
