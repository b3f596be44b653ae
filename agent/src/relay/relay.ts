import { join } from 'node:path';
import {
  CLONED_ERROR,
  NOT_YOUR_MEMBER,
  limits,
  ruleAt,
  type DeliveryParts,
  type ErrorMessage,
  type Goodbye,
  type Heartbeat,
  type HqFrame,
  type Incidents,
  type Moment,
  type Roster as RosterFrame,
  type TakenHeartbeat,
  type Welcome,
} from '@ppe-pulse/protocol';
import { codeOf } from '../platform/errors.ts';
import { CarriedInbox } from './carried-inbox.ts';
import { EnrolForward } from './enrol-forward.ts';
import { readMemory, writeMemory } from './fleet-memory.ts';
import { HeardIncidents } from './heard-incidents.ts';
import { hqFrame } from './hq-frame.ts';
import { HqTime } from './hq-time.ts';
import { Introductions } from './introductions.ts';
import { LiveAllowance } from './live-allowance.ts';
import { MemberHolds } from './member-holds.ts';
import { MemberPlans } from './member-plans.ts';
import { MemberUpdates } from './member-updates.ts';
import { defaultPage } from './page-files.ts';
import { PageServer } from './page-server.ts';
import type { SignedText } from '../plan/signed-plan.ts';
import { RelayDelivery, type Outbox } from './relay-delivery.ts';
import { RelayDoor } from './relay-door.ts';
import type { RelayStatus, RelayWorld } from './relay-world.ts';
import { Roster } from './roster.ts';
import { SiteJudge } from './site-judge.ts';
import { Spools, frameOf } from './spools.ts';

const TICK_MS = 500;
/** Spools are synced, and their heartbeats acked, once in so many ticks… */
const SYNC_TICKS = 2;
/** …what the plan says of each workstation is looked at… */
const RULE_TICKS = 2;
/** …the inbox of flash drives is looked into… */
const INBOX_TICKS = 4;
/** …and what must survive a restart is written. */
const MEMORY_TICKS = 6;
/** Heartbeats on their way at once: 250 workstations at a second each, and two seconds of backlog. */
const WINDOW = 1_024;
/** A clone that was seen while there was no uplink is told when it is back. */
const CLONE_TOLD_MS = 600_000;

/**
 * The relay of a ППЭ beside the agent of its Штаб: lets the workstations in, keeps their heartbeats,
 * hands them on over the agent's own uplink, judges them on the spot and shows them here.
 */
export class Relay {
  readonly #world: RelayWorld;
  readonly #roster: Roster;
  readonly #time: HqTime;
  readonly #spools: Spools;
  readonly #judge: SiteJudge;
  readonly #door: RelayDoor;
  readonly #page: PageServer;
  readonly #inbox: CarriedInbox;
  readonly #introductions: Introductions;
  readonly #plans: MemberPlans;
  readonly #incidents: HeardIncidents;
  /** Undefined where this agent itself takes no updates. */
  readonly updates: MemberUpdates | undefined;
  readonly #allowance = new LiveAllowance();
  readonly #here = new Set<string>();
  readonly #holds = new MemberHolds();
  readonly #clonesAtMs = new Map<string, number>();
  #intervalMs: number;
  #delivery: Outbox | undefined;
  #isUplinkLive = false;
  #uplinkSinceMs: number;
  #ticks = 0;
  #timer: unknown;
  #isStopped = false;

