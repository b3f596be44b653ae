import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { api } from '../support/collector.ts';
import { AgentActor, type AgentSpec } from './agent-actor.ts';
import { faketimeLibrary, OwnClock } from './clock.ts';
import { CollectorActor } from './collector-actor.ts';
import { canMount, SmallDisk } from './disk.ts';
import type { Keeper } from './keeper.ts';
import type { Cast } from './plan.ts';
import { between, randomFrom, type Random } from './random.ts';
import { goodLink, Tap, type LinkNature } from './tap.ts';
import { Traffic } from './traffic.ts';

/** The shortest period that the protocol allows: more heartbeats for each minute of chaos. */
export const INTERVAL_MS = 1_000;

/** Everybody who plays in a run. */
export interface Stage {
  readonly collector: CollectorActor;
  readonly agents: readonly AgentActor[];
  readonly cast: Cast;
  readonly traffic: Traffic;
  /** Parts that could not be made here, by name. */
  readonly missing: readonly string[];
  /** Processes that ended and nobody had asked for it. */
  readonly ownEnds: readonly string[];
}

/** Who plays. */
interface Role {
  readonly name: string;
  readonly role: string;
  readonly roomCode: string;
  readonly link?: 'bad';
  readonly disk?: 'small';
  readonly clock?: 'own';
  /** It takes in the members of its ППЭ… */
  readonly isRelay?: boolean;
  /** …such as this one: named is who stands before it. */
  readonly behind?: string;
}

const roles: readonly Role[] = [
  { name: 'hq', role: 'hq', roomCode: '7777', isRelay: true },
  { name: 'room', role: 'organizer', roomCode: '0001' },
  { name: 'small-disk', role: 'organizer', roomCode: '0002', disk: 'small' },
  { name: 'own-clock', role: 'kege', roomCode: '0003', clock: 'own' },
  { name: 'bad-link', role: 'organizer', roomCode: '0004', link: 'bad' },
  { name: 'member-one', role: 'organizer', roomCode: '0005', behind: 'hq' },
  { name: 'member-two', role: 'kege', roomCode: '0006', behind: 'hq' },
];

/** A village's line: far away, thin, and a packet in twenty is lost and sent again. */
function badLink(random: Random): LinkNature {
  return {
    delayMs: 150,
    bytesPerSecond: 16_000,
    lossMs: () => (random() < 0.05 ? between(random, 200, 1_600) : 0),
  };
}

/** Starts a collector and the agents, enrolled; nothing is wrong yet. */
export async function openStage(keeper: Keeper, seed: number): Promise<Stage> {
  const traffic = new Traffic();
  const ownEnds: string[] = [];
  const dataDir = join(keeper.folder, 'collector');
  mkdirSync(dataDir);
  const collector = new CollectorActor({
    dataDir,
    logPath: join(keeper.folder, 'collector.log'),
    env: {
      PPE_PULSE_AGENTS_INTERVAL_MS: String(INTERVAL_MS),
      // Throughput is measured elsewhere; here it would only take the line.
      PPE_PULSE_THROUGHPUT_EVERY_MINUTES: '0',
    },
    keeper,
    onOwnEnd: (code) => void ownEnds.push(`collector (${code})`),
  });
  await collector.start();
  const { body } = await api(doorOf(collector), '/api/v1/collector');
  const { publicKey } = body as unknown as { publicKey: string };
  const random = randomFrom(seed);
  const agents: AgentActor[] = [];
  for (const role of roles) {
    const relay = agents.find(({ name }) => name === role.behind);
    const tap = await Tap.open({
      name: role.name,
      nature: role.link === 'bad' ? badLink(random) : goodLink,
      traffic,
      hop: relay ? 'relay' : 'collector',
      farPort: () => (relay ? relay.relayPort : collector.port),
    });
    const agent = createAgent(role, {
      keeper,
      tap,
      pinnedKey: relay?.publicKey ?? publicKey,
      onOwnEnd: (name, code) => void ownEnds.push(`${name} (${code})`),
    });
    await agent.identify();
    await enrol(collector, agent, role);
    relay?.members.push(agent);
    agents.push(agent);
  }
  for (const agent of agents) agent.start();
  const named = (is: (agent: AgentActor) => boolean) => agents.filter(is).map(({ name }) => name);
  const cast: Cast = {
    agents: named(() => true),
    smallDisks: named(({ disk }) => disk !== undefined),
    ownClocks: named(({ clock }) => clock !== undefined),
  };
  const missing = [
    ...(cast.smallDisks.length > 0 ? [] : ['a small disk (root)']),
    ...(cast.ownClocks.length > 0 ? [] : ['an own clock (faketime)']),
  ];
  return { collector, agents, cast, traffic, missing, ownEnds };
}

function createAgent(
  { name, disk, clock, isRelay = false }: Role,
  parts: Pick<AgentSpec, 'tap' | 'pinnedKey' | 'keeper' | 'onOwnEnd'>,
): AgentActor {
  const { keeper } = parts;
  const folder = join(keeper.folder, name);
  mkdirSync(folder);
  const library = clock === 'own' ? faketimeLibrary() : undefined;
  return new AgentActor({
    ...parts,
    name,
    folder,
    isRelay,
    disk: disk === 'small' && canMount ? new SmallDisk(join(folder, 'disk'), keeper) : undefined,
    clock: library === undefined ? undefined : new OwnClock(join(folder, 'clock'), library),
  });
}

/** Ends everybody, agents first; what is on its way arrives. */
export async function closeStage({ collector, agents }: Stage): Promise<void> {
  await Promise.all(agents.map((agent) => agent.stop()));
  await collector.stop();
  await Promise.all(agents.map(({ tap }) => tap.close()));
}

/** The API's address and token, as the tests' own helper takes them. */
export function doorOf(collector: CollectorActor): Parameters<typeof api>[0] {
  const { url, adminToken } = collector;
  if (url === undefined) throw new Error('there is no collector now');
  return { url, adminToken } as Parameters<typeof api>[0];
}

async function enrol(
  collector: CollectorActor,
  agent: AgentActor,
  { role, roomCode }: Role,
): Promise<void> {
  const placement = { siteCode: '0042', roomCode, role, duty: 'main' };
  const { status } = await api(doorOf(collector), '/api/v1/workstations', {
    method: 'POST',
    body: { publicKey: agent.publicKey, placement },
  });
  if (status !== 201) throw new Error(`${agent.name} cannot be enrolled: ${status}`);
}
