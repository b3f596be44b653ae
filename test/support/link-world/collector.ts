import {
  Door,
  Fleet,
  type Flip,
  type FromAgent,
  type KnownWorkstation,
  type Moment,
  type Placement,
  type Remembered,
  type TakenHeartbeat,
} from '@ppe-pulse/protocol';
import { COLLECTOR_ID, signatureOf } from './agent.ts';
import { Host, type Listener } from './wire.ts';
import type { VirtualWorld } from './virtual-world.ts';

const WALL_MS = 1.7e12;
const placement: Placement = {
  siteCode: '0042',
  roomCode: '0001',
  role: 'organizer',
  duty: 'main',
  simulated: false,
};

/** A flip and when it came, on the world's clock. */
export type DatedFlip = Flip & { readonly worldMs: number };

/** A collector of this world: the real door and fleet, a disk that outlives its process. */
export class WorldCollector {
  readonly flips: DatedFlip[] = [];
  /** How often each heartbeat was folded live, and stored. */
  readonly folded = new Map<string, number>();
  readonly stored = new Map<string, number>();
  fleet: Fleet | undefined;
  readonly #world: VirtualWorld;
  readonly #random: () => number;
  readonly #ids: readonly string[];
  readonly #intervalMs: number;
  #process: CollectorProcess | undefined;
  /** The state database. */
  readonly #remembered = new Map<string, Omit<Remembered, 'silentForMs'>>();
  #aliveAtMs: number | null = null;

  constructor(
    world: VirtualWorld,
    {
      ids,
      intervalMs,
      random,
    }: { ids: readonly string[]; intervalMs: number; random: () => number },
  ) {
    this.#world = world;
    this.#ids = ids;
    this.#intervalMs = intervalMs;
    this.#random = random;
  }

  get listener(): Listener | undefined {
    return this.#process;
  }

  start(): void {
    const now = (): Moment => ({
      wallMs: WALL_MS + this.#world.nowMs,
      monotonicMs: this.#world.nowMs,
    });
    const hasRestarted = this.#aliveAtMs !== null;
    const fleet = new Fleet({ now: now(), hasRestarted, intervalMs: this.#intervalMs });
    for (const id of this.#ids) fleet.place(id, placement, this.#recall(id), now());
    this.fleet = fleet;
    this.#process = new CollectorProcess(this.#world, {
      fleet,
      now,
      intervalMs: this.#intervalMs,
      commitMs: () => 1_000 + 500 * this.#random(),
      stored: this.stored,
      folded: this.folded,
      flipped: (flips) => this.#note(flips),
      remember: (ids) => this.#remember(fleet, ids, now()),
    });
  }

  /** SIGKILL; what waits for the disk may or may not have reached it, acks have not. */
  kill(): void {
    this.#process?.die(this.#random() < 0.5);
    this.#process = undefined;
  }

  /** SIGTERM. */
  stop(): void {
    this.#process?.goodbye();
    this.#process?.die(true);
    this.#process = undefined;
  }

  freeze(): void {
    this.#process?.host.freeze();
  }

  wake(): void {
    this.#process?.host.wake();
  }

  #note(flips: readonly Flip[]): void {
    for (const flip of flips) this.flips.push({ ...flip, worldMs: this.#world.nowMs });
  }

  #remember(fleet: Fleet, ids: Iterable<string>, now: Moment): void {
    this.#aliveAtMs = now.wallMs;
    for (const id of ids) {
      const state = fleet.get(id);
      if (!state) continue;
      const kept = fleet.remembered(state, now);
      // The disk knows texts only.
      this.#remembered.set(id, {
        ...(JSON.parse(JSON.stringify(kept)) as typeof kept),
        lastSeenAtMs: state.lastSeenAtMs,
      });
    }
  }

  #recall(id: string): Remembered | null {
    const known = this.#remembered.get(id);
    if (!known || this.#aliveAtMs === null) return null;
    const { lastSeenAtMs } = known;
    const silentForMs = lastSeenAtMs === null ? null : Math.max(0, this.#aliveAtMs - lastSeenAtMs);
    return { ...known, silentForMs };
  }
}

interface ProcessParts {
  readonly fleet: Fleet;
  readonly now: () => Moment;
  readonly intervalMs: number;
  readonly commitMs: () => number;
  readonly stored: Map<string, number>;
  readonly folded: Map<string, number>;
  readonly flipped: (flips: readonly Flip[]) => void;
  readonly remember: (ids: Iterable<string>) => void;
}

/** One life of the collector. */
class CollectorProcess implements Listener {
  readonly host: Host;
  readonly #world: VirtualWorld;
  readonly #parts: ProcessParts;
  readonly #door: Door;
  readonly #sockets = new Set<{ die?(): void }>();
  readonly #changed = new Set<string>();
  #pending = new Map<string, TakenHeartbeat>();
  #isCommitting = false;
  #isDead = false;
  #flushes = 0;

