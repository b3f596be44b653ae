import {
  Delivery,
  EM_CAPABILITY,
  encode,
  type Ack,
  type AgentKey,
  type EmDownload,
  type EmProgress,
  type EmStop,
  type Goodbye,
  type Heartbeat,
  type Introduction,
  type Inventory,
  type Member,
  type Timers,
} from '@ppe-pulse/protocol';
import type { Occurrence } from './occurrence.ts';
import { modeAt } from './day.ts';
import { EmOrders } from './em-order.ts';
import { simulatedBootId } from './identity.ts';
import { Probes } from './measure.ts';
import { MemoryJournal, type JournalRecord } from './memory-journal.ts';
import { presenceAt, type Absence, type Presence } from './presence.ts';
import { ramBytesOf } from './probes/host.ts';
import { between } from './random.ts';
import type { SimulatedWorkstation } from './region.ts';
import { localTimeOf } from './simulated-time.ts';

/** What happens to heartbeats, for the oracle and the counters. */
export interface HeartbeatWitness {
  produced(agentId: string, record: JournalRecord): void;
  acked(agentId: string, record: JournalRecord): void;
  dropped(agentId: string, record: JournalRecord): void;
}

/** The clocks of a run. */
export interface SimulationClock {
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
  /** Simulated now. */
  readonly simulatedMs: () => number;
  /** Simulated milliseconds in a real one. */
  readonly speed: number;
  readonly utcOffsetMinutes: number;
}

/** What all simulated agents share. */
export interface AgentWorld {
  readonly clock: SimulationClock;
  readonly timers: Timers;
  readonly witness: HeartbeatWitness;
  readonly runId: string;
  /** Version of the text of a plan; undefined for what is none. */
  readonly planVersionOf: (text: string) => number | undefined;
  readonly journalCapacity: number;
}

/** How an agent's frames get to the collector: its own socket, or its relay's. */
export interface AgentWire {
  /** False when there is no line. */
  send(frame: string): boolean;
  readonly bufferedBytes: number;
  /** Wants a connection, or does not any more and leaves it in the way that is named. */
  want(): void;
  leave(how: Leaving): void;
  /** The way to the collector is cut, or healed. */
  cut(isCut: boolean): void;
  /** A relay names the workstation for which it speaks. */
  readonly speaksFor: boolean;
}

/** How a connection ends from the agent's side. */
export type Leaving =
  | { readonly by: 'word'; readonly goodbye: Pick<Goodbye, 'reason' | 'expectedReturnMs'> }
  | { readonly by: 'kill' }
  | { readonly by: 'hang' };

/** The version that simulated agents say they are. */
const AGENT_VERSION = '0.1.0';
/** PCs were started some hours before the simulation. */
const UPTIME_MS = [1, 9].map((hours) => hours * 3_600_000) as [number, number];

/** One simulated workstation: real heartbeats, a real journal and delivery, a simulated world. */
export class SimulatedAgent {
  readonly workstation: SimulatedWorkstation;
  readonly key: AgentKey;
  readonly #world: AgentWorld;
  readonly #wire: AgentWire;
  readonly #occurrences: readonly Occurrence[];
  readonly #probes: Probes;
  readonly #journal: MemoryJournal;
  readonly #delivery: Delivery<JournalRecord>;
  /** A second PC of the same image has starts of its own. */
  readonly #bootPrefix: string;
  #presence: Presence;
  #bootId: string;
  #seq = 0;
  /** Simulated moment and real monotonic time of the start. */
  #bootedAtMs: number;
  #bootMonotonicMs: number;
  #lastBeatMs: number;
  #isConnected = false;
  #isRetired = false;
  #isStarted = false;
  /** Made for the first order: most workstations never get one. */
  #emOrders: EmOrders | undefined;
  /** Undefined before it was given any. */
  #planVersion: number | undefined;
  /** Collector's clock minus ours. */
  #collectorOffsetMs = 0;

