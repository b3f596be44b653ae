import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  Delivery,
  limits,
  type DeliveryParts,
  type Inventory,
  type Placement,
  type Role,
  type Welcome,
} from '@ppe-pulse/protocol';
import type { AgentParts, Beaten } from './agent-parts.ts';
import { assembleHeartbeat } from './assemble.ts';
import { capabilitiesOf } from './capabilities.ts';
import { pinnedKey, trustOf, type AgentConfig } from './config.ts';
import { takeOwnReceipts } from './carry/own-receipts.ts';
import { Incoming } from './incoming.ts';
import { KnownInventory } from './known-inventory.ts';
import { JournalTime } from './journal-time.ts';
import type { Journal } from './journal/journal.ts';
import { ClockExchanges } from './link/clock-exchanges.ts';
import { CollectorTime } from './link/collector-time.ts';
import { Link } from './link/link.ts';
import { createOwnPage } from './local/create-own-page.ts';
import type { OwnPage } from './local/own-page.ts';
import { Requests } from './local/requests.ts';
import { openJournal, writeDown } from './open-journal.ts';
import { readPlacement, rememberPlacement } from './placement-file.ts';
import { Conduct } from './plan/conduct.ts';
import { LinkGate } from './plan/link-gate.ts';
import { systemClock } from './platform/clock.ts';
import { openIdentity, type Identity } from './platform/identity.ts';
import type { Log } from './platform/log.ts';
import { systemTimers } from './platform/timers.ts';
import { Readings } from './probes/readings.ts';
import { Watch } from './probes/watch.ts';
import type { Outbox } from './relay/relay-delivery.ts';
import type { RelayWorld } from './relay/relay-world.ts';
import type { Relay } from './relay/relay.ts';
import { startCalendars, type Calendar } from './schedule/calendar.ts';
import { statusOf, StatusFile, type AgentStatus } from './status-file.ts';
import { createUpdates } from './update/create-updates.ts';
import { updatePlaceOf } from './update/update-place.ts';
import type { Updates } from './update/updates.ts';
import { AGENT_VERSION } from './version.ts';

/** A stop lets the last frames out for this long. */
const STOP_GRACE_MS = 500;

