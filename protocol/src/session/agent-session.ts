import { takeHeartbeat, type TakenHeartbeat } from '../fleet/taken-heartbeat.ts';
import { limits } from '../limits.ts';
import type {
  EmProgress,
  FromAgent,
  Goodbye,
  Heartbeat,
  Inventory,
  Member,
  Slot,
  SlotResult,
  ToAgent,
  UpdatePart,
  UpdateStateMessage,
} from '../messages/agent.ts';
import { ProtocolError } from '../protocol-error.ts';
import { NO_SUCH_UPDATE } from '../update/update-words.ts';
import { answerHello, verifyProof, type AcceptContext, type PendingHandshake } from './accept.ts';
import { ClockMapping, type Moment } from './clock-mapping.ts';
import { FrameRate } from './frame-rate.ts';
import { Members } from './members.ts';

/** What a session asks of the world around it. */
export interface SessionHost {
  readonly accept: AcceptContext;
  /** Of the socket: see `HandshakeTranscript`. */
  readonly channel: string;
  readonly intervalMs: number;
  readonly backlogPerSecond: number;
  now(): Moment;
  /** The listener's wall clock by its best knowledge; agents set their skew by it. */
  timeMs(): number;
  send(message: ToAgent): void;
  /** How a boot's clock maps to ours, kept over its connections. */
  mappingOf(workstationId: string, bootId: string): ClockMapping;
  /** The handshake is done, or a relay's member joined. */
  joined(session: AgentSession, workstationId: string, bootId: string): void;
  /** A relay's member left without a word. */
  memberLeft(workstationId: string, bootId: string): void;
  taken(session: AgentSession, heartbeat: TakenHeartbeat): void;
  slotReturned(workstationId: string, result: SlotResult): void;
  emProgress(workstationId: string, progress: EmProgress): void;
  saidGoodbye(workstationId: string, goodbye: Goodbye): void;
  /** The part of an update that begins there, or that it is sent later; undefined for none. */
  updatePart(
    version: string,
    offset: number,
    workstationId: string,
  ): UpdatePart | 'later' | undefined;
  updateTold(workstationId: string, state: UpdateStateMessage): void;
  /** A relay saw the id alive with two boots. */
  cloned(workstationId: string): void;
  /** A frame was refused with an error and without a close. */
  refused(code: string): void;
}

/** The relay's word for a clone that it refused; `agentId` names it. */
export const CLONED_ERROR = 'cloned';
/** A relay spoke of a workstation that is not of its ППЭ, or that it never introduced. */
export const NOT_YOUR_MEMBER = 'notYourMember';
/** The capability of an agent that speaks for the workstations of its ППЭ. */
export const RELAY_CAPABILITY = 'relay';
/** A relay carries the backlog of a whole ППЭ over one socket. */
const RELAY_BACKLOG_FACTOR = 10;

type Phase =
  | { readonly name: 'hello' }
  | { readonly name: 'proof'; readonly pending: PendingHandshake }
  | { readonly name: 'live'; readonly pending: PendingHandshake; readonly members: Members | null };

/** Who produced a heartbeat, as far as its listener knows. */
interface Producer {
  readonly workstationId: string;
  readonly relayId: string | null;
  readonly mapping: ClockMapping;
  readonly agentVersion: string | null;
  readonly inventory: Inventory | null;
}

/**
 * The listening side of one agent's connection, without its socket: frames go in, messages and calls
 * of the host come out. A broken rule is thrown as a `ProtocolError`. A collector listens so to
 * agents and relays, a relay to the workstations of its ППЭ.
 */
export class AgentSession {
  readonly #host: SessionHost;
  readonly #rate: FrameRate;
  #phase: Phase = { name: 'hello' };

  constructor(host: SessionHost) {
    this.#host = host;
    this.#rate = new FrameRate(host.now().monotonicMs, host.backlogPerSecond);
  }

  /** True once heartbeats are taken. */
  get isLive(): boolean {
    return this.#phase.name === 'live';
  }

  /** Id of the workstation, undefined before the hello was accepted. */
  get workstationId(): string | undefined {
    return this.#phase.name === 'hello' ? undefined : this.#phase.pending.workstation.id;
  }

