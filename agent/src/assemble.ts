import {
  judgeAll,
  type Heartbeat,
  type Metrics,
  type CheckVerdict,
  type Mode,
  type PrintTask,
  type Role,
  type Thresholds,
} from '@ppe-pulse/protocol';
import type { Readings } from './probes/readings.ts';

/** Everything of a heartbeat that is not measured. */
export interface HeartbeatFacts {
  readonly bootId: string;
  readonly seq: number;
  readonly wallMs: number;
  /** Since the agent's start, sleep included: what travels. */
  readonly monotonicMs: number;
  /** The clock that readings carry, which Linux stops in sleep. */
  readonly nowMs: number;
  readonly mode: Mode;
  /** Of the plan that is held. */
  readonly planVersion?: number | undefined;
  readonly journalLag: number;
  readonly journalDropped: number;
  readonly role: Role;
  readonly thresholds: Partial<Thresholds>;
  /** What the plan lets this workstation print. */
  readonly print?: PrintTask | null;
}

/** One heartbeat from what the probes know. `metrics` are those read since the one before. */
export function assembleHeartbeat(
  facts: HeartbeatFacts,
  readings: Readings,
  metrics: Metrics,
): Heartbeat {
  const verdicts = judgeAll({
    role: facts.role,
    readings: readings.values,
    families: readings.families(),
    observations: readings.observations(),
    nowMs: facts.nowMs,
    thresholds: facts.thresholds,
    print: facts.print ?? null,
  });
  return {
    type: 'heartbeat',
    bootId: facts.bootId,
    seq: facts.seq,
    delivery: 'live',
    wallMs: Math.round(facts.wallMs),
    monotonicMs: Math.round(facts.monotonicMs),
    mode: facts.mode,
    ...(facts.planVersion !== undefined && { planVersion: facts.planVersion }),
    journalLag: facts.journalLag,
    ...(facts.journalDropped > 0 && { journalDropped: facts.journalDropped }),
    metrics,
    verdicts: verdicts.map((verdict) => ({
      ...byRule(verdict, facts.mode),
      ageMs: Math.round(verdict.ageMs),
    })),
  };
}

/** What the mode forbids to measure is nobody's fault once its last reading is too old. */
function byRule(verdict: CheckVerdict, mode: Mode): CheckVerdict {
  const isUnread = verdict.reason === 'stale' || verdict.reason === 'notMeasured';
  return mode === 'prep' || !isUnread
    ? verdict
    : { ...verdict, verdict: 'silentByRule', reason: 'isolatedByPlan' };
}
