import type { AgentKey } from '@ppe-pulse/protocol';
import { SimulatedAgent, type AgentWire, type AgentWorld } from './agent.ts';
import { DirectWire } from './direct-wire.ts';
import type { FaultSchedule } from './fault-schedule.ts';
import type { LinkParts } from './link.ts';
import type { LinkWatch } from './link-watch.ts';
import type { SimulatedRegion, SimulatedSite, SimulatedWorkstation } from './region.ts';
import { SimulatedRelay } from './relay.ts';

/** What a fleet is wired from. */
export interface FleetParts {
  readonly world: AgentWorld;
  readonly region: SimulatedRegion;
  readonly keys: readonly AgentKey[];
  readonly links: LinkParts;
  readonly faults: FaultSchedule;
  readonly watch: LinkWatch;
  /** One socket a ППЭ, through its Штаб. */
  readonly relays: boolean;
}

/** Every agent with its way to the collector. */
export interface WiredFleet {
  /** By the number of the workstation. */
  readonly agents: readonly SimulatedAgent[];
  /** In the order in which they take their places: sockets first, one after the other. */
  readonly starters: readonly { start(): void }[];
  readonly sockets: number;
  /** Ends every socket that is still there. */
  close(): void;
}

type Wire = AgentWire & { belongTo(agent: SimulatedAgent): void };

/** Gives every workstation an agent and every agent a wire. */
export function wireFleet(parts: FleetParts): WiredFleet {
  const { region, world, keys, faults } = parts;
  const relays = new Map<SimulatedSite, SimulatedRelay>();
  const wires: Wire[] = [];
  const agents = region.workstations.map((workstation) => {
    const wire = wireOf(workstation, parts, relays);
    const key = keys[workstation.index];
    if (!key) throw new Error(`workstation ${workstation.index} has no key`);
    const occurrences = faults.of(workstation.index);
    const agent = new SimulatedAgent(world, { workstation, key, wire, occurrences });
    wire.belongTo(agent);
    wires.push(wire);
    return agent;
  });
  return {
    agents,
    starters: startersOf(agents, parts.relays),
    sockets: wires.filter((wire) => !wire.speaksFor).length,
    close: () => {
      for (const wire of wires) wire.leave({ by: 'kill' });
    },
  };
}

/**
 * The first workstation of a ППЭ is its Штаб: it makes the relay, the others come through it. A РЦОИ
 * or a commission has none, and may have none: each of its workstations has a line.
 */
function wireOf(
  { site, placement }: SimulatedWorkstation,
  { links, watch, relays: isRelayed }: FleetParts,
  relays: Map<SimulatedSite, SimulatedRelay>,
): Wire {
  const known = relays.get(site);
  if (known) return known.memberWire();
  if (!isRelayed || placement.role !== 'hq') return new DirectWire(links, watch);
  const relay = new SimulatedRelay(links, watch);
  relays.set(site, relay);
  return relay.ownWire();
}

/** With relays a whole ППЭ starts at once: its members cost no socket. */
function startersOf(
  agents: readonly SimulatedAgent[],
  isRelayed: boolean,
): readonly { start(): void }[] {
  if (!isRelayed) return agents;
  const bySite = new Map<SimulatedSite, SimulatedAgent[]>();
  for (const agent of agents) {
    const known = bySite.get(agent.workstation.site);
    if (known) known.push(agent);
    else bySite.set(agent.workstation.site, [agent]);
  }
  return [...bySite.values()].map((all) => ({
    start: () => {
      for (const each of all) each.start();
    },
  }));
}