  get bootId(): string | undefined {
    return this.#phase.name === 'hello' ? undefined : this.#phase.pending.hello.bootId;
  }

  /** The ППЭ that a relay speaks for, undefined for any other agent. */
  get relayedSite(): string | undefined {
    return this.#phase.name === 'live' ? this.#phase.members?.siteCode : undefined;
  }

  /** Members that a relay has introduced, and their boots. */
  members(): Iterable<readonly [string, string]> {
    return this.#phase.name === 'live' ? (this.#phase.members?.all() ?? []) : [];
  }

  /** What this workstation said of itself, as a relay tells it on. */
  get introduction(): Member | undefined {
    if (this.#phase.name !== 'live') return undefined;
    const { agentId, bootId, agentVersion, capabilities, inventory } = this.#phase.pending.hello;
    const self = { agentId, bootId, agentVersion, capabilities, inventory };
    return { type: 'member', state: 'joined', ...self };
  }

  /** What a relay said of a member that it introduced. */
  introductionOf(agentId: string): Member | undefined {
    return this.#phase.name === 'live' ? this.#phase.members?.find(agentId)?.introduced : undefined;
  }

  can(capability: string): boolean {
    if (this.#phase.name !== 'live') return false;
    return this.#phase.pending.hello.capabilities.includes(capability);
  }

  /** Leases a slot to this agent. */
  offer(slot: Slot): void {
    this.#host.send(slot);
  }

  /** Takes one decoded frame. */
  receive(message: FromAgent): void {
    this.#rate.count(this.#host.now().monotonicMs);
    switch (message.type) {
      case 'hello':
        this.#hello(message);
        return;
      case 'proof':
        this.#proof(message);
        return;
      case 'heartbeat':
        this.#heartbeat(message);
        return;
      case 'clockRequest': {
        this.#live(message.type);
        const nowMs = this.#host.timeMs();
        this.#host.send({
          type: 'clockReply',
          id: message.id,
          receivedAtMs: nowMs,
          sentAtMs: nowMs,
        });
        return;
      }
      case 'slotResult':
        this.#host.slotReturned(this.#live(message.type).pending.workstation.id, message);
        return;
      case 'emProgress':
        this.#host.emProgress(this.#live(message.type).pending.workstation.id, message);
        return;
      case 'member':
        this.#member(message);
        return;
      case 'updateRead': {
        const { id } = this.#live(message.type).pending.workstation;
        const part = this.#host.updatePart(message.version, message.offset, id);
        if (part === undefined) this.#refuse(NO_SUCH_UPDATE, undefined);
        else if (part !== 'later') this.#host.send(part);
        return;
      }
      case 'updateState':
        this.#aboutMember(message, (id) => this.#host.updateTold(id, message));
        return;
      case 'goodbye':
        this.#aboutMember(message, (id) => this.#host.saidGoodbye(id, message));
        return;
      case 'error':
        this.#error(message);
        return;
    }
  }

  #hello(message: Extract<FromAgent, { type: 'hello' }>): void {
    if (this.#phase.name !== 'hello') throw new ProtocolError('badFrame', 'a second hello');
    const { pending, challenge } = answerHello(message, this.#host.accept, this.#host.channel);
    this.#phase = { name: 'proof', pending };
    this.#host.send(challenge);
  }

  #proof(message: Extract<FromAgent, { type: 'proof' }>): void {
    if (this.#phase.name !== 'proof') throw new ProtocolError('badFrame', 'a proof out of turn');
    const { pending } = this.#phase;
    verifyProof(pending, message, this.#host.accept.keyring);
    const { workstation, hello } = pending;
    const isRelay =
      hello.capabilities.includes(RELAY_CAPABILITY) && workstation.placement.role === 'hq';
    this.#phase = {
      name: 'live',
      pending,
      members: isRelay ? new Members(workstation, this.#host.accept.find) : null,
    };
    const backlogPerSecond = this.#host.backlogPerSecond * (isRelay ? RELAY_BACKLOG_FACTOR : 1);
    this.#rate.allow(backlogPerSecond, isRelay ? limits.rosterMembers : 0);
    this.#host.send({
      type: 'welcome',
      serverTimeMs: this.#host.timeMs(),
      intervalMs: this.#host.intervalMs,
      backlogPerSecond,
      placement: workstation.placement,
    });
    this.#host.joined(this, workstation.id, hello.bootId);
  }

