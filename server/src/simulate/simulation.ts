import { Agent as SecureAgent } from 'node:https';
import { limits, type AgentKey, type Welcome } from '@ppe-pulse/protocol';
import { createAgentPlanReader, createCollectorDecoder } from '@ppe-pulse/protocol/codec';
import type { OwnTls } from '../access/own-tls.ts';
import type { AgentWorld, SimulatedAgent, SimulationClock } from './agent.ts';
import { Clones } from './clones.ts';
import { askIdentity, enrolAll } from './enrol.ts';
import type { FaultEntry } from './fault-script.ts';
import { scheduleFaults, type FaultSchedule, type RoutineOf } from './fault-schedule.ts';
import { freshRunId, pinnedCollector, simulatedKey } from './identity.ts';
import type { LinkParts } from './link.ts';
import type { LinkWatch } from './link-watch.ts';
import { openOracle, type Oracle } from './oracle.ts';
import { createRandom, hashOf } from './random.ts';
import { planRegion, type SimulatedRegion } from './region.ts';
import { elapsedMsAt, simulatedMs, type SimulatedTime } from './simulated-time.ts';
import { Tally, type SimulationCounters } from './tally.ts';
import { wireFleet, type WiredFleet } from './wire-fleet.ts';
import { Wheel } from './wheel.ts';

/** What a simulation is of. */
export interface SimulationOptions {
  /** The collector's address, ws://host:port, and the token of its API. */
  readonly to: string;
  readonly token: string;
  /** How it is known, with wss. */
  readonly tls?: OwnTls | undefined;
  readonly seed: number;
  /** ППЭ, 1–6,000, and rooms of each on average. */
  readonly sites: number;
  readonly rooms: number;
  /** Undefined: the period that the collector asks for. */
  readonly intervalMs?: number | undefined;
  readonly faults?: readonly FaultEntry[];
  /** Simulated start and how much faster than real time it goes on; heartbeats keep their period. */
  readonly time: SimulatedTime;
  /** Who is simulated; undefined: a region of so many `sites` and `rooms`. */
  readonly region?: SimulatedRegion;
  /** What comes over workstations without being a fault. */
  readonly routineOf?: RoutineOf;
  /** Monotonic moment at which `time` starts; undefined: now. */
  readonly startedMonotonicMs?: number;
  readonly oracleFile?: string | undefined;
  /** One socket a ППЭ, through its Штаб; undefined: above `DIRECT_SITES_MAX` ППЭ. */
  readonly relays?: boolean | undefined;
  /** Heartbeats that a journal keeps; the oldest is dropped and counted. */
  readonly journalCapacity?: number;
  /** First connects a second. */
  readonly rampPerSecond?: number;
  /** Part of every boot id: unique for each run unless a test says otherwise. */
  readonly runId?: string;
}

/** A running simulation. */
export interface Simulation {
  readonly region: SimulatedRegion;
  readonly agents: readonly SimulatedAgent[];
  /** Sockets that the fleet has when all are connected. */
  readonly sockets: number;
  /** Workstations that were not enrolled before. */
  readonly enrolled: number;
  /** How many workstations each fault of the script strikes. */
  readonly struck: readonly number[];
  counters(): SimulationCounters;
  /** Period of heartbeats, real time: what the collector asked for. */
  intervalMs(): number;
  /** Moments of connects, real milliseconds since the start. */
  connectsMs(): readonly number[];
  clearLatencies(): void;
  /** Resolves when every socket is live for the first time; rejects after `withinMs`. */
  connected(withinMs: number): Promise<void>;
  /** Once: no more heartbeats, waits for acks, says goodbye and closes the oracle. */
  stop(graceMs?: number): Promise<SimulationCounters>;
}

/** Above this many ППЭ workstations come through relays. */
export const DIRECT_SITES_MAX = 300;
const JOURNAL_CAPACITY = 1_000;
const RAMP_PER_SECOND = 300;
const JOIN_EVERY_MS = 50;
/** Sockets that are on their way in at once. */
const JOINING_MAX = 250;
/** Some may never get in: after this long without progress the others go on. */
const PATIENCE_MS = 3_000;
const ORACLE_FLUSH_MS = 1_000;
/** A stop waits this long for the last acks. */
const STOP_GRACE_MS = 10_000;
/** Frames of the goodbye get out. */
const GOODBYE_MS = 300;
const LOOK_MS = 50;

