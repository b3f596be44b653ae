import {
  Delivery,
  ProtocolError,
  answerChallenge,
  encode,
  helloOf,
  linkAtStart,
  stepLink,
  type Ack,
  type AgentHello,
  type Heartbeat,
  type LinkEffect,
  type LinkEvent,
  type LinkState,
  type ToAgent,
} from '@ppe-pulse/protocol';
import { Connection, type Line, type Listener } from './wire.ts';
import type { VirtualWorld } from './virtual-world.ts';

/** What every signature of this world is: keys are not what is tested. */
export const signatureOf = (id: string): string => `signed by ${id}`;
export const COLLECTOR_ID = 'c-0000000000000001';

const inventory = {
  platform: 'linux',
  arch: 'x64',
  osRelease: '6',
  cpuCores: 2,
  ramBytes: 1,
  runtime: 'node 20',
};

/** What an agent of this world lives in. */
export interface AgentParts {
  readonly world: VirtualWorld;
  readonly line: Line;
  readonly listener: () => Listener | undefined;
  readonly random: () => number;
  readonly intervalMs: number;
}

/** A workstation's agent: the real link machine and delivery over a wire of this world. */
export class WorldAgent {
  readonly id: string;
  /** Everything that was ever produced, and everything that was acked, as boot/seq. */
  readonly produced = new Set<string>();
  readonly acked = new Set<string>();
  /** When it opened connections. */
  readonly connectsMs: number[] = [];
  /** Live heartbeats that were sent later than they were produced. */
  lateLive = 0;
  bootId = '';
  isAlive = false;
  /** It never starts again. */
  isDead = false;
  readonly #parts: AgentParts;
  readonly #journal = new Map<string, Heartbeat>();
  readonly #delivery: Delivery;
  #state: LinkState = linkAtStart;
  #connection: Connection | undefined;
  #hello: AgentHello | undefined;
  #timer: unknown;
  #beatTimer: unknown;
  #seq = 0;
  #boots = 0;
  #bootedMs = 0;