  constructor(world: RelayWorld) {
    const { config, dataDir, clock, timers, log, identity } = world;
    this.#world = world;
    const memory = readMemory(dataDir);
    const ownId = identity.agentId;
    this.#roster = new Roster(dataDir, ownId, log);
    this.#time = new HqTime(clock, memory?.wallOffsetMs ?? 0);
    this.#uplinkSinceMs = this.#time.nowMs();
    this.#intervalMs = memory?.intervalMs ?? limits.heartbeatIntervalMs;
    this.#spools = new Spools({
      directory: join(dataDir, 'spool'),
      options: { maxBytes: config.spool.maxBytes, maxAgeMs: world.maxAgeMs, clock },
      time: this.#time,
      log,
    });
    this.#introductions = new Introductions(world.send);
    this.#plans = new MemberPlans({ ...world, roster: this.#roster });
    this.updates = this.#createUpdates();
    this.#incidents = new HeardIncidents({ dataDir, log, nowMs: () => this.#time.nowMs() });
    this.#judge = new SiteJudge({
      ownId,
      log,
      memory,
      intervalMs: this.#intervalMs,
      now: () => this.#now(),
    });
    const enrolment = new EnrolForward({
      ...world,
      siteCode: () => world.placement()?.siteCode,
      nowMs: () => clock.elapsedMs(),
    });
    this.#door = new RelayDoor({
      config,
      identity,
      timers,
      log,
      roster: this.#roster,
      intervalMs: this.#intervalMs,
      now: () => this.#now(),
      store: (heartbeat) => this.#spools.store(heartbeat),
      answer: (request, response) => enrolment.answer(request, response),
      listener: {
        heard: (heartbeat) => this.#heard(heartbeat),
        saidGoodbye: (id, goodbye) => this.#saidGoodbye(id, goodbye),
        cloned: (id, bootId) => this.#cloned(id, bootId),
        slotReturned: () => undefined,
        emProgress: () => undefined,
        presence: (id) => this.#presence(id),
        updates: this.updates,
      },
    });
    this.#page = new PageServer({
      port: config.page.port,
      directory: config.page.dir ?? defaultPage(),
      frame: () => this.#frame(),
      timers,
      log,
    });
    this.#inbox = new CarriedInbox({
      dataDir,
      log,
      roster: this.#roster,
      spools: this.#spools,
      nowMs: () => this.#time.nowMs(),
      taken: (id, heartbeat) => this.#judge.takeCarried(id, heartbeat),
    });
    this.#placeAll();
  }

  /** Delivers for the whole ППЭ in place of the agent's own delivery. */
  deliver(parts: DeliveryParts): Outbox {
    this.#delivery = new RelayDelivery({
      ...parts,
      window: WINDOW,
      ownId: this.#world.identity.agentId,
      spools: { find: (id) => this.#spools.find(id), sendable: () => this.#sendable() },
    });
    return this.#delivery;
  }

  async start(): Promise<void> {
    await Promise.all([this.#door.start(), this.#page.start()]);
    this.#tick();
  }

  /** Members are told to come back, and what is here is written down. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#world.timers.clear(this.#timer);
    this.#inbox.stop();
    this.#sync();
    await Promise.all([this.#door.stop(), this.#page.stop()]);
    this.#sync();
    this.#remember();
    this.#spools.close();
  }

  /** The uplink is live. Members are introduced before anything of theirs is sent. */
  welcomed({ serverTimeMs, intervalMs, placement }: Welcome): void {
    const { log } = this.#world;
    if (placement.role !== 'hq')
      log.warn({ role: placement.role }, 'the collector lets only a Штаб be a relay');
    this.#time.learn(serverTimeMs);
    this.#intervalMs = intervalMs;
    this.#placeAll();
    this.#introductions.forget();
    this.#holds.clear();
    for (const id of this.#here) this.#introductions.update(id, this.#door.introductionsOf(id));
    const nowMs = this.#world.clock.elapsedMs();
    this.#introductions.repeatFarewells(nowMs);
    this.updates?.welcomed();
    for (const [id, atMs] of this.#clonesAtMs)
      if (nowMs - atMs < CLONE_TOLD_MS) this.#tellClone(id);
    this.#door.changeInterval(intervalMs);
    // A start without the uplink must not ask members for another period, and then send them off.
    this.#remember();
  }

  lost(): void {
    this.#introductions.forget();
    this.#incidents.lost();
  }

  /** What the situation centre knows of this ППЭ: shown, and nothing is done by it. */
  informed(frame: Incidents): void {
    this.#incidents.take(frame);
  }

  /** The collector names the workstations of the ППЭ: those that are gone from it leave. */
  rostered(frame: RosterFrame): void {
    this.#roster.replace(frame);
    this.#world.log.info({ workstations: frame.members.length }, 'the roster has come');
    this.#holds.clear();
    this.#placeAll();
    for (const id of this.#here)
      if (!this.#roster.member(id)) this.#door.turnAway(id, 'notEnrolled');
  }

  /** The plan of a member came: it goes on to it, now or when it comes. */
  planned(agentId: string, came: SignedText): void {
    if (!this.#plans.take(agentId, came)) return;
    this.#sendPlan(agentId);
    this.#rule();
  }

  /** The collector complains about a member. */
  complained({ code, agentId }: ErrorMessage): void {
    if (agentId === undefined) return;
    if (code === NOT_YOUR_MEMBER) this.#holds.hold(agentId, this.#world.clock.elapsedMs());
    if (code !== CLONED_ERROR) return;
    const bootId = this.#introductions.bootOf(agentId);
    this.#judge.cloned(agentId, bootId ?? null);
    this.#door.turnAway(agentId, 'cloned', bootId);
  }

  /** The agent's own heartbeat: the Штаб is judged like the rest. */
  ownBeat(heartbeat: Heartbeat, intervalMs: number): void {
    this.#judge.takeOwn(heartbeat, { inventory: this.#world.inventory(), intervalMs });
  }

  status(): RelayStatus {
    return {
      port: this.#door.port,
      fault: this.#door.fault,
      pagePort: this.#page.port,
      membersHere: this.#here.size,
      membersKnown: this.#roster.isKnown ? this.#roster.members().length : null,
      spooled: this.#spools.lag,
      dropped: this.#spools.dropped,
      refusals: this.#door.refusals,
    };
  }

  #createUpdates(): MemberUpdates | undefined {
    const { updates, log, send } = this.#world;
    if (!updates) return undefined;
    return new MemberUpdates({
      updates,
      log,
      tell: send,
      isMember: (id) => this.#roster.member(id) !== undefined,
      send: (id, message) => this.#door.send(id, message),
    });
  }

  #heard(heartbeat: TakenHeartbeat): void {
    const { workstationId: id, bootId, delivery } = heartbeat;
    this.#judge.take(heartbeat);
    if (delivery !== 'live') return;
    this.#introductions.heard(id, bootId, this.#door.introductionsOf(id));
    const nowMs = this.#world.clock.elapsedMs();
    const isExpected = this.#introductions.bootOf(id) === bootId && !this.#holds.isHeld(id, nowMs);
    // What is not sent now goes with the backlog.
    if (!isExpected || !this.#allowance.take(id, nowMs)) return;
    const frame = frameOf(heartbeat);
    this.#delivery?.live({ ...frame, ...this.#spools.find(id)?.drops(frame) });
  }

  #presence(id: string): void {
    const here = this.#door.introductionsOf(id);
    if (here.length > 0) this.#here.add(id);
    else this.#here.delete(id);
    this.#introductions.update(id, here);
    this.#sendPlan(id);
    if (here.length > 0) this.updates?.present(id);
  }

  #sendPlan(id: string): void {
    const plan = this.#plans.frameFor(id);
    if (plan) this.#door.send(id, plan);
  }

  #saidGoodbye(id: string, goodbye: Goodbye): void {
    this.#judge.saidGoodbye(id, goodbye);
    this.#introductions.saidGoodbye(id, goodbye, this.#world.clock.elapsedMs());
  }

  #cloned(id: string, bootId: string | null): void {
    this.#judge.cloned(id, bootId);
    this.#clonesAtMs.set(id, this.#world.clock.elapsedMs());
    this.#tellClone(id);
  }

  #tellClone(agentId: string): void {
    this.#world.send({ type: 'error', code: CLONED_ERROR, agentId });
  }

  #placeAll(): void {
    const placement = this.#world.placement();
    const own = placement && { id: this.#world.identity.agentId, placement };
    this.#judge.place([...(own ? [own] : []), ...this.#roster.members()]);
    this.#spools.retain(new Set(this.#roster.members().map(({ id }) => id)));
    this.#plans.retain();
    this.updates?.retain();
    this.#rule();
  }

  /** What the plan says of each: nobody is silent whom it isolates. */
  #rule(): void {
    const nowMs = this.#time.nowMs();
    const { ownPlan, identity } = this.#world;
    const own = ownPlan();
    this.#judge.rule(identity.agentId, own ? ruleAt(own, nowMs) : null);
    for (const { id } of this.#roster.members())
      this.#judge.rule(id, this.#plans.ruleOf(id, nowMs));
  }

  /** Members whose heartbeats the collector takes from this relay now. */
  #sendable(): string[] {
    const nowMs = this.#world.clock.elapsedMs();
    const ids = this.#roster.members().map(({ id }) => id);
    return ids.filter((id) => this.#spools.find(id) && !this.#holds.isHeld(id, nowMs));
  }

  #now(): Moment {
    return { wallMs: this.#time.nowMs(), monotonicMs: this.#world.clock.elapsedMs() };
  }

  #tick(): void {
    if (this.#isStopped) return;
    this.#timer = this.#world.timers.set(() => this.#tick(), TICK_MS);
    this.#ticks += 1;
    const collectorMs = this.#world.collectorNowMs();
    if (collectorMs !== undefined) this.#time.learn(collectorMs);
    const isUplinkLive = this.#world.uplink() === 'live';
    const isUplinkNew = isUplinkLive !== this.#isUplinkLive;
    if (isUplinkNew) this.#uplinkSinceMs = this.#time.nowMs();
    this.#isUplinkLive = isUplinkLive;
    if (this.#ticks % RULE_TICKS === 0) this.#rule();
    this.#judge.sweep();
    if (this.#ticks % SYNC_TICKS === 0) {
      this.#sync();
      const isChanged = [this.#judge.takeChanged(), this.#incidents.takeChanged(), isUplinkNew];
      this.#page.tick(isChanged.includes(true), this.#world.clock.elapsedMs());
    }
    if (this.#ticks % INBOX_TICKS === 1) void this.#inbox.take();
    if (this.#ticks % MEMORY_TICKS === 0) this.#remember();
  }

  #sync(): void {
    this.#door.ack(this.#spools.sync());
  }

  #remember(): void {
    try {
      writeMemory(this.#world.dataDir, {
        wallOffsetMs: this.#time.wallOffsetMs,
        intervalMs: this.#intervalMs,
        workstations: this.#judge.remember(),
      });
    } catch (error) {
      this.#world.log.error({ error: codeOf(error) }, 'the relay’s memory cannot be written');
    }
  }

  #frame(): HqFrame {
    const { ownJournal, identity, ownPlan, placement } = this.#world;
    const ownId = identity.agentId;
    const own = placement();
    return hqFrame({
      nowMs: this.#time.nowMs(),
      ownId,
      timeZone: ownPlan()?.timeZone,
      uplink: {
        state: this.#world.uplink(),
        sinceMs: Math.round(this.#uplinkSinceMs),
        spooled: this.#spools.lag + ownJournal.lag,
        dropped: this.#spools.dropped + ownJournal.droppedHeartbeats,
      },
      workstations: [...(own ? [{ id: ownId, placement: own }] : []), ...this.#roster.members()],
      stateOf: (id) => this.#judge.get(id),
      incidents: this.#incidents.shown,
    });
  }
}