/** Enrols the fleet and starts it. Throws a `ConfigError` when a person must act first. */
export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  const { tls, token } = options;
  const api = { address: options.to.replace(/^ws/, 'http'), token, tls };
  const identity = await askIdentity(api);
  const region = options.region ?? planRegion(options);
  const keys = region.workstations.map(({ index, keyName }) =>
    simulatedKey(options.seed, keyName ?? index),
  );
  const enrolees = region.workstations.map(({ placement }, at) => ({
    key: keyAt(keys, at),
    placement,
  }));
  const enrolled = await enrolAll(api, enrolees);
  const oracle = options.oracleFile === undefined ? undefined : openOracle(options.oracleFile);
  const pinned = pinnedCollector(identity.id, identity.publicKey);
  return new RunningSimulation({ options, region, keys, pinned, oracle, enrolled });
}

interface RunParts {
  readonly options: SimulationOptions;
  readonly region: SimulatedRegion;
  readonly keys: readonly AgentKey[];
  readonly pinned: LinkParts['pinned'];
  readonly oracle: Oracle | undefined;
  readonly enrolled: number;
}

class RunningSimulation implements Simulation {
  readonly region: SimulatedRegion;
  readonly agents: readonly SimulatedAgent[];
  readonly sockets: number;
  readonly enrolled: number;
  readonly struck: readonly number[];
  readonly #options: SimulationOptions;
  readonly #oracle: Oracle | undefined;
  readonly #startedMs: number;
  readonly #wheel: Wheel;
  readonly #tally = new Tally(() => this.#elapsedMs());
  readonly #fleet: WiredFleet;
  readonly #clones: Clones;
  #intervalMs: number = limits.heartbeatIntervalMs;
  #isProducing = true;
  /** Names the newest spreading, so that an earlier one ends. */
  #spreading = 0;
  #oracleTimer: NodeJS.Timeout | undefined;
  #stopping: Promise<SimulationCounters> | undefined;