  constructor(parts: AgentParts, number: number) {
    this.#parts = parts;
    this.id = `w-${number.toString(16).padStart(16, '0')}`;
    this.#delivery = new Delivery({
      journal: {
        ack: (bootId, ranges) => this.#free(bootId, ranges),
        unacked: () => this.#journal.values(),
        isUnacked: (bootId, seq) => this.#journal.has(`${bootId}/${seq}`),
        read: (entry) => this.#journal.get(`${entry.bootId}/${entry.seq}`),
      },
      monotonicMs: () => parts.world.nowMs,
      timers: parts.world.timers,
      send: (heartbeat) => this.#send(heartbeat),
      bufferedBytes: () => 0,
    });
  }

  get unacked(): number {
    return this.#journal.size;
  }

  get isLive(): boolean {
    return this.#state.name === 'live';
  }

  start(): void {
    this.#boots += 1;
    this.isAlive = true;
    this.#seq = 0;
    this.#bootedMs = this.#parts.world.nowMs;
    this.bootId = `${this.id.slice(-8)}${this.#boots.toString(16).padStart(8, '0')}`;
    this.#state = linkAtStart;
    this.#event({ name: 'start' });
    this.#beatIn(this.#parts.intervalMs * this.#parts.random());
  }

  /** The process ends without a word; `withLine` also takes what its system would have said. */
  die(withLine: boolean): void {
    this.isAlive = false;
    const { timers } = this.#parts.world;
    timers.clear(this.#timer);
    timers.clear(this.#beatTimer);
    if (this.#state.name === 'live') this.#delivery.disconnected();
    this.#state = { name: 'stopped' };
    if (!withLine) this.#connection?.abandon();
    this.#connection = undefined;
  }

  #beatIn(afterMs: number): void {
    this.#beatTimer = this.#parts.world.timers.set(() => {
      this.#beatIn(this.#parts.intervalMs);
      this.#beat();
    }, afterMs);
  }

  #beat(): void {
    const { nowMs } = this.#parts.world;
    this.#seq += 1;
    const heartbeat: Heartbeat = {
      type: 'heartbeat',
      bootId: this.bootId,
      seq: this.#seq,
      delivery: 'live',
      wallMs: 1e12 + nowMs,
      monotonicMs: nowMs - this.#bootedMs,
      mode: 'prep',
      journalLag: this.#journal.size,
      metrics: {},
      verdicts: [],
    };
    const key = `${this.bootId}/${this.#seq}`;
    this.produced.add(key);
    this.#journal.set(key, heartbeat);
    this.#delivery.live(heartbeat);
  }

  #send(heartbeat: Heartbeat): boolean {
    if (!this.isLive || !this.#connection) return false;
    const ageMs = this.#parts.world.nowMs - this.#bootedMs - heartbeat.monotonicMs;
    if (heartbeat.delivery === 'live' && ageMs > 0) this.lateLive += 1;
    this.#connection.send(encode(heartbeat));
    return true;
  }

  #free(bootId: string, ranges: Ack['ranges']): void {
    for (const [from, to] of ranges)
      for (let seq = from; seq <= to; seq += 1) {
        const key = `${bootId}/${seq}`;
        if (this.#journal.delete(key)) this.acked.add(key);
      }
  }

  #event(event: LinkEvent): void {
    const wasLive = this.isLive;
    const { world, random } = this.#parts;
    const step = stepLink(this.#state, event, world.nowMs, random());
    this.#state = step.state;
    for (const effect of step.effects) this.#do(effect);
    if (wasLive && !this.isLive) this.#delivery.disconnected();
  }

  #do(effect: LinkEffect): void {
    const { timers } = this.#parts.world;
    switch (effect.do) {
      case 'open':
        this.#open();
        return;
      case 'close':
        this.#connection?.abandon();
        this.#connection = undefined;
        return;
      case 'wakeAt':
        timers.clear(this.#timer);
        this.#timer = timers.set(
          () => this.#event({ name: 'timer' }),
          effect.atMs - this.#parts.world.nowMs,
        );
        return;
    }
  }

  #open(): void {
    const { world, line, listener } = this.#parts;
    this.connectsMs.push(world.nowMs);
    const connection: Connection = new Connection(
      world,
      line,
      {
        opened: () => {
          if (connection === this.#connection) this.#greet(connection);
        },
        text: (text) => {
          if (connection === this.#connection) this.#take(JSON.parse(text) as ToAgent);
        },
        closed: (code) => {
          if (connection !== this.#connection) return;
          this.#connection = undefined;
          this.#event({ name: 'closed', code });
        },
      },
      listener,
    );
    this.#connection = connection;
  }

  #greet(connection: Connection): void {
    this.#hello = helloOf(
      {
        identity: this.#identity,
        bootId: this.bootId,
        agentVersion: '0.1.0',
        capabilities: [],
        inventory,
      },
      'nonce',
    );
    connection.send(encode(this.#hello));
  }

  get #identity() {
    return { agentId: this.id, publicKey: `key of ${this.id}`, sign: () => signatureOf(this.id) };
  }

  #take(message: ToAgent): void {
    if (message.type === 'challenge') {
      if (!this.#hello) throw new ProtocolError('badFrame', 'a challenge out of turn');
      const proof = answerChallenge(this.#hello, message, this.#identity, {
        id: COLLECTOR_ID,
        channel: '',
        hasSigned: (_text, signature) => signature === signatureOf(COLLECTOR_ID),
      });
      this.#connection?.send(encode(proof));
      return;
    }
    if (message.type === 'welcome') {
      this.#event({ name: 'welcome', intervalMs: message.intervalMs });
      this.#delivery.connected(message.backlogPerSecond);
      return;
    }
    this.#event({ name: 'frame' });
    if (message.type === 'goodbye' && message.expectedReturnMs !== undefined)
      this.#event({ name: 'comeBack', afterMs: message.expectedReturnMs });
    if (message.type === 'ack') this.#delivery.acked(message);
  }
}
