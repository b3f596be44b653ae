import { SimulatedAgent, type AgentWorld } from './agent.ts';
import { DirectWire } from './direct-wire.ts';
import type { LinkParts } from './link.ts';
import type { LinkWatch } from './link-watch.ts';

/** What clones are made with. */
export interface CloneParts {
  readonly world: AgentWorld;
  readonly links: LinkParts;
  readonly watch: LinkWatch;
  /** Starts the heartbeats of one. */
  readonly beat: (agent: SimulatedAgent) => void;
}

/** PCs that were made from the image of another: the same key, a start of their own. */
export class Clones {
  readonly #parts: CloneParts;
  readonly #alive = new Map<SimulatedAgent, SimulatedAgent>();

  constructor(parts: CloneParts) {
    this.#parts = parts;
  }

  /** The clone of a workstation appears or goes, as its faults of now say. */
  meet(original: SimulatedAgent): void {
    const known = this.#alive.get(original);
    if (original.isCloned && !known) this.#appear(original);
    else if (!original.isCloned && known) {
      known.retire();
      this.#alive.delete(original);
    }
  }

  stop(): void {
    for (const clone of this.#alive.values()) clone.retire();
    this.#alive.clear();
  }

  #appear(original: SimulatedAgent): void {
    const { world, links } = this.#parts;
    const wire = new DirectWire(links, this.#watch());
    const clone = new SimulatedAgent(world, {
      workstation: original.workstation,
      key: original.key,
      wire,
      // It is a healthy PC: only its name is another's.
      occurrences: [],
      bootPrefix: `clone ${original.workstation.index}`,
    });
    wire.belongTo(clone);
    this.#alive.set(original, clone);
    clone.start();
    this.#parts.beat(clone);
  }

  /** A clone is refused sooner or later: its sockets count as connects and not among the fleet's. */
  #watch(): LinkWatch {
    const { watch } = this.#parts;
    return {
      opened: () => watch.opened(),
      welcomed: () => undefined,
      lost: () => undefined,
      signOfLife: (agent) => watch.signOfLife(agent),
    };
  }
}
