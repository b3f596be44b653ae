import { WorldAgent } from './agent.ts';
import { WorldCollector } from './collector.ts';
import { Line } from './wire.ts';
import { VirtualWorld, generator } from './virtual-world.ts';

/** What happens in a story, by chance. */
export interface StoryKind {
  readonly agents: number;
  readonly intervalMs: number;
  /** Faults of the collector: killed, stopped, frozen. */
  readonly collectorFaults: number;
  /** Faults of the agents and their lines: cut, restarted, dead for good. */
  readonly ownFaults: number;
}

/** A workstation of a story. */
export interface Actor {
  readonly agent: WorldAgent;
  readonly line: Line;
  /** Something of its own failed, so that its silence may be true. */
  hasFailed: boolean;
}

/** Everything that a story left behind. */
export interface Story {
  readonly world: VirtualWorld;
  readonly collector: WorldCollector;
  readonly actors: readonly Actor[];
  /** When the last fault was over. */
  readonly calmSinceMs: number;
  /** What broke, when, and for how long. */
  readonly faults: readonly string[];
}

/** Long enough for the longest back-off, a recovery, and the backlog of the whole story. */
const CALM_MS = 260_000;

/** Plays a story to its calm end. The same seed plays the same one. */
export function playStory(kind: StoryKind, seed: number): Story {
  const random = generator(seed);
  const world = new VirtualWorld();
  const ids = Array.from({ length: kind.agents }, (_, at) => idOf(at + 1));
  const { intervalMs } = kind;
  const collector = new WorldCollector(world, { ids, intervalMs, random });
  const actors = ids.map((_, at): Actor => {
    const slowMs = random() < 0.2 ? 400 : 20;
    const line = new Line(world, () => 2 + slowMs * random());
    const listener = () => collector.listener;
    const agent = new WorldAgent({ world, line, listener, random, intervalMs }, at + 1);
    return { agent, line, hasFailed: false };
  });
  collector.start();
  for (const { agent } of actors) world.at(2_000 * random(), () => agent.start());
  const faults: string[] = [];
  let atMs = 10_000 + 5_000 * random();
  for (let left = kind.collectorFaults; left > 0; left -= 1)
    atMs = breakCollector({ world, collector, random, faults }, atMs);
  let calmSinceMs = atMs;
  for (let left = kind.ownFaults; left > 0; left -= 1) {
    const actor = actors[Math.floor(random() * actors.length)];
    if (!actor) continue;
    const endMs = breakAgent({ world, random, faults }, actor, 8_000 + random() * atMs);
    calmSinceMs = Math.max(calmSinceMs, endMs);
  }
  world.runTo(calmSinceMs + CALM_MS);
  return { world, collector, actors, calmSinceMs, faults };
}

interface Stage {
  readonly world: VirtualWorld;
  readonly random: () => number;
  readonly faults: string[];
}

/** One fault of the collector from `atMs` on; answers when the next may begin. */
function breakCollector(
  { world, collector, random, faults }: Stage & { readonly collector: WorldCollector },
  atMs: number,
): number {
  const lasts = durationOf(random);
  const endMs = atMs + lasts;
  const kind = random();
  if (kind < 0.4) {
    faults.push(`frozen ${Math.round(atMs)}+${Math.round(lasts)}`);
    world.at(atMs, () => collector.freeze());
    world.at(endMs, () => collector.wake());
  } else {
    faults.push(`${kind < 0.7 ? 'killed' : 'stopped'} ${Math.round(atMs)}+${Math.round(lasts)}`);
    world.at(atMs, () => (kind < 0.7 ? collector.kill() : collector.stop()));
    world.at(endMs, () => collector.start());
  }
  return endMs + (random() < 0.3 ? 200 + 5_000 * random() : 60_000 * random());
}

/** One fault of an agent or its line; answers when it is over. */
function breakAgent({ world, random, faults }: Stage, actor: Actor, atMs: number): number {
  const { agent, line } = actor;
  const lasts = durationOf(random);
  actor.hasFailed = true;
  const kind = random();
  const note = (what: string): void =>
    void faults.push(`${agent.id.slice(-2)} ${what} ${Math.round(atMs)}+${Math.round(lasts)}`);
  if (kind < 0.5) {
    note('cut');
    world.at(atMs, () => (line.isCut = true));
    world.at(atMs + lasts, () => line.heal());
  } else if (kind > 0.9) {
    note('died for good');
    world.at(atMs, () => {
      agent.isDead = true;
      agent.die(random() < 0.5);
    });
  } else {
    const withLine = kind < 0.7;
    note(withLine ? 'lost its power' : 'was killed');
    world.at(atMs, () => {
      if (agent.isAlive) agent.die(withLine);
    });
    world.at(atMs + lasts, () => {
      if (!agent.isAlive && !agent.isDead) agent.start();
    });
  }
  return atMs + lasts;
}

/** From a blink to two minutes, short ones as often as long ones. */
function durationOf(random: () => number): number {
  return 200 * 600 ** random();
}

function idOf(number: number): string {
  return `w-${number.toString(16).padStart(16, '0')}`;
}
