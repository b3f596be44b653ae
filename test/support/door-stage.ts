import {
  Door,
  type DoorParts,
  type FromAgent,
  type Heartbeat,
  type KnownWorkstation,
  type Placement,
  type TakenHeartbeat,
  type ToAgent,
} from '@ppe-pulse/protocol';
import { VirtualWorld } from './link-world/virtual-world.ts';

const COLLECTOR = 'c-0000000000000001';
/** The collector's wall clock at the world's beginning. */
export const WALL_MS = 1.7e12;
export const inventory = {
  platform: 'linux',
  arch: 'x64',
  osRelease: '6',
  cpuCores: 2,
  ramBytes: 1,
  runtime: 'node 20',
};

/** A peer's end of a fake socket: what it says is heard at once. */
export class FakePeer {
  readonly id: string;
  readonly bootId: string;
  readonly received: ToAgent[] = [];
  closeCode: number | undefined;
  isProven = false;
  readonly #stage: DoorStage;
  #onText: (text: string) => void = () => undefined;
  #onClose: (code: number) => void = () => undefined;

  constructor(stage: DoorStage, id: string, bootId: string) {
    this.#stage = stage;
    this.id = id;
    this.bootId = bootId;
    stage.door.accept({
      remote: `10.0.0.${bootId.at(-1)}`,
      channel: '',
      onText: (handle) => (this.#onText = handle),
      onClose: (handle) => (this.#onClose = handle),
      send: (text) => {
        if (this.closeCode === undefined) this.received.push(JSON.parse(text) as ToAgent);
      },
      close: (code) => (this.closeCode ??= code),
      proven: () => (this.isProven = true),
    });
  }

  say(frame: FromAgent): void {
    this.#onText(JSON.stringify(frame));
  }

  shakeHands(capabilities: string[] = []): this {
    this.say({
      type: 'hello',
      protocol: 1,
      agentId: this.id,
      bootId: this.bootId,
      publicKey: `key of ${this.id}`,
      nonce: 'nonce',
      agentVersion: '0.1.0',
      capabilities,
      inventory,
    });
    this.say({ type: 'proof', signature: `signed by ${this.id}` });
    return this;
  }

  beat(seq: number, part: Partial<Heartbeat> = {}): void {
    const { nowMs } = this.#stage.world;
    this.say({
      type: 'heartbeat',
      bootId: this.bootId,
      seq,
      delivery: 'live',
      wallMs: WALL_MS + nowMs,
      monotonicMs: nowMs,
      mode: 'prep',
      journalLag: 0,
      metrics: {},
      verdicts: [],
      ...part,
    });
  }

  introduce(agentId: string, bootId: string, state: 'joined' | 'left' = 'joined'): void {
    this.say({
      type: 'member',
      agentId,
      bootId,
      state,
      agentVersion: '0.1.0',
      capabilities: [],
      inventory,
    });
  }

  /** The socket is gone, the collector is told. */
  hangUp(): void {
    this.#onClose(this.closeCode ?? 1006);
  }

  /** Frames of one type. */
  got<T extends ToAgent['type']>(type: T): Extract<ToAgent, { type: T }>[] {
    return this.received.filter(
      (each): each is Extract<ToAgent, { type: T }> => each.type === type,
    );
  }
}

/** A door on a clock of its own, and everything that it tells. */
export class DoorStage {
  readonly world = new VirtualWorld();
  readonly heard: TakenHeartbeat[] = [];
  readonly stored: TakenHeartbeat[] = [];
  readonly refused: string[] = [];
  readonly cloned: [string, string | null][] = [];
  readonly farewells: string[] = [];
  readonly present = new Map<string, boolean>();
  /** What the store says to the next heartbeats. */
  storage: 'pending' | 'durable' | 'refused' = 'pending';
  readonly known = new Map<string, KnownWorkstation>();
  readonly door: Door;

  constructor(part: Partial<DoorParts> = {}) {
    const now = () => ({ wallMs: WALL_MS + this.world.nowMs, monotonicMs: this.world.nowMs });
    this.door = new Door({
      accept: {
        keyring: {
          id: COLLECTOR,
          sign: () => `signed by ${COLLECTOR}`,
          isSignedBy: (publicKey, _text, signature) =>
            publicKey === `key of ${signature.replace('signed by ', '')}`,
          agentIdOf: (publicKey) => publicKey.replace('key of ', ''),
          nonce: () => 'nonce',
        },
        find: (id) => this.known.get(id),
      },
      decode: (text) => JSON.parse(text) as FromAgent,
      timers: this.world.timers,
      log: { info: () => undefined, warn: () => undefined },
      counters: {
        frame: () => undefined,
        heartbeat: () => undefined,
        connections: () => undefined,
        refused: (code) => this.refused.push(code),
      },
      intervalMs: 5_000,
      backlogPerSecond: 20,
      now,
      timeMs: () => now().wallMs,
      store: (heartbeat) => {
        this.stored.push(heartbeat);
        return this.storage;
      },
      storeRetryMs: () => 4_000,
      roster: (siteCode) =>
        [...this.known.values()]
          .filter((each) => each.placement.siteCode === siteCode)
          .map(({ id, publicKey, placement }) => ({ agentId: id, publicKey, placement })),
      listener: {
        heard: (heartbeat) => this.heard.push(heartbeat),
        saidGoodbye: (id) => this.farewells.push(id),
        cloned: (id, bootId) => this.cloned.push([id, bootId]),
        slotReturned: () => undefined,
        emProgress: () => undefined,
        presence: (id, isHere) => this.present.set(id, isHere),
      },
      ...part,
    });
  }

  /** Enrols a workstation; answers its id. */
  enrol(number: number, place: Partial<Placement> = {}): string {
    const id = `w-${number.toString(16).padStart(16, '0')}`;
    const placement: Placement = {
      siteCode: '0042',
      roomCode: '0001',
      role: 'organizer',
      duty: 'main',
      simulated: false,
      ...place,
    };
    this.known.set(id, { id, publicKey: `key of ${id}`, placement });
    return id;
  }

  /** A peer that has shaken hands. */
  join(id: string, boot: string, capabilities: string[] = []): FakePeer {
    return new FakePeer(this, id, bootOf(boot)).shakeHands(capabilities);
  }

  /** Lets the time pass. */
  pass(ms: number): void {
    this.world.runTo(this.world.nowMs + ms);
  }
}

/** A boot's id from a letter. */
export function bootOf(name: string): string {
  return name.padStart(16, '0');
}
