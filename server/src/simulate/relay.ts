import { encode, type ToAgent, type Welcome } from '@ppe-pulse/protocol';
import type { AgentWire, Leaving, SimulatedAgent } from './agent.ts';
import { leaveLink, receive } from './direct-wire.ts';
import { SimulatedLink, type LinkParts } from './link.ts';
import type { LinkWatch } from './link-watch.ts';

/**
 * A simulated Штаб that relays for its ППЭ: one socket, on which it speaks for itself and for its
 * members. Its own faults (power, line) silence all of them; their journals hold.
 */
export class SimulatedRelay {
  readonly #watch: LinkWatch;
  readonly #link: SimulatedLink;
  readonly #members = new Map<string, MemberWire>();
  #self: SimulatedAgent | undefined;
  readonly #monotonicMs: () => number;
  #welcome: Welcome | undefined;
  #welcomedMs = 0;

  constructor(parts: LinkParts, watch: LinkWatch) {
    this.#watch = watch;
    this.#monotonicMs = parts.monotonicMs;
    this.#link = new SimulatedLink(parts, () => this.#owner.introduction(['relay']), {
      opened: () => watch.opened(),
      welcomed: (welcome) => this.#welcomed(welcome),
      received: (message) => this.#received(message),
      lost: (byUs) => this.#lost(byUs),
    });
  }

  /** The wire of the relay's own workstation. */
  ownWire(): AgentWire & { belongTo(agent: SimulatedAgent): void } {
    const link = this.#link;
    return {
      speaksFor: false,
      get bufferedBytes() {
        return link.bufferedBytes;
      },
      belongTo: (agent) => (this.#self = agent),
      send: (frame) => link.send(frame),
      want: () => link.start(),
      leave: (how) => leaveLink(link, how),
      cut: (isCut) => link.cut(isCut),
    };
  }

  /** The wire of a workstation for which it speaks. */
  memberWire(): MemberWire {
    return new MemberWire(this);
  }

  get isLive(): boolean {
    return this.#link.isLive;
  }

  get bufferedBytes(): number {
    return this.#link.bufferedBytes;
  }

  send(frame: string): boolean {
    return this.#link.send(frame);
  }

  add(member: MemberWire): void {
    this.#members.set(member.agent.key.agentId, member);
    if (this.#welcome && this.#link.isLive) this.#connect(member, this.#welcome);
  }

  remove(member: MemberWire): void {
    this.#members.delete(member.agent.key.agentId);
  }

  #welcomed(welcome: Welcome): void {
    this.#watch.welcomed(welcome);
    this.#welcome = welcome;
    this.#welcomedMs = this.#monotonicMs();
    this.#owner.connected(this.#shareOf(welcome), welcome.serverTimeMs);
    this.#watch.signOfLife(this.#owner);
    for (const member of this.#members.values()) this.#connect(member, welcome);
  }

  #connect({ agent }: MemberWire, welcome: Welcome): void {
    this.#link.send(encode(agent.member('joined')));
    // A member that joins later, after hours of isolation maybe, is told the time of now.
    const sinceMs = this.#monotonicMs() - this.#welcomedMs;
    agent.connected(this.#shareOf(welcome), welcome.serverTimeMs + sinceMs);
    this.#watch.signOfLife(agent);
  }

  /** The backlog's rate is the connection's: all that speak on it share it. */
  #shareOf({ backlogPerSecond }: Welcome): number {
    return Math.max(1, Math.floor(backlogPerSecond / (this.#members.size + 1)));
  }

  #received(message: Exclude<ToAgent, Welcome | { type: 'challenge' }>): void {
    const id = 'agentId' in message ? message.agentId : undefined;
    const agent = id === undefined ? this.#owner : this.#members.get(id)?.agent;
    if (agent) receive(agent, message);
  }

  #lost(byUs: boolean): void {
    this.#welcome = undefined;
    this.#watch.lost(byUs);
    this.#owner.disconnected();
    for (const { agent } of this.#members.values()) agent.disconnected();
  }

  get #owner(): SimulatedAgent {
    if (!this.#self) throw new Error('a relay is used before it has a workstation');
    return this.#self;
  }
}

/** A member's way: its relay's socket. Its own line is the LAN, which is never cut. */
export class MemberWire implements AgentWire {
  readonly speaksFor = true;
  readonly #relay: SimulatedRelay;
  #agent: SimulatedAgent | undefined;
  #isWanted = false;

  constructor(relay: SimulatedRelay) {
    this.#relay = relay;
  }

  belongTo(agent: SimulatedAgent): void {
    this.#agent = agent;
  }

  get agent(): SimulatedAgent {
    if (!this.#agent) throw new Error('a wire is used before it belongs to an agent');
    return this.#agent;
  }

  get bufferedBytes(): number {
    return this.#relay.bufferedBytes;
  }

  send(frame: string): boolean {
    return this.#isWanted && this.#relay.send(frame);
  }

  want(): void {
    this.#isWanted = true;
    this.#relay.add(this);
  }

  leave(how: Leaving): void {
    const { agent } = this;
    if (how.by === 'word') {
      const { agentId } = agent.key;
      this.send(encode({ type: 'goodbye', agentId, ...how.goodbye }));
    }
    // A killed agent's socket closes, and its relay sees it; a PC without power just hangs.
    if (how.by !== 'hang') this.send(encode(agent.member('left')));
    this.#isWanted = false;
    this.#relay.remove(this);
    agent.disconnected();
  }

  cut(): void {
    // What is cut is the way of the Штаб to the collector: its own wire knows.
  }
}