  constructor(parts: RunParts) {
    const { options, region, keys } = parts;
    this.region = region;
    this.enrolled = parts.enrolled;
    this.#options = options;
    this.#startedMs = options.startedMonotonicMs ?? performance.now();
    this.#wheel = new Wheel({ nowMs: () => this.#elapsedMs() });
    this.#oracle = parts.oracle;
    this.#intervalMs = options.intervalMs ?? limits.heartbeatIntervalMs;
    const faults = scheduleFaults(options.faults ?? [], region, options.time, options.routineOf);
    this.struck = faults.struck;
    const links = this.#linkParts(parts.pinned);
    const world = this.#world();
    this.#fleet = wireFleet({
      world,
      region,
      keys,
      links,
      faults,
      watch: this.#watch(),
      relays: options.relays ?? region.sites.length > DIRECT_SITES_MAX,
    });
    this.agents = this.#fleet.agents;
    this.sockets = this.#fleet.sockets;
    this.#clones = new Clones({
      world,
      links,
      watch: this.#watch(),
      beat: (each) => this.#beats(each),
    });
    this.#start(faults);
  }

  counters(): SimulationCounters {
    return this.#tally.counters();
  }

  intervalMs(): number {
    return this.#intervalMs;
  }

  connectsMs(): readonly number[] {
    return this.#tally.connectsMs;
  }

  clearLatencies(): void {
    this.#tally.clearLatencies();
  }

  async connected(withinMs: number): Promise<void> {
    const isThere = await waitFor(() => this.#tally.live >= this.sockets, withinMs);
    if (isThere) return;
    throw new Error(`${this.#tally.live} of ${this.sockets} sockets are live after ${withinMs} ms`);
  }

  stop(graceMs = STOP_GRACE_MS): Promise<SimulationCounters> {
    this.#stopping ??= this.#stop(graceMs);
    return this.#stopping;
  }

  async #stop(graceMs: number): Promise<SimulationCounters> {
    this.#isProducing = false;
    await waitFor(() => this.#tally.open === 0, graceMs);
    const counters = this.counters();
    this.#clones.stop();
    for (const agent of this.agents) agent.stop();
    await waitFor(() => false, GOODBYE_MS);
    this.#wheel.stop();
    clearInterval(this.#oracleTimer);
    this.#fleet.close();
    this.#oracle?.close();
    return counters;
  }

  #start(faults: FaultSchedule): void {
    this.#join(0, this.#elapsedMs());
    this.#spread();
    for (const agent of this.agents) this.#clones.meet(agent);
    for (const edge of faults.edges) this.#meet(edge);
    this.#wheel.start();
    if (this.#oracle) this.#oracleTimer = setInterval(() => this.#oracle?.flush(), ORACLE_FLUSH_MS);
  }

  /**
   * Sockets one after the other, and no faster than they are welcomed: a collector lets only so many
   * strangers of one address in at once, and here all of them have one.
   */
  #join(from: number, progressAtMs: number): void {
    const { starters } = this.#fleet;
    const nowMs = this.#elapsedMs();
    const isBehind = from - this.#tally.live >= JOINING_MAX && nowMs - progressAtMs < PATIENCE_MS;
    const perSecond = this.#options.rampPerSecond ?? RAMP_PER_SECOND;
    const count = isBehind ? 0 : Math.max(1, Math.round((perSecond * JOIN_EVERY_MS) / 1_000));
    for (const starter of starters.slice(from, from + count)) starter.start();
    if (from + count >= starters.length) return;
    const next = (): void => this.#join(from + count, count > 0 ? nowMs : progressAtMs);
    this.#wheel.set(next, JOIN_EVERY_MS);
  }

  /** Heartbeats of all workstations evenly over a period. */
  #spread(): void {
    this.#spreading += 1;
    for (const [at, agent] of this.agents.entries())
      this.#beats(agent, (at / this.agents.length) * this.#intervalMs);
  }

  /** The collector says how often; the first time it does, and when it changes its mind. */
  #setInterval(intervalMs: number): void {
    const wanted = this.#options.intervalMs ?? intervalMs;
    if (wanted === this.#intervalMs) return;
    this.#intervalMs = wanted;
    this.#spread();
  }

  /** A heartbeat a period, each workstation at its own moment of it. */
  #beats(agent: SimulatedAgent, firstMs = 0): void {
    let dueMs = this.#elapsedMs() + firstMs;
    const spreading = this.#spreading;
    const beat = (): void => {
      if (!this.#isProducing || agent.isRetired || spreading !== this.#spreading) return;
      agent.beat();
      // From the due moment and not from now, so that lateness does not add up; a gap is not caught up.
      dueMs = Math.max(dueMs + this.#intervalMs, this.#elapsedMs());
      this.#wheel.set(beat, dueMs - this.#elapsedMs());
    };
    this.#wheel.set(beat, firstMs);
  }

  #meet({ atMs, workstations }: FaultSchedule['edges'][number]): void {
    // What began before the start is there from the start.
    if (atMs < this.#options.time.startMs) return;
    const afterMs = elapsedMsAt(this.#options.time, atMs) - this.#elapsedMs();
    this.#wheel.set(() => {
      for (const { index } of workstations) {
        const agent = this.agents[index];
        if (!agent) continue;
        agent.meetFaults();
        this.#clones.meet(agent);
      }
    }, afterMs + 1);
  }

  #world(): AgentWorld {
    const { time, runId = freshRunId(), journalCapacity = JOURNAL_CAPACITY } = this.#options;
    const clock: SimulationClock = {
      wallMs: () => Date.now(),
      monotonicMs: () => this.#elapsedMs(),
      simulatedMs: () => simulatedMs(time, this.#elapsedMs()),
      speed: time.speed,
      utcOffsetMinutes: time.utcOffsetMinutes,
    };
    const readPlan = createAgentPlanReader();
    const tally = this.#tally;
    const oracle = this.#oracle;
    return {
      clock,
      runId,
      planVersionOf: (text) => {
        const reading = readPlan(text);
        return reading.kind === 'plan' ? reading.plan.version : undefined;
      },
      journalCapacity,
      timers: this.#wheel,
      witness: {
        produced: (id, record) => {
          tally.produced();
          oracle?.produced(id, record);
        },
        acked: (id, record) => {
          tally.acked(id, record);
          oracle?.acked(id, record);
        },
        dropped: (id, record) => {
          tally.dropped();
          oracle?.dropped(id, record);
        },
      },
    };
  }

  #linkParts(pinned: LinkParts['pinned']): LinkParts {
    return {
      pinned,
      url: this.#options.to,
      secureAgent: this.#options.tls && new SecureAgent(this.#options.tls),
      timers: this.#wheel,
      monotonicMs: () => this.#elapsedMs(),
      random: createRandom(hashOf(`${this.#options.seed} jitter`)),
      decode: createCollectorDecoder(),
      closed: (code) => this.#tally.closed(code),
    };
  }

  #watch(): LinkWatch {
    return {
      opened: () => this.#tally.opened(),
      welcomed: (welcome: Welcome) => {
        this.#tally.welcomed();
        this.#setInterval(welcome.intervalMs);
      },
      lost: (byUs) => this.#tally.lost(byUs),
      signOfLife: (agent) => {
        if (this.#isProducing) agent.signOfLife(this.#intervalMs / 2);
      },
    };
  }

  #elapsedMs(): number {
    return performance.now() - this.#startedMs;
  }
}

/** Looks until the condition holds; false when it did not in time. */
async function waitFor(condition: () => boolean, withinMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() >= deadlineMs) return false;
    await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_MS, withinMs)));
  }
  return true;
}

function keyAt(keys: readonly AgentKey[], at: number): AgentKey {
  const key = keys[at];
  if (!key) throw new Error(`workstation ${at} has no key`);
  return key;
}
