import {
  judgeAll,
  type Heartbeat,
  type Metrics,
  type Mode,
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
  readonly journalLag: number;
  readonly journalDropped: number;
  readonly role: Role;
  readonly thresholds: Partial<Thresholds>;
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
  });
  return {
    type: 'heartbeat',
    bootId: facts.bootId,
    seq: facts.seq,
    delivery: 'live',
    wallMs: Math.round(facts.wallMs),
    monotonicMs: Math.round(facts.monotonicMs),
    mode: facts.mode,
    journalLag: facts.journalLag,
    ...(facts.journalDropped > 0 && { journalDropped: facts.journalDropped }),
    metrics,
    verdicts: verdicts.map((verdict) => ({ ...verdict, ageMs: Math.round(verdict.ageMs) })),
  };
}