  constructor(world: AgentWorld, of: AgentParts) {
    this.workstation = of.workstation;
    this.key = of.key;
    this.#world = world;
    this.#wire = of.wire;
    this.#occurrences = of.occurrences;
    this.#bootPrefix = of.bootPrefix ?? 'boot';
    this.#probes = new Probes(of.workstation);
    const now = world.clock.simulatedMs();
    this.#presence = presenceAt(of.workstation, of.occurrences, now);
    this.#bootedAtMs = now - between(of.workstation.salt, 'uptime', UPTIME_MS);
    this.#bootMonotonicMs = world.clock.monotonicMs();
    this.#lastBeatMs = this.#bootedAtMs - 1;
    this.#bootId = this.#newBootId();
    this.#journal = new MemoryJournal({
      capacity: world.journalCapacity,
      render: (record) => this.#render(record),
      onAcked: (record) => world.witness.acked(this.key.agentId, record),
      onDropped: (record) => world.witness.dropped(this.key.agentId, record),
    });
    this.#delivery = new Delivery<JournalRecord>({
      journal: this.#journal,
      monotonicMs: world.clock.monotonicMs,
      timers: world.timers,
      send: (heartbeat) => this.#wire.send(encode(heartbeat)),
      bufferedBytes: () => this.#wire.bufferedBytes,
    });
  }

  get bootId(): string {
    return this.#bootId;
  }

  /** It measures and writes its journal now. */
  get isRunning(): boolean {
    return this.#presence.absence === undefined;
  }

  /** It wants a connection now. */
  get wantsLine(): boolean {
    return this.isRunning && !this.#presence.isOffline;
  }

  get isCloned(): boolean {
    return this.#presence.isCloned;
  }

  get journalLag(): number {
    return this.#journal.lag;
  }

  /** The Штаб downloads, whatever else its wire can. */
  introduction(ofWire: readonly string[]): Introduction {
    const isHq = this.workstation.placement.role === 'hq';
    const capabilities = isHq ? [...ofWire, EM_CAPABILITY] : ofWire;
    return {
      identity: this.key,
      bootId: this.#bootId,
      agentVersion: AGENT_VERSION,
      capabilities,
      inventory: inventoryOf(this.workstation),
    };
  }

  /** What a relay tells of it. */
  member(state: Member['state']): Member {
    const { identity, capabilities, ...rest } = this.introduction([]);
    return {
      type: 'member',
      agentId: identity.agentId,
      state,
      ...rest,
      capabilities: [...capabilities],
    };
  }

  /** Takes its place at the start of the simulation. */
  start(): void {
    this.#isStarted = true;
    this.#wire.cut(this.#presence.isCut);
    if (this.wantsLine) this.#wire.want();
  }

  /** Makes a heartbeat, writes it down and sends it when there is a line. */
  beat(): void {
    if (!this.#isStarted || !this.isRunning) return;
    const { clock, witness } = this.#world;
    const atMs = clock.simulatedMs();
    this.#seq += 1;
    const record: JournalRecord = {
      bootId: this.#bootId,
      seq: this.#seq,
      atMs,
      sinceMs: this.#lastBeatMs,
      bootedAtMs: this.#bootedAtMs,
      wallMs: Math.round(clock.wallMs() + this.#presence.wallOffsetMs),
      monotonicMs: Math.round(clock.monotonicMs() - this.#bootMonotonicMs),
      producedAtMs: clock.wallMs(),
      producedMonotonicMs: clock.monotonicMs(),
      journalLag: this.#journal.lag,
      journalDropped: this.#journal.dropped,
    };
    this.#lastBeatMs = atMs;
    witness.produced(this.key.agentId, record);
    this.#journal.append(record);
    if (this.#isConnected) this.#delivery.live(this.#render(record));
  }

  /** A heartbeat out of turn, unless one was made within `recentMs` of real time. */
  signOfLife(recentMs: number): void {
    const { simulatedMs, speed } = this.#world.clock;
    if ((simulatedMs() - this.#lastBeatMs) / speed >= recentMs) this.beat();
  }

  /** The collector takes heartbeats now. */
  connected(backlogPerSecond: number, serverTimeMs: number): void {
    this.#isConnected = true;
    this.#collectorOffsetMs = serverTimeMs - this.#world.clock.wallMs();
    this.#delivery.connected(backlogPerSecond);
  }

  disconnected(): void {
    this.#isConnected = false;
    this.#delivery.disconnected();
  }

  acked(ack: Ack): void {
    this.#delivery.acked(ack);
  }

  /** The collector takes nothing for a while. */
  hold(forMs: number): void {
    this.#delivery.hold(forMs);
  }

  /** Holds its part of the live plan: it does what the plan says anyway, and says which it holds. */
  takePlan(text: string): void {
    this.#planVersion = this.#world.planVersionOf(text) ?? this.#planVersion;
  }

  takeEmOrder(frame: EmDownload | EmStop): void {
    this.#emOrders ??= new EmOrders({
      clock: this.#world.clock,
      timers: this.#world.timers,
      workstation: this.workstation,
      occurrences: this.#occurrences,
      send: (progress) => this.#sendEm(progress),
    });
    this.#emOrders.take(frame);
  }

  /** The faults of now come over it. */
  meetFaults(): void {
    const before = this.#presence;
    const wanted = this.wantsLine;
    const now = this.#world.clock.simulatedMs();
    this.#presence = presenceAt(this.workstation, this.#occurrences, now);
    if (before.isCut !== this.#presence.isCut) this.#wire.cut(this.#presence.isCut);
    if (wanted && !this.wantsLine) this.#wire.leave(this.#leaving());
    if (before.boots !== this.#presence.boots) this.#boot();
    if (!wanted && this.wantsLine) this.#wire.want();
  }

  /** It is gone for good: a cloned PC was switched off again. */
  retire(): void {
    this.#isRetired = true;
    this.#emOrders?.forget();
    this.#wire.leave({ by: 'kill' });
    this.disconnected();
  }

  get isRetired(): boolean {
    return this.#isRetired;
  }

  /** Leaves at the end of the simulation. */
  stop(): void {
    this.#emOrders?.forget();
    if (this.wantsLine) this.#wire.leave({ by: 'word', goodbye: { reason: 'shutdown' } });
    this.disconnected();
  }

  #boot(): void {
    this.#emOrders?.forget();
    this.#bootId = this.#newBootId();
    this.#seq = 0;
    this.#bootedAtMs = this.#presence.bootedAtMs ?? this.#world.clock.simulatedMs();
    this.#bootMonotonicMs = this.#world.clock.monotonicMs();
    this.#lastBeatMs = this.#bootedAtMs - 1;
  }

  /** A cut line would hold every word of the cut back and then tell them all at once. */
  #sendEm(progress: EmProgress): void {
    if (this.#isConnected && !this.#presence.isCut) this.#wire.send(encode(progress));
  }

  #newBootId(): string {
    const { runId } = this.#world;
    const boot = `${this.#bootPrefix} ${this.#presence.boots}`;
    return simulatedBootId(runId, this.key.agentId, boot);
  }

  #leaving(): Leaving {
    const { absence, untilMs } = this.#presence;
    const returnMs = (untilMs - this.#world.clock.simulatedMs()) / this.#world.clock.speed;
    const expected = Number.isFinite(returnMs) ? { expectedReturnMs: Math.round(returnMs) } : {};
    return absence === undefined
      ? { by: 'word', goodbye: { reason: 'stageOffline', ...expected } }
      : leavingBy(absence, expected);
  }

  /** Everything that it says follows from the record: the same whenever it is asked. */
  #render(record: JournalRecord): Heartbeat {
    const { speed, utcOffsetMinutes } = this.#world.clock;
    const { atMs, sinceMs, bootedAtMs } = record;
    const { metrics, verdicts } = this.#probes.measure({
      atMs,
      sinceMs,
      bootedAtMs,
      utcOffsetMinutes,
      occurrences: this.#occurrences,
    });
    // Ages on the wire are real time.
    for (const verdict of verdicts) verdict.ageMs = Math.round(verdict.ageMs / speed);
    const heartbeat: Heartbeat = {
      type: 'heartbeat',
      bootId: record.bootId,
      seq: record.seq,
      delivery: 'live',
      wallMs: record.wallMs,
      monotonicMs: record.monotonicMs,
      mode: modeAt(this.workstation, localTimeOf(atMs, utcOffsetMinutes)),
      journalLag: record.journalLag,
      journalDropped: record.journalDropped,
      metrics,
      verdicts,
    };
    if (this.#planVersion !== undefined) heartbeat.planVersion = this.#planVersion;
    if (this.#wire.speaksFor) heartbeat.agentId = this.key.agentId;
    // Of its own start the collector knows the clocks; of an earlier one and of a member it does not.
    if (this.#wire.speaksFor || record.bootId !== this.#bootId)
      heartbeat.producedAtMs = Math.round(record.producedAtMs + this.#collectorOffsetMs);
    return heartbeat;
  }
}

/** What makes one agent. */
export interface AgentParts {
  readonly workstation: SimulatedWorkstation;
  readonly key: AgentKey;
  readonly wire: AgentWire;
  readonly occurrences: readonly Occurrence[];
  readonly bootPrefix?: string;
}

function leavingBy(absence: Absence, expected: { expectedReturnMs?: number }): Leaving {
  switch (absence) {
    case 'powerLost':
      return { by: 'hang' };
    case 'killed':
      return { by: 'kill' };
    case 'asleep':
      return { by: 'word', goodbye: { reason: 'sleep' } };
    case 'rebooting':
      return { by: 'word', goodbye: { reason: 'restart', ...expected } };
    case 'shutDown':
      return { by: 'word', goodbye: { reason: 'shutdown' } };
  }
}

function inventoryOf(workstation: SimulatedWorkstation): Inventory {
  return {
    platform: 'simulated',
    arch: 'x64',
    osRelease: '10.0.19045',
    osName: 'simulated workstation',
    cpuCores: 4,
    ramBytes: ramBytesOf(workstation),
    runtime: 'ppe-collector simulate',
  };
}
