import { afterAll, beforeAll, expect } from 'vitest';
import { closeCodes, type CloseCodeName } from '@ppe-pulse/protocol';
import type { Collector } from '../../server/src/collector.ts';
import { AgentPeer, enrol, newIdentity } from './agent-peer.ts';
import { HealthyAgent } from './healthy-agent.ts';
import { counted, sharedCollector } from './shared-collector.ts';

/** A collector of a whole file with an agent that behaves, and ways to be a bad peer. */
export interface Ground {
  readonly collector: () => Collector;
  readonly healthy: () => HealthyAgent;
  /** A socket of a workstation that is enrolled and has said nothing. */
  readonly enrolledPeer: () => Promise<AgentPeer>;
  /** A workstation after its welcome. */
  readonly livePeer: (capabilities?: readonly string[]) => Promise<AgentPeer>;
  /**
   * Fails unless the bad peer is closed with its number and counted once, and the healthy agent
   * sees nothing of it.
   */
  readonly isClosedAs: (
    name: CloseCodeName,
    attack: () => Promise<{ closed(): Promise<number> }>,
  ) => Promise<void>;
}

/** Prepares it before the tests of the file, and clears it after them. */
export function underAttack(): Ground {
  const collector = sharedCollector();
  const disposals: (() => void)[] = [];
  let healthy: HealthyAgent | undefined;
  beforeAll(async () => {
    healthy = await HealthyAgent.join(collector(), (dispose) => disposals.push(dispose));
  });
  afterAll(() => disposals.forEach((dispose) => dispose()));
  const ground: Ground = {
    collector,
    healthy: () => {
      if (!healthy) throw new Error('the healthy agent has not joined');
      return healthy;
    },
    enrolledPeer: async () => {
      const identity = newIdentity();
      await enrol(collector(), identity, '0012');
      return AgentPeer.connect(collector().url, identity);
    },
    livePeer: async (capabilities = []) => {
      const peer = await ground.enrolledPeer();
      await peer.shakeHands({ capabilities: [...capabilities] });
      return peer;
    },
    isClosedAs: async (name, attack) => {
      const counter = 'ppe_pulse_agent_sockets_closed_total';
      const before = await counted(collector(), counter, name);
      const code = await ground.healthy().goesOn(async () => (await attack()).closed());
      expect(code).toBe(closeCodes[name].code);
      expect(await counted(collector(), counter, name)).toBe(before + 1);
    },
  };
  return ground;
}
