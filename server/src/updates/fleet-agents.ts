import type { AgentSession, Member, Region } from '@ppe-pulse/protocol';
import { UPDATE_CAPABILITY, freezeAt } from '@ppe-pulse/protocol/update';
import type { AgentPlan, Fleet, Mode } from '@ppe-pulse/protocol';
import type { Enrolments } from '../state/enrolments.ts';
import type { FleetAgent } from './rollout.ts';

/** What the list of agents is made from. */
export interface FleetAgentParts {
  readonly enrolments: Pick<Enrolments, 'list'>;
  readonly fleet: Pick<Fleet, 'get'>;
  readonly region: () => Pick<Region, 'sites'>;
  readonly sessions: () => ReadonlyMap<string, AgentSession>;
  /** A workstation's part of the live plan. */
  readonly planOf: (workstationId: string) => AgentPlan | undefined;
  /** Of the rehearsal's clock, which the plan is of. */
  readonly rehearsalMs: () => number;
}

/** How a workstation is here: by which connection, and what it said of itself over it. */
interface Way {
  readonly relayId: string | null;
  readonly isRelay: boolean;
  readonly canUpdate: boolean;
  readonly version: string | null;
}

/** Every enrolled workstation as updates see it. */
export function fleetAgents(parts: FleetAgentParts): Map<string, FleetAgent> {
  const municipalities = new Map(
    parts.region().sites.map(({ code, municipality }) => [code, municipality]),
  );
  const ways = waysOf(parts.sessions());
  const nowMs = parts.rehearsalMs();
  const agents = new Map<string, FleetAgent>();
  for (const { id, placement } of parts.enrolments.list()) {
    const state = parts.fleet.get(id);
    const way = ways.get(id);
    agents.set(id, {
      id,
      siteCode: placement.siteCode,
      municipality: municipalities.get(placement.siteCode) ?? '',
      version: way?.version ?? state?.agentVersion ?? null,
      isHere: way !== undefined,
      canUpdate: way?.canUpdate ?? false,
      relayId: way?.relayId ?? null,
      isRelay: way?.isRelay ?? false,
      isFrozen: isFrozen(parts.planOf(id), state?.mode ?? null, nowMs),
    });
  }
  return agents;
}

function waysOf(sessions: ReadonlyMap<string, AgentSession>): Map<string, Way> {
  const ways = new Map<string, Way>();
  for (const [relayId, session] of sessions)
    for (const [id] of session.members())
      ways.set(id, {
        ...saidBy(session.introductionOf(id)),
        // Only a relay that knows updates hands an offer on.
        canUpdate: session.can(UPDATE_CAPABILITY) && canUpdate(session.introductionOf(id)),
        relayId,
        isRelay: false,
      });
  // Its own connection goes before that of its relay: it is asked over that first.
  for (const [id, session] of sessions)
    ways.set(id, {
      ...saidBy(session.introduction),
      canUpdate: session.can(UPDATE_CAPABILITY),
      relayId: null,
      isRelay: session.relayedSite !== undefined,
    });
  return ways;
}

function saidBy(member: Member | undefined): Pick<Way, 'version'> {
  return { version: member?.state === 'joined' ? member.agentVersion : null };
}

function canUpdate(member: Member | undefined): boolean {
  return member?.state === 'joined' && member.capabilities.includes(UPDATE_CAPABILITY);
}

/** As the agent itself will judge; what it knows better it says. */
function isFrozen(plan: AgentPlan | undefined, mode: Mode | null, nowMs: number): boolean {
  return freezeAt(plan, mode ?? 'prep', nowMs).isFrozen;
}
