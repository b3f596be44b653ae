import type { FleetAgent, Stage, Target } from '../../server/src/updates/rollout.ts';
import { untouched } from '../../server/src/updates/rollout.ts';
import type { RolloutView } from '../../server/src/updates/standing.ts';
import { versionOrder } from '../../server/src/updates/version-order.ts';
import { workstationId } from './rows.ts';
import { updateOf, type Signer } from './update-kit.ts';

/** A morning on which nothing is rehearsed. */
export const ROLLOUT_MS = Date.parse('2026-03-02T09:00:00+07:00');

/** A bundle of a text, signed by these: the file. */
export function signedUpdate(
  signers: readonly Signer[],
  part: object = {},
  agent: string | Buffer = 'export {};\n',
): Buffer {
  return updateOf(agent, signers, part).file;
}

/** A workstation of ППЭ 0042 that is here on the old version. */
export function agentOf(number: number, part: Partial<FleetAgent> = {}): FleetAgent {
  return {
    id: workstationId(number),
    siteCode: '0042',
    municipality: 'kemerovo',
    version: '0.1.0',
    isHere: true,
    canUpdate: true,
    relayId: null,
    isRelay: false,
    isFrozen: false,
    ...part,
  };
}

export function stageOf(part: Partial<Stage> = {}): Stage {
  return {
    id: 1,
    version: '0.2.0',
    scope: { kind: 'site', siteCode: '0042' },
    state: 'running',
    startedAtMs: ROLLOUT_MS,
    startedBy: 'admin',
    endedAtMs: null,
    forgiven: 0,
    ...part,
  };
}

export function targetOf(number: number, part: Partial<Target> = {}): Target {
  return { ...untouched(workstationId(number)), atMs: ROLLOUT_MS, ...part };
}

export function viewOf(
  agents: readonly FleetAgent[],
  targets: readonly Target[] = [],
  version = '0.2.0',
): RolloutView {
  return {
    order: versionOrder(version),
    agents: new Map(agents.map((agent) => [agent.id, agent])),
    targets: new Map(targets.map((target) => [target.workstationId, target])),
  };
}
