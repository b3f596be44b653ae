import {
  limits,
  ProtocolError,
  type FromAgent,
  type Goodbye,
  type Heartbeat,
  type Slot,
  type SlotResult,
  type ToAgent,
} from '@ppe-pulse/protocol';
import type { Clock } from '../clock.ts';
import { takeHeartbeat, type TakenHeartbeat } from '../fleet/taken-heartbeat.ts';
import { randomToken } from '../access/secrets.ts';
import { ClockMapping } from './clock-mapping.ts';
import {
  answerHello,
  verifyProof,
  type HandshakeContext,
  type PendingHandshake,
} from './handshake.ts';

/** What a session asks of the world around it. */
export interface SessionHost {
  readonly clock: Clock;
  readonly handshake: Omit<HandshakeContext, 'nonce'>;
  readonly intervalMs: number;
  readonly backlogPerSecond: number;
  send(message: ToAgent): void;
  /** The handshake is done. */
  joined(session: AgentSession): void;
  taken(session: AgentSession, heartbeat: TakenHeartbeat): void;
  slotReturned(session: AgentSession, result: SlotResult): void;
  saidGoodbye(session: AgentSession, goodbye: Goodbye): void;
}

/** Frames are counted in windows of this length against `agentFramesPerSecond`. */
const RATE_WINDOW_MS = 10_000;

type Phase =
  | { readonly name: 'hello' }
  | { readonly name: 'proof'; readonly pending: PendingHandshake }
  | { readonly name: 'live'; readonly pending: PendingHandshake; readonly mapping: ClockMapping };

/**
 * The collector's side of one agent's connection, without its socket: frames go in, messages and
 * calls of the host come out. A broken rule is thrown as a `ProtocolError`.
 */
export class AgentSession {
  readonly #host: SessionHost;
  #phase: Phase = { name: 'hello' };
  #windowStartMs: number;
  #framesInWindow = 0;

  constructor(host: SessionHost) {
    this.#host = host;
    this.#windowStartMs = host.clock.monotonicMs();
  }

  /** True once heartbeats are taken. */
  get isLive(): boolean {
    return this.#phase.name === 'live';
  }

  /** Id of the workstation, undefined before the hello was accepted. */
  get workstationId(): string | undefined {
    return this.#phase.name === 'hello' ? undefined : this.#phase.pending.enrolment.id;
  }

  get bootId(): string | undefined {
    return this.#phase.name === 'hello' ? undefined : this.#phase.pending.hello.bootId;
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
    this.#countFrame();
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
        this.#assertLive(message.type);
        const nowMs = this.#host.clock.wallMs();
        this.#host.send({
          type: 'clockReply',
          id: message.id,
          receivedAtMs: nowMs,
          sentAtMs: nowMs,
        });
        return;
      }
      case 'slotResult':
        this.#assertLive(message.type);
        this.#host.slotReturned(this, message);
        return;
      case 'goodbye':
        this.#assertLive(message.type);
        this.#host.saidGoodbye(this, message);
        return;
      case 'error':
        // An agent's complaint changes nothing here; the close that follows is logged.
        return;
    }
  }

  #hello(message: Extract<FromAgent, { type: 'hello' }>): void {
    if (this.#phase.name !== 'hello') throw new ProtocolError('badFrame', 'a second hello');
    const { pending, challenge } = answerHello(message, {
      ...this.#host.handshake,
      nonce: randomToken(),
    });
    this.#phase = { name: 'proof', pending };
    this.#host.send(challenge);
  }

  #proof(message: Extract<FromAgent, { type: 'proof' }>): void {
    if (this.#phase.name !== 'proof') throw new ProtocolError('badFrame', 'a proof out of turn');
    const { pending } = this.#phase;
    verifyProof(pending, message);
    this.#phase = { name: 'live', pending, mapping: new ClockMapping(pending.hello.bootId) };
    this.#host.send({
      type: 'welcome',
      serverTimeMs: this.#host.clock.wallMs(),
      intervalMs: this.#host.intervalMs,
      backlogPerSecond: this.#host.backlogPerSecond,
      placement: pending.enrolment.placement,
    });
    this.#host.joined(this);
  }

  #heartbeat(frame: Heartbeat): void {
    const phase = this.#phase;
    if (phase.name !== 'live')
      throw new ProtocolError('badFrame', 'a heartbeat before the welcome');
    const takenAtMs = this.#host.clock.wallMs();
    phase.mapping.observe(frame, takenAtMs);
    const live = frame.delivery === 'live';
    if (live && frame.bootId !== phase.pending.hello.bootId) {
      throw new ProtocolError('badFrame', 'a live heartbeat of another boot');
    }
    this.#host.taken(
      this,
      takeHeartbeat(frame, {
        workstationId: phase.pending.enrolment.id,
        atMs: phase.mapping.at(frame, takenAtMs),
        takenAtMs,
        takenMonotonicMs: this.#host.clock.monotonicMs(),
        clockOffsetMs: phase.mapping.clockOffsetMs,
        intervalMs: this.#host.intervalMs,
        agentVersion: phase.pending.hello.agentVersion,
        inventory: phase.pending.hello.inventory,
      }),
    );
  }

  #assertLive(type: string): void {
    if (this.#phase.name !== 'live')
      throw new ProtocolError('badFrame', `a ${type} before the welcome`);
  }

  #countFrame(): void {
    const nowMs = this.#host.clock.monotonicMs();
    if (nowMs - this.#windowStartMs >= RATE_WINDOW_MS) {
      this.#windowStartMs = nowMs;
      this.#framesInWindow = 0;
    }
    this.#framesInWindow += 1;
    const allowed =
      (Math.max(limits.agentFramesPerSecond, 2 * this.#host.backlogPerSecond) * RATE_WINDOW_MS) /
      1_000;
    if (this.#framesInWindow > allowed) {
      throw new ProtocolError(
        'tooManyFrames',
        `${this.#framesInWindow} frames in ${RATE_WINDOW_MS} ms`,
      );
    }
  }
}