  #heartbeat(frame: Heartbeat): void {
    const producer = this.#producerOf(frame);
    if (!producer) {
      this.#refuse(NOT_YOUR_MEMBER, frame.agentId);
      return;
    }
    const taken = this.#host.now();
    const { mapping } = producer;
    mapping.observe(frame, taken);
    if (frame.delivery === 'live' && frame.bootId !== mapping.bootId)
      throw new ProtocolError('badFrame', 'a live heartbeat of another boot');
    this.#host.taken(
      this,
      takeHeartbeat(frame, {
        workstationId: producer.workstationId,
        relayId: producer.relayId,
        atMs: mapping.at(frame, taken),
        takenAtMs: taken.wallMs,
        takenMonotonicMs: taken.monotonicMs,
        clockOffsetMs: mapping.clockOffsetMs,
        intervalMs: this.#host.intervalMs,
        agentVersion: producer.agentVersion,
        inventory: producer.inventory,
      }),
    );
  }

  /** Undefined for a workstation that this connection may not speak for. */
  #producerOf({ agentId, bootId, delivery }: Heartbeat): Producer | undefined {
    const { pending, members } = this.#live('heartbeat');
    const { workstation, hello } = pending;
    if (agentId === undefined || agentId === workstation.id) {
      return {
        workstationId: workstation.id,
        relayId: null,
        mapping: this.#host.mappingOf(workstation.id, hello.bootId),
        agentVersion: hello.agentVersion,
        inventory: hello.inventory,
      };
    }
    const member = members?.find(agentId);
    if (!member) return undefined;
    const { introduced } = member;
    // What comes late may be of a boot, or of a workstation, that this relay has not heard itself.
    if (delivery === 'live' && introduced?.bootId !== bootId) return undefined;
    return {
      workstationId: agentId,
      relayId: workstation.id,
      mapping: introduced
        ? this.#host.mappingOf(agentId, introduced.bootId)
        : new ClockMapping(bootId),
      agentVersion: introduced?.agentVersion ?? null,
      inventory: introduced?.inventory ?? null,
    };
  }

  #member(message: Extract<FromAgent, { type: 'member' }>): void {
    const { members } = this.#live(message.type);
    if (!members?.note(message)) {
      this.#refuse(NOT_YOUR_MEMBER, message.agentId);
      return;
    }
    if (message.state === 'joined') this.#host.joined(this, message.agentId, message.bootId);
    else this.#host.memberLeft(message.agentId, message.bootId);
  }

  /** Something that a workstation says of itself, or its relay of a member. */
  #aboutMember(message: Goodbye | UpdateStateMessage, tell: (workstationId: string) => void): void {
    const { pending, members } = this.#live(message.type);
    const id = message.agentId ?? pending.workstation.id;
    if (id === pending.workstation.id || members?.find(id)) tell(id);
    else this.#refuse(NOT_YOUR_MEMBER, id);
  }

  /** Most complaints change nothing here; the close that follows is logged. */
  #error({ code, agentId }: Extract<FromAgent, { type: 'error' }>): void {
    if (code !== CLONED_ERROR || agentId === undefined || this.#phase.name !== 'live') return;
    if (this.#phase.members?.find(agentId)) this.#host.cloned(agentId);
    else this.#refuse(NOT_YOUR_MEMBER, agentId);
  }

  #refuse(code: string, agentId: string | undefined): void {
    this.#host.refused(code);
    this.#host.send({ type: 'error', code, ...(agentId !== undefined && { agentId }) });
  }

  #live(type: string): Extract<Phase, { name: 'live' }> {
    if (this.#phase.name === 'live') return this.#phase;
    throw new ProtocolError('badFrame', `a ${type} before the welcome`);
  }
}
