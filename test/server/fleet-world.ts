import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  Fleet,
  type CheckVerdict,
  type Incident,
  type Placement,
  type Plan,
  type Region,
  type Remembered,
  type TakenHeartbeat,
  type Verdict,
} from '@ppe-pulse/protocol';
import type { Incidents } from '../../server/src/incidents/book.ts';
import { createIncidents } from '../../server/src/incidents/create-incidents.ts';
import type { DoneBy } from '../../server/src/incidents/incident-book.ts';
import { createLog } from '../../server/src/log.ts';
import type { LivePlan } from '../../server/src/plan/plan-store.ts';
import { PlanRules } from '../../server/src/rehearsal/plan-rules.ts';
import { createAudit } from '../../server/src/state/audit.ts';
import type { StateDatabase } from '../../server/src/state/database.ts';
import { openState } from '../../server/src/state/state-store.ts';
import { beat } from '../support/beats.ts';
import { workstationId } from '../support/rows.ts';
import { tempDir } from '../support/temp-dir.ts';
import { DeskSpy, NINE_MS, momentOf } from './incident-world.ts';

export const BEAT_MS = 5_000;
const TICK_MS = 250;
const RETURN_GRACE_MS = 120_000;

/** What a check says: its verdict and reason. */
export type Reading = readonly [verdict: Verdict, reason: string];

/** A workstation of the world, and what it would say now. */
export interface Pc {
  readonly number: number;
  placement: Placement;
  readonly readings: Map<string, Reading>;
  /** It is off, or nobody hears it. */
  isSilent: boolean;
  bootId: string;
  seq: number;
}

/** What a world begins with. */
export interface WorldStart {
  readonly region: Region;
  readonly plan?: Plan;
  readonly placements: readonly Placement[];
  /** Wall clock at the start, ms since 1970 UTC. */
  readonly atMs?: number;
  /** True: who beats and when is the test's own. */
  readonly isByHand?: boolean;
}

/** Where an organizer's PC stands; the Штаб's is of room 7777. */
export function placedAt(siteCode: string, roomCode: string, part: Partial<Placement> = {}) {
  const role = roomCode === '7777' ? 'hq' : 'organizer';
  return { siteCode, roomCode, role, duty: 'main', simulated: false, ...part } satisfies Placement;
}

/**
 * The fleet of a collector, rules of the plan, engine and book over a real database, on virtual time; the
 * collector may die and come back, its wall clock may step.
 */
export class FleetWorld {
  readonly clock: { wallMs: number; monotonicMs: number };
  readonly pcs: Pc[];
  readonly told: string[] = [];
  region: Region;
  fleet!: Fleet;
  book!: Incidents;
  readonly #database: StateDatabase = openState(join(tempDir(), 'state.db'));
  readonly #isByHand: boolean;
  #plan: Plan | null;
  #rules: PlanRules | null = null;
  #version = 1;

  constructor({ region, plan, placements, atMs = NINE_MS, isByHand = false }: WorldStart) {
    // No power fails here.
    this.#database.exec('PRAGMA synchronous=OFF');
    this.clock = { wallMs: atMs, monotonicMs: 1_000 };
    this.region = region;
    this.#plan = plan ?? null;
    this.#isByHand = isByHand;
    this.pcs = placements.map((placement, at) => ({
      number: at + 1,
      placement,
      readings: new Map([['printer.state', ['ok', 'ok']]]),
      isSilent: false,
      bootId: '00000000000000b1',
      seq: 0,
    }));
    this.#start(new Map());
    onTestFinished(() => {
      this.book.close();
      this.#database.close();
    });
  }

  pc(number: number): Pc {
    const found = this.pcs[number - 1];
    if (!found) throw new Error(`there is no workstation ${number}`);
    return found;
  }

  /** Workstations say so from their next heartbeat on. */
  say(checkId: string, reading: Reading, ...numbers: readonly number[]): void {
    for (const number of numbers) this.pc(number).readings.set(checkId, reading);
  }

  silence(isSilent: boolean, ...numbers: readonly number[]): void {
    for (const number of numbers) this.pc(number).isSilent = isSilent;
  }

  open(): readonly Incident[] {
    return this.book.open();
  }

  /** `printer.state site:4216 critical`, in their order. */
  lines(): string[] {
    return this.open().map(({ kind, node, severity }) => `${kind} ${node} ${severity}`);
  }

  /** Whom and what the receivers were told since the last look: `opened i-1`. */
  news(): string[] {
    return this.told.splice(0);
  }

  by(): DoneBy {
    return { account: 'operator', atMs: this.clock.wallMs, requestId: null };
  }

  /** Another plan holds, as of now. */
  edit(plan: Plan): void {
    this.#plan = plan;
    this.#ruleAnew();
  }

  /** Another registry holds, as of now. */
  import(region: Region): void {
    this.region = region;
    this.#ruleAnew();
  }

