import { onTestFinished } from 'vitest';
import type { AgentPlan, Goodbye, Placement, Role, TakenHeartbeat } from '@ppe-pulse/protocol';
import { createLog } from '../../agent/src/platform/log.ts';
import { openIdentity } from '../../agent/src/platform/identity.ts';
import { systemTimers } from '../../agent/src/platform/timers.ts';
import { RelayDoor } from '../../agent/src/relay/relay-door.ts';
import { Roster } from '../../agent/src/relay/roster.ts';
import { tempDir } from './temp-dir.ts';

/** Who an agent talks to in a test of plans: a relay's door without the relay, its clock at will. */
export interface PlanListener {
  readonly url: string;
  readonly publicKey: string;
  readonly heard: TakenHeartbeat[];
  readonly goodbyes: Goodbye[];
  /** Knows a workstation from now on. */
  enrol(agent: { agentId: string; publicKey: string }, role: Role): void;
  isHere(agentId: string): boolean;
  /** Signs a plan and sends it; false when the workstation is not here. */
  push(plan: AgentPlan): boolean;
  signed(text: string): string;
}

/** Listens on a free loopback port; `aheadMs`: its clock minus this PC's. Goes with the test. */
export async function planListener(aheadMs = 0): Promise<PlanListener> {
  const dataDir = tempDir();
  const identity = await openIdentity(dataDir);
  const log = createLog('silent');
  const roster = new Roster(dataDir, identity.agentId, log);
  const heard: TakenHeartbeat[] = [];
  const goodbyes: Goodbye[] = [];
  const here = new Set<string>();
  const door: RelayDoor = new RelayDoor({
    config: { host: '127.0.0.1', port: 0, insecure: false },
    identity,
    answer: (_request, response) => response.writeHead(404).end(),
    roster,
    listener: {
      heard: (heartbeat) => {
        heard.push(heartbeat);
        door.ack([heartbeat]);
      },
      saidGoodbye: (_, goodbye) => void goodbyes.push(goodbye),
      cloned: () => undefined,
      slotReturned: () => undefined,
      emProgress: () => undefined,
      presence: (id, isHere) => void (isHere ? here.add(id) : here.delete(id)),
    },
    store: () => 'pending',
    now: () => ({ wallMs: Date.now() + aheadMs, monotonicMs: performance.now() }),
    intervalMs: 1_000,
    timers: systemTimers(),
    log,
  });
  await door.start();
  onTestFinished(() => door.stop());
  return {
    url: `ws://127.0.0.1:${door.port ?? 0}`,
    publicKey: identity.publicKey,
    heard,
    goodbyes,
    enrol: ({ agentId, publicKey }, role) => {
      const place = { siteCode: '0042', roomCode: '0012', duty: 'main', simulated: false } as const;
      const placement: Placement = { ...place, role };
      roster.replace({ type: 'roster', members: [{ agentId, publicKey, placement }] });
    },
    isHere: (agentId) => here.has(agentId),
    push: (plan) => {
      const text = JSON.stringify(plan);
      const frame = { type: 'plan', text, signature: identity.sign(text) } as const;
      return door.send(plan.agentId, frame);
    },
    signed: (text) => identity.sign(text),
  };
}
