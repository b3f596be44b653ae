import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { onTestFinished } from 'vitest';
import {
  AGENT_PATH,
  AGENT_SUBPROTOCOL,
  handshakeText,
  type Ack,
  type AgentHello,
  type Challenge,
  type Heartbeat,
  type ToAgent,
} from '@ppe-pulse/protocol';
import { channelOf } from '../../server/src/access/channel.ts';
import type { Collector } from '../../server/src/collector.ts';
import { api } from './collector.ts';

/** A workstation's key, enrolled or not. */
export interface PeerIdentity {
  readonly agentId: string;
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

/** Address of a listener, and the authority (PEM) of one that speaks TLS. */
type Line = string | { readonly url: string; readonly ca: string };

/** A fresh key and the id that belongs to it. */
export function newIdentity(): PeerIdentity {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(12);
  const agentId = `w-${createHash('sha256').update(raw).digest('hex').slice(0, 16)}`;
  return { agentId, publicKey: raw.toString('base64url'), privateKey };
}

/** Enrols an identity as a workstation of a room. */
export async function enrol(
  collector: Collector,
  identity: PeerIdentity,
  roomCode = '7777',
): Promise<void> {
  const placement = { siteCode: '0042', roomCode, role: 'hq', duty: 'main' };
  const { status } = await api(collector, '/api/v1/workstations', {
    method: 'POST',
    body: { publicKey: identity.publicKey, placement },
  });
  if (status > 201) throw new Error(`enrolment answered ${status}`);
}

/** The agent's side of the protocol by hand: what a test may do wrong on purpose. */
export class AgentPeer {
  readonly identity: PeerIdentity;
  readonly bootId: string;
  readonly received: ToAgent[] = [];
  readonly acked = new Set<number>();
  closeCode: number | undefined;
  /** Binds the handshake to the connection; empty without TLS. */
  channel = '';
  #socket: WebSocket;
  #waiting: (() => void)[] = [];

  private constructor(socket: WebSocket, identity: PeerIdentity, bootId: string) {
    this.#socket = socket;
    this.identity = identity;
    this.bootId = bootId;
    socket.on('message', (data: Buffer) =>
      this.#take(JSON.parse(data.toString('utf8')) as ToAgent),
    );
    socket.on('close', (code) => {
      this.closeCode = code;
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('upgrade', ({ socket: under }) => (this.channel = channelOf(under)));
  }

  /** Opens the socket only. Goes with the test, or with whatever `scope` says. */
  static async connect(
    line: Line,
    identity = newIdentity(),
    bootId = randomBytes(8).toString('hex'),
    scope: (dispose: () => void) => void = onTestFinished,
  ): Promise<AgentPeer> {
    const { url, ca } = typeof line === 'string' ? { url: line, ca: undefined } : line;
    const socket = new WebSocket(url.replace(/^http/, 'ws') + AGENT_PATH, AGENT_SUBPROTOCOL, {
      ...(ca !== undefined && { ca }),
    });
    const peer = new AgentPeer(socket, identity, bootId);
    scope(() => socket.terminate());
    await once(socket, 'open');
    return peer;
  }

  /** Opens the socket and shakes hands. */
  static async join(line: Line, identity: PeerIdentity, bootId?: string): Promise<AgentPeer> {
    const peer = await AgentPeer.connect(line, identity, bootId);
    await peer.shakeHands();
    return peer;
  }

  hello(part: Partial<AgentHello> = {}): AgentHello {
    return {
      type: 'hello',
      protocol: 1,
      agentId: this.identity.agentId,
      bootId: this.bootId,
      publicKey: this.identity.publicKey,
      nonce: randomBytes(32).toString('base64url'),
      agentVersion: '0.1.0',
      capabilities: ['download'],
      inventory: {
        platform: 'linux',
        arch: 'x64',
        osRelease: '6',
        cpuCores: 2,
        ramBytes: 1,
        runtime: 'node 20',
      },
      ...part,
    };
  }

  async shakeHands(part: Partial<AgentHello> = {}): Promise<void> {
    const hello = this.hello(part);
    this.send(hello);
    const challenge = await this.next('challenge');
    this.send({ type: 'proof', signature: this.prove(hello, challenge) });
    await this.next('welcome');
  }

  prove(hello: AgentHello, challenge: Challenge): string {
    const text = handshakeText('agent', {
      agentId: hello.agentId,
      bootId: hello.bootId,
      agentNonce: hello.nonce,
      collectorId: challenge.collectorId,
      collectorNonce: challenge.nonce,
      channel: this.channel,
    });
    return sign(null, Buffer.from(text), this.identity.privateKey).toString('base64url');
  }

  heartbeat(seq: number, part: Partial<Heartbeat> = {}): Heartbeat {
    return {
      type: 'heartbeat',
      bootId: this.bootId,
      seq,
      delivery: 'live',
      wallMs: Date.now(),
      monotonicMs: Math.round(performance.now()),
      mode: 'prep',
      journalLag: 0,
      metrics: { 'net.rtt.ms': 20 + seq },
      verdicts: [
        { id: 'net.rtt', verdict: 'ok', reason: 'ok', evidence: { value: 20 + seq }, ageMs: 0 },
      ],
      ...part,
    };
  }

  send(frame: unknown): void {
    this.#socket.send(
      typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame),
    );
  }

  /** Sends bytes as a text frame, whether they are text or not. */
  sendAsText(bytes: Buffer): void {
    this.#socket.send(bytes, { binary: false });
  }

  /** Asks with a ping; everything that was sent before has been handled when this resolves. */
  async isOpen(): Promise<boolean> {
    const settled = new Promise<boolean>((resolve) => {
      this.#socket.once('pong', () => resolve(true));
      this.#socket.once('close', () => resolve(false));
    });
    if (this.#socket.readyState !== this.#socket.OPEN) await this.closed();
    if (this.closeCode !== undefined) return false;
    this.#socket.ping();
    return settled;
  }

  /** The next frame of a type that was not waited for yet. */
  async next<T extends ToAgent['type']>(type: T): Promise<Extract<ToAgent, { type: T }>> {
    await this.until(() => this.received.some((each) => each.type === type), `a ${type}`);
    const at = this.received.findIndex((each) => each.type === type);
    return this.received.splice(at, 1)[0] as Extract<ToAgent, { type: T }>;
  }

  /** Resolves with the code when the collector has closed the socket. */
  async closed(): Promise<number> {
    await this.until(() => this.closeCode !== undefined, 'a close', true);
    return this.closeCode ?? 0;
  }

  async until(condition: () => boolean, what: string, alsoClosed = false): Promise<void> {
    const deadline = performance.now() + 15_000;
    while (!condition()) {
      if (this.closeCode !== undefined && !alsoClosed)
        throw new Error(`closed with ${this.closeCode} while waiting for ${what}`);
      if (performance.now() > deadline) throw new Error(`not in 15 s: ${what}`);
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        setTimeout(resolve, 50);
      });
    }
  }

  leave(): void {
    this.#socket.terminate();
  }

  #take(message: ToAgent): void {
    if (message.type === 'ack') this.#note(message);
    this.received.push(message);
    this.#wake();
  }

  #note(ack: Ack): void {
    for (const [from, to] of ack.ranges)
      for (let seq = from; seq <= to; seq += 1) this.acked.add(seq);
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