  constructor(world: VirtualWorld, parts: ProcessParts) {
    this.#world = world;
    this.#parts = parts;
    this.host = new Host(world);
    const { fleet, now } = parts;
    this.#door = new Door({
      accept: { keyring: keyringOf(), find: (id) => knownOf(fleet, id) },
      decode: (text) => JSON.parse(text) as FromAgent,
      timers: {
        set: (callback, afterMs) => world.timers.set(() => this.#timer(callback), afterMs),
        clear: (timer) => world.timers.clear(timer),
      },
      log: { info: () => undefined, warn: () => undefined },
      counters: {
        frame: () => undefined,
        heartbeat: () => undefined,
        connections: () => undefined,
        refused: () => undefined,
      },
      intervalMs: parts.intervalMs,
      backlogPerSecond: 20,
      now,
      timeMs: () => now().wallMs,
      store: (heartbeat) => this.#store(heartbeat),
      storeRetryMs: () => 1_000,
      roster: () => [],
      listener: {
        heard: (heartbeat) => this.#heard(heartbeat),
        saidGoodbye: (id, goodbye) => this.#flipped(fleet.leave(id, goodbye, now())),
        cloned: (id, bootId) => this.#flipped(fleet.cloned(id, bootId ?? '', now())),
        slotReturned: () => undefined,
        emProgress: () => undefined,
        presence: () => undefined,
      },
    });
    this.#every(500, () => this.#flipped(fleet.sweep(now())));
    this.#every(1_000, () => this.#flush());
  }

  accept(socket: Parameters<Door['accept']>[0]): void {
    this.#sockets.add(socket as { die?(): void });
    this.#door.accept(socket);
  }

  goodbye(): void {
    for (const heartbeat of this.#commit()) this.#door.ack([heartbeat]);
    this.#door.close({ type: 'goodbye', reason: 'restart', expectedReturnMs: 2_000 });
    this.#parts.remember([...this.#parts.fleet.all()].map(({ id }) => id));
  }

  die(isFlushed: boolean): void {
    this.#isDead = true;
    if (isFlushed) this.#commit();
    for (const socket of this.#sockets) socket.die?.();
  }

  #timer(callback: () => void): void {
    this.host.timer(() => {
      if (!this.#isDead) callback();
    });
  }

  #every(periodMs: number, callback: () => void): void {
    this.#world.timers.set(() => {
      this.#timer(() => {
        callback();
        this.#every(periodMs, callback);
      });
    }, periodMs);
  }

  #heard(heartbeat: TakenHeartbeat): void {
    const { fleet, folded, now } = this.#parts;
    if (heartbeat.delivery === 'live') {
      const key = keyOf(heartbeat);
      folded.set(key, (folded.get(key) ?? 0) + 1);
    }
    this.#flipped(fleet.take(heartbeat, now()));
  }

  #flipped(flips: readonly Flip[]): void {
    if (flips.length === 0) return;
    for (const { workstationId } of flips) this.#changed.add(workstationId);
    this.#parts.flipped(flips);
  }

  /** As the recorder: what changed every second, when each was last seen every ten. */
  #flush(): void {
    this.#flushes += 1;
    const { fleet, remember } = this.#parts;
    remember(this.#flushes % 10 === 0 ? [...fleet.all()].map(({ id }) => id) : this.#changed);
    this.#changed.clear();
  }

  #store(heartbeat: TakenHeartbeat): 'pending' | 'durable' {
    const key = keyOf(heartbeat);
    if (this.#parts.stored.has(key)) return 'durable';
    this.#pending.set(key, heartbeat);
    if (this.#isCommitting) return 'pending';
    this.#isCommitting = true;
    this.#world.timers.set(() => {
      this.#timer(() => {
        this.#isCommitting = false;
        this.#door.ack(this.#commit());
      });
    }, this.#parts.commitMs());
    return 'pending';
  }

  #commit(): TakenHeartbeat[] {
    const rows = [...this.#pending.values()];
    this.#pending = new Map();
    for (const row of rows) {
      const key = keyOf(row);
      this.#parts.stored.set(key, (this.#parts.stored.get(key) ?? 0) + 1);
    }
    return rows;
  }
}

function keyOf({ bootId, seq }: TakenHeartbeat): string {
  return `${bootId}/${seq}`;
}

function keyringOf() {
  return {
    id: COLLECTOR_ID,
    sign: () => signatureOf(COLLECTOR_ID),
    isSignedBy: (publicKey: string, _text: string, signature: string) =>
      publicKey === `key of ${signature.replace('signed by ', '')}`,
    agentIdOf: (publicKey: string) => publicKey.replace('key of ', ''),
    nonce: () => 'nonce',
  };
}

function knownOf(fleet: Fleet, id: string): KnownWorkstation | undefined {
  const state = fleet.get(id);
  return state && { id, publicKey: `key of ${id}`, placement: state.placement };
}
