import { limits, type Ack, type ToAgent, type Welcome } from '@ppe-pulse/protocol';
import type { AgentWire, Leaving, SimulatedAgent } from './agent.ts';
import { SimulatedLink, type LinkParts } from './link.ts';
import type { LinkWatch } from './link-watch.ts';

/** The agent's own socket. */
export class DirectWire implements AgentWire {
  readonly speaksFor = false;
  readonly #link: SimulatedLink;
  readonly #watch: LinkWatch;
  #agent: SimulatedAgent | undefined;

  constructor(parts: LinkParts, watch: LinkWatch) {
    this.#watch = watch;
    this.#link = new SimulatedLink(parts, () => this.#owner.introduction([]), {
      opened: () => watch.opened(),
      welcomed: (welcome) => this.#welcomed(welcome),
      received: (message) => receive(this.#owner, message),
      lost: (byUs) => {
        watch.lost(byUs);
        this.#owner.disconnected();
      },
    });
  }

  /** The agent needs its wire first, so the wire learns of its agent after. */
  belongTo(agent: SimulatedAgent): void {
    this.#agent = agent;
  }

  get bufferedBytes(): number {
    return this.#link.bufferedBytes;
  }

  get isLive(): boolean {
    return this.#link.isLive;
  }

  send(frame: string): boolean {
    return this.#link.send(frame);
  }

  want(): void {
    this.#link.start();
  }

  leave(how: Leaving): void {
    leaveLink(this.#link, how);
  }

  cut(isCut: boolean): void {
    this.#link.cut(isCut);
  }

  get #owner(): SimulatedAgent {
    if (!this.#agent) throw new Error('a wire is used before it belongs to an agent');
    return this.#agent;
  }

  #welcomed(welcome: Welcome): void {
    this.#watch.welcomed(welcome);
    this.#owner.connected(welcome.backlogPerSecond, welcome.serverTimeMs);
    this.#watch.signOfLife(this.#owner);
  }
}

/** Ends a link in the way that a fault or a stop names. */
export function leaveLink(link: SimulatedLink, how: Leaving): void {
  if (how.by === 'word') link.leave(how.goodbye);
  else if (how.by === 'kill') link.kill();
  else link.hang();
}

type Frame = Exclude<ToAgent, Welcome | { type: 'challenge' }>;

/** Gives a frame to the agent that it is for. Simulated agents offer no slots and ask no clock. */
export function receive(agent: SimulatedAgent, message: Frame): void {
  if (message.type === 'ack') agent.acked(message satisfies Ack);
  else if (message.type === 'plan') agent.takePlan(message.text);
  else if (message.type === 'emDownload' || message.type === 'emStop') agent.takeEmOrder(message);
  else if (message.type === 'error' && message.retryAfterMs !== undefined)
    agent.hold(Math.min(message.retryAfterMs, limits.heartbeatIntervalMaxMs));
}
