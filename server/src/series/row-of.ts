import {
  standingOf,
  type CheckVerdict,
  type TakenHeartbeat,
  type Verdict,
} from '@ppe-pulse/protocol';
import type { SeriesRow } from './store.ts';

/** The row that the series store keeps of a heartbeat. */
export function seriesRowOf(heartbeat: TakenHeartbeat): SeriesRow {
  return {
    workstationId: heartbeat.workstationId,
    relayId: heartbeat.relayId,
    bootId: heartbeat.bootId,
    seq: heartbeat.seq,
    atMs: heartbeat.atMs,
    takenAtMs: heartbeat.takenAtMs,
    mode: heartbeat.mode,
    verdict: ownVerdict(heartbeat.verdicts),
    metrics: heartbeat.metrics,
  };
}

function ownVerdict(verdicts: readonly CheckVerdict[]): Verdict {
  const heard: CheckVerdict = {
    id: 'heartbeat',
    verdict: 'ok',
    reason: 'ok',
    evidence: {},
    ageMs: 0,
  };
  return standingOf(heard, verdicts).verdict;
}