  /** An enrolment moves a workstation. */
  move(number: number, placement: Placement): void {
    const pc = this.pc(number);
    pc.placement = placement;
    this.fleet.place(workstationId(number), placement, null, this.now());
    this.#ruleOf(pc);
  }

  /** The collector dies and comes back: its monotonic clock begins anew. */
  restart(downMs: number): void {
    const now = this.now();
    const kept = new Map<string, Remembered>();
    for (const state of this.fleet.all()) {
      const silentForMs = this.fleet.silentForMs(state, now);
      const { lastSeenAtMs } = state;
      kept.set(state.id, { ...this.fleet.remembered(state, now), lastSeenAtMs, silentForMs });
    }
    this.book.close();
    this.clock.wallMs += downMs;
    this.clock.monotonicMs = 1_000;
    this.#start(kept);
  }

  /** Time goes by; who is not silent beats every five seconds, one after the other. */
  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += TICK_MS) this.step();
  }

  /** A quarter of a second. */
  step(): void {
    this.sleep(TICK_MS);
    if (!this.#isByHand) this.#beatDue();
    this.look();
  }

  /** The clocks go on and nobody looks. */
  sleep(ms: number): void {
    this.clock.wallMs += ms;
    this.clock.monotonicMs += ms;
  }

  /** The collector does what it does by the clock. */
  look(): void {
    const now = this.now();
    if (this.clock.monotonicMs % 1_000 === 0) this.#tickRules();
    if (this.clock.monotonicMs % 500 === 0) this.fleet.sweep(now);
    this.book.tick();
  }

  /** A heartbeat of a workstation is taken now; `part` says how it came. */
  take(pc: Pc, part: Partial<TakenHeartbeat> = {}): void {
    const { wallMs, monotonicMs } = this.clock;
    if (part.seq === undefined) pc.seq += 1;
    const taken = beat(part.seq ?? pc.seq, {
      workstationId: workstationId(pc.number),
      bootId: pc.bootId,
      wallMs,
      monotonicMs,
      atMs: wallMs,
      takenAtMs: wallMs,
      takenMonotonicMs: monotonicMs,
      intervalMs: BEAT_MS,
      verdicts: verdictsOf(pc.readings),
      ...part,
    });
    this.fleet.take(taken, this.now());
  }

  now() {
    return momentOf(this.clock);
  }

  #beatDue(): void {
    const slots = BEAT_MS / TICK_MS;
    const slot = Math.round(this.clock.monotonicMs / TICK_MS) % slots;
    for (const pc of this.pcs) if (!pc.isSilent && pc.number % slots === slot) this.take(pc);
  }

  #start(kept: ReadonlyMap<string, Remembered>): void {
    const now = this.now();
    this.fleet = new Fleet({ now, hasRestarted: kept.size > 0, intervalMs: BEAT_MS });
    for (const { number, placement } of this.pcs) {
      const id = workstationId(number);
      this.fleet.place(id, placement, kept.get(id) ?? null, now);
    }
    this.#ruleAnew();
    const desk = new DeskSpy();
    desk.onTake = () => this.told.push(...desk.taken.splice(0).map(wordOf));
    this.book = createIncidents({
      database: this.#database,
      audit: createAudit(this.#database),
      plans: { current: () => this.#plan && ({ plan: this.#plan } as LivePlan) },
      region: {
        current: () => ({ region: this.region, version: 1, importedAtMs: 0, importedBy: 'admin' }),
      },
      fleet: this.fleet,
      speed: 1,
      rehearsalMs: () => this.clock.wallMs,
      collectorProblems: () => [],
      alerts: desk,
      now: () => this.now(),
      log: createLog('silent'),
    });
  }

  /** As the rehearsal does when plan or region is another. */
  #ruleAnew(): void {
    const { region } = this;
    this.#version += 1;
    this.#rules =
      this.#plan &&
      new PlanRules({
        plan: this.#plan,
        version: this.#version,
        region,
        returnGraceMs: RETURN_GRACE_MS,
      });
    for (const pc of this.pcs) this.#ruleOf(pc);
  }

  #ruleOf({ number, placement }: Pc): void {
    const id = workstationId(number);
    const rule = this.#rules?.place(id, placement, this.clock.wallMs) ?? null;
    this.fleet.rule(id, rule, this.now());
  }

  #tickRules(): void {
    for (const { workstationId: id, rule } of this.#rules?.tick(this.clock.wallMs) ?? [])
      this.fleet.rule(id, rule, this.now());
  }
}

/** As a heartbeat carries them. */
export function verdictsOf(readings: ReadonlyMap<string, Reading>): CheckVerdict[] {
  return [...readings].map(([id, [verdict, reason]]) => ({
    id,
    verdict,
    reason,
    evidence: {},
    ageMs: 0,
  }));
}

function wordOf({ kind, incident }: DeskSpy['taken'][number]): string {
  return `${kind} ${incident.id}`;
}