/** The agent of one workstation: everything that exists once while it runs. */
export class Agent {
  readonly #config: AgentConfig;
  readonly #log: Log;
  readonly #clock = systemClock();
  readonly #collectorTime = new CollectorTime(this.#clock);
  readonly #timers = systemTimers();
  readonly #bootId = randomBytes(8).toString('hex');
  readonly #beaten: Beaten | undefined;
  readonly #identity: Identity;
  readonly #journal: Journal;
  readonly #readings = new Readings();
  readonly #exchanges: ClockExchanges;
  readonly #requests: Requests;
  readonly #time: JournalTime;
  readonly #watch: Watch;
  readonly #conduct: Conduct;
  #isStopped = false;
  readonly #updates: Updates | undefined;
  #restart: () => void = () => undefined;
  /** A new version waits: this process is to end, and the service manager starts the next. */
  readonly restartAsked = new Promise<void>((resolve) => (this.#restart = resolve));
  readonly #relay: Relay | undefined;
  readonly #delivery: Outbox;
  readonly #incoming: Incoming;
  readonly #link: Link;
  readonly #gate: LinkGate;
  readonly #inventory: KnownInventory;
  readonly #statusFile: StatusFile;
  readonly #page: OwnPage | undefined;
  #calendars: readonly Calendar[] = [];
  #placement: Placement | undefined;
  #intervalMs: number = limits.heartbeatIntervalMs;
  #seq = 0;
  #beatTimer: unknown;

  private constructor({ config, log, identity, startRelay, beaten }: AgentParts) {
    this.#config = config;
    this.#log = log;
    this.#beaten = beaten;
    this.#inventory = this.#createInventory();
    this.#statusFile = new StatusFile(config.dataDir, log);
    this.#page = this.#createPage(startRelay !== undefined);
    this.#identity = identity;
    this.#journal = openJournal(config, this.#clock, log);
    this.#time = new JournalTime({
      bootId: this.#bootId,
      journal: this.#journal,
      clock: this.#clock,
      collectorTime: this.#collectorTime,
    });
    this.#requests = new Requests(config.dataDir, {
      goodbye: (request) => this.#gate.farewell(request),
      mode: (request) => this.#conduct.ask(request),
      look: () => {
        takeOwnReceipts(config, { ...this.#identity, journal: this.#journal, log });
        this.#updates?.look();
      },
    });
    this.#placement = readPlacement(config.dataDir);
    this.#conduct = this.#createConduct();
    this.#exchanges = new ClockExchanges(this.#clock);
    this.#watch = new Watch({
      config,
      clock: this.#clock,
      timers: this.#timers,
      log,
      readings: this.#readings,
      mode: () => this.#conduct.begun,
      planned: this.#conduct.line(),
      exchange: () => this.#exchanges.ask((m) => this.#link.send(m)),
      judgedBy: () => this.#judgedBy,
      clockLearned: (link) => this.#time.learn(link),
      news: () => this.#planBeat(0),
      slotsAllowed: () => this.#conduct.slots,
      send: (message) => void this.#link.send(message),
    });
    this.#updates = createUpdates(updatePlaceOf(process.env), {
      isRelay: startRelay !== undefined,
      timers: this.#timers,
      log,
      conduct: this.#conduct,
      watch: this.#watch,
      send: (message) => this.#link.send(message),
      restart: () => this.#restart(),
    });
    this.#relay = startRelay?.(this.#relayWorld());
    const delivery: DeliveryParts = {
      journal: this.#journal,
      monotonicMs: () => this.#clock.monotonicMs(),
      timers: this.#timers,
      send: (heartbeat) => this.#link.send(heartbeat),
      bufferedBytes: () => this.#link.bufferedBytes,
      stamp: (heartbeat) => this.#time.stamped(heartbeat),
    };
    this.#delivery = this.#relay?.deliver(delivery) ?? new Delivery(delivery);
    this.#incoming = this.#createIncoming();
    this.#link = this.#createLink();
    this.#gate = new LinkGate({
      link: this.#link,
      conduct: this.#conduct,
      clock: this.#clock,
      log,
      random: Math.random,
    });
  }

  /** Starts measuring and connecting. Throws a `ConfigError` when a person must act first. */
  static async start(config: AgentConfig, log: Log, beaten?: Beaten): Promise<Agent> {
    // Only a Штаб pays for the memory that a relay takes.
    const found = config.relay.enabled ? await import('./relay/relay.ts') : undefined;
    const startRelay = found && ((world: RelayWorld): Relay => new found.Relay(world));
    const identity = await openIdentity(config.dataDir);
    const agent = new Agent({ config, log, identity, startRelay, beaten });
    try {
      await agent.#run();
    } catch (error) {
      // What has begun already would keep a process alive that measures nothing.
      await agent.stop();
      throw error;
    }
    return agent;
  }

  /** Says goodbye, lets the last frames out and writes the journal down. */
  async stop(reason: 'shutdown' | 'restart' = 'shutdown'): Promise<void> {
    this.#timers.clear(this.#beatTimer);
    for (const calendar of this.#calendars) calendar.stop();
    this.#isStopped = true;
    this.#inventory.stop();
    this.#requests.stop();
    this.#page?.stop();
    this.#updates?.stop();
    this.#conduct.stop();
    this.#watch.stop();
    await this.#relay?.stop();
    this.#delivery.disconnected();
    const wasLive = this.#link.send({ type: 'goodbye', reason });
    this.#link.stop();
    if (wasLive) await pause(STOP_GRACE_MS);
    this.#journal.close();
    this.#log.info('agent stopped');
  }

  async #run(): Promise<void> {
    this.#requests.forget();
    const { agentId } = this.#identity;
    this.#log.info({ agentId, bootId: this.#bootId, journalLag: this.#journal.lag }, 'agent is up');
    this.#calendars = await startCalendars(this.#config, {
      takeInventory: () => void this.#inventory.renew(),
      download: () => this.#watch.probes.emDownload.start(),
    });
    this.#conduct.start();
    this.#watch.start();
    await this.#relay?.start();
    this.#planBeat(1_000 * Math.random());
    // Whoever waits for the service to be up does not wait for this.
    void this.#inventory.ready().then(() => this.#connect());
  }

  #connect(): void {
    if (this.#isStopped) return;
    this.#requests.start();
    this.#updates?.start();
    this.#gate.start();
    void this.#page?.start();
  }

  #relayWorld(): RelayWorld {
    const { relay: config, dataDir, journal } = this.#config;
    return {
      config,
      dataDir,
      maxAgeMs: journal.maxAgeDays * 86_400_000,
      identity: this.#identity,
      collectorKey: pinnedKey(this.#config),
      collector: trustOf(this.#config),
      clock: this.#clock,
      timers: this.#timers,
      log: this.#log,
      ownJournal: this.#journal,
      ownPlan: () => this.#conduct.plan,
      placement: () => this.#placement,
      inventory: () => this.#inventory.facts,
      send: (message) => this.#link.send(message),
      updates: this.#updates,
      uplink: () => this.#link.state.name,
      collectorNowMs: () => this.#collectorTime.offset && this.#collectorTime.nowMs(),
    };
  }

  #createInventory(): KnownInventory {
    const { dataDir } = this.#config;
    const read = (): Promise<Inventory> => this.#watch.inventory();
    return new KnownInventory({ dataDir, log: this.#log, timers: this.#timers, read });
  }

  #createPage(isRelay: boolean): OwnPage | undefined {
    const status = (): AgentStatus | undefined => this.#statusFile.latest;
    const world = { timers: this.#timers, log: this.#log, status, isRelay };
    return createOwnPage(this.#config, process.env, world);
  }

  #createConduct(): Conduct {
    return new Conduct({
      config: this.#config,
      agentId: this.#identity.agentId,
      publicKey: pinnedKey(this.#config),
      clock: this.#clock,
      collectorTime: this.#collectorTime,
      boots: this.#journal.boots,
      timers: this.#timers,
      log: this.#log,
      readings: this.#readings,
      role: () => this.#placement?.role,
      changed: () => this.#conductChanged(),
    });
  }

  #createIncoming(): Incoming {
    return new Incoming({
      clock: this.#clock,
      log: this.#log,
      delivery: this.#delivery,
      exchanges: this.#exchanges,
      watch: this.#watch,
      conduct: this.#conduct,
      relay: this.#relay,
      updates: this.#updates,
    });
  }

  /** Sockets first: what the mode forbids is broken off before anything else is begun. */
  #conductChanged(): void {
    this.#gate.follow();
    this.#watch.modeChanged();
    this.#planBeat(0);
  }

  #createLink(): Link {
    return new Link({
      trust: trustOf(this.#config),
      clock: this.#clock,
      timers: this.#timers,
      log: this.#log,
      random: Math.random,
      introduction: () => ({
        identity: this.#identity,
        bootId: this.#bootId,
        agentVersion: AGENT_VERSION,
        capabilities: capabilitiesOf({ relay: !!this.#relay, updates: !!this.#updates }),
        inventory: this.#inventory.facts,
      }),
      listener: {
        welcomed: (welcome) => this.#welcomed(welcome),
        received: (message) => this.#incoming.take(message),
        lost: () => {
          this.#delivery.disconnected();
          this.#relay?.lost();
          this.#updates?.lost();
          this.#exchanges.clear();
          this.#watch.probes.link.clear();
        },
      },
    });
  }

  #welcomed(welcome: Welcome): void {
    this.#log.info(
      { ...welcome.placement, intervalMs: welcome.intervalMs },
      'welcomed by the collector',
    );
    this.#intervalMs = welcome.intervalMs;
    this.#collectorTime.greeted(welcome.serverTimeMs);
    this.#placement = welcome.placement;
    rememberPlacement(this.#config.dataDir, welcome.placement, this.#log);
    this.#relay?.welcomed(welcome);
    this.#updates?.welcomed();
    this.#delivery.connected(welcome.backlogPerSecond);
    // Live before backlog, also here: the board must not wait a period for a sign of life.
    void this.#watch.measureLink().then(() => this.#planBeat(0));
    // It knows its place and the time now; this may be the moment to leave the line again.
    this.#conduct.look();
  }

  #planBeat(afterMs: number): void {
    if (this.#isStopped) return;
    this.#timers.clear(this.#beatTimer);
    this.#beatTimer = this.#timers.set(() => {
      this.#planBeat(this.#intervalMs);
      this.#beat();
    }, afterMs);
  }

  /** What this workstation is judged by now. */
  get #judgedBy() {
    const { thresholds, print } = this.#conduct;
    const role: Role = this.#placement?.role ?? 'hq';
    return { role, thresholds, print };
  }

  #beat(): void {
    if (this.#clock.takeSleptMs() > 0) this.#gate.woke();
    this.#seq += 1;
    const heartbeat = assembleHeartbeat(
      {
        bootId: this.#bootId,
        seq: this.#seq,
        wallMs: this.#clock.wallMs(),
        monotonicMs: this.#clock.elapsedMs(),
        nowMs: this.#clock.monotonicMs(),
        mode: this.#conduct.mode,
        planVersion: this.#conduct.planVersion,
        journalLag: this.#journal.lag,
        journalDropped: this.#journal.droppedHeartbeats,
        ...this.#judgedBy,
      },
      this.#readings,
      this.#readings.takeFresh(),
    );
    writeDown(this.#journal, heartbeat, this.#log);
    this.#delivery.live(heartbeat);
    this.#relay?.ownBeat(heartbeat, this.#intervalMs);
    this.#writeStatus(heartbeat.verdicts);
    this.#requests.look();
    this.#beaten?.({ intervalMs: this.#intervalMs, link: this.#link.state.name });
  }

  #writeStatus(verdicts: AgentStatus['verdicts']): void {
    const sources = {
      config: this.#config,
      agentId: this.#identity.agentId,
      bootId: this.#bootId,
      intervalMs: this.#intervalMs,
      clock: this.#clock,
      link: this.#link,
      conduct: this.#conduct,
      journal: this.#journal,
      lastAckAtMs: this.#incoming.lastAckAtMs,
      placement: this.#placement,
      relay: this.#relay,
      watch: this.#watch,
      page: this.#page,
      verdicts,
    };
    this.#statusFile.keep(statusOf(sources));
  }
}
