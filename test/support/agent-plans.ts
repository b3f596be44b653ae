import { sign } from 'node:crypto';
import type { AgentPlan, ModeSpan, PlanFrame } from '@ppe-pulse/protocol';
import type { PeerIdentity } from './agent-peer.ts';

/** When the plans of tests begin to hold: 15 May 2024, 07:00 of Novokuznetsk. */
export const PLAN_FROM_MS = 1_715_731_200_000;
const DAY_MS = 86_400_000;

/** A workstation's plan that says nothing unless it is told to. */
export function agentPlan(agentId: string, part: Partial<AgentPlan> = {}): AgentPlan {
  return {
    version: 1,
    planId: '2024-05-15',
    agentId,
    validFromMs: PLAN_FROM_MS,
    validToMs: PLAN_FROM_MS + DAY_MS,
    timeZone: 'Asia/Novokuznetsk',
    isInvolved: true,
    modes: [],
    thresholds: {},
    hosts: { videoPortal: [], emPortal: [] },
    throughput: { everyMinutes: 10, maxBytes: 1_000, closedFrom: '09:15', closedTo: '10:30' },
    print: null,
    ...part,
  };
}

/** Quiet from and to, in ms after the plan begins to hold. */
export const quiet = (fromMs: number, toMs: number): ModeSpan => ({
  mode: 'quiet',
  fromMs: PLAN_FROM_MS + fromMs,
  toMs: PLAN_FROM_MS + toMs,
});

/** A text signed as a collector or a relay signs. */
export function signedText(signer: PeerIdentity, text: string): PlanFrame {
  const signature = sign(null, Buffer.from(text), signer.privateKey).toString('base64url');
  return { type: 'plan', text, signature };
}

export const signedPlan = (signer: PeerIdentity, plan: AgentPlan): PlanFrame =>
  signedText(signer, JSON.stringify(plan));
