import {
  foldHeartbeat as fold,
  unheard,
  type CheckVerdict,
  type Placement,
  type TakenHeartbeat,
  type WorkstationState,
} from '@ppe-pulse/protocol';
import { REHEARSAL_MS, workstationId } from './rows.ts';

/** Where every workstation of these tests stands. */
export const placement: Placement = {
  siteCode: '0042',
  roomCode: '0001',
  role: 'organizer',
  duty: 'main',
  simulated: false,
};
const inventory = {
  platform: 'linux',
  arch: 'x64',
  osRelease: '6',
  cpuCores: 2,
  ramBytes: 1,
  runtime: 'node',
};
/** A verdict of a check, with a reason that fits. */
export const check = (id: string, verdict: CheckVerdict['verdict']): CheckVerdict => ({
  id,
  verdict,
  reason: verdict === 'ok' ? 'ok' : 'high',
  evidence: {},
  ageMs: 0,
});

/** The n-th heartbeat of the first workstation, one every five seconds. */
export function beat(seq: number, part: Partial<TakenHeartbeat> = {}): TakenHeartbeat {
  return {
    workstationId: workstationId(1),
    bootId: '00000000000000b1',
    seq,
    delivery: 'live',
    relayId: null,
    wallMs: REHEARSAL_MS + seq * 5_000,
    monotonicMs: seq * 5_000,
    atMs: REHEARSAL_MS + seq * 5_000,
    takenAtMs: REHEARSAL_MS + seq * 5_000 + 20,
    takenMonotonicMs: seq * 5_000,
    clockOffsetMs: 0,
    intervalMs: 5_000,
    agentVersion: '0.1.0',
    inventory,
    mode: 'prep',
    journalLag: 0,
    journalDropped: 0,
    planVersion: null,
    metrics: { 'net.rtt.ms': seq },
    verdicts: [check('net.rtt', 'ok')],
    ...part,
  };
}

/** The first workstation before it was heard. */
export const fresh = unheard(workstationId(1), placement);
/** Folds a heartbeat when it was taken. */
export const foldHeartbeat = (state: WorkstationState, taken: TakenHeartbeat): WorkstationState =>
  fold(state, taken, taken.takenMonotonicMs);
