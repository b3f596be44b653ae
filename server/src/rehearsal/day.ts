import {
  ReadinessBook,
  StageEngine,
  dayPhasesOf,
  involvementIn,
  planTimes,
  readinessStation,
  stageTracks,
  stationFactsOf,
  type AgentPlan,
  type Claim,
  type DayPhases,
  type Involvement,
  type Placement,
  type Plan,
  type PlanRule,
  type Readiness,
  type ReadinessSnapshot,
  type Region,
  type Signals,
  type Site,
  type StageState,
  type StationFacts,
  type TakenHeartbeat,
  type WorkstationState,
} from '@ppe-pulse/protocol';
import type { Claims } from './claims.ts';
import type { Kept } from './kept.ts';
import { PlanRules, type RuleChange } from './plan-rules.ts';

/** The live plan and the region that it is of. */
export interface DaySetting {
  readonly plan: Plan;
  readonly version: number;
  readonly region: Region;
}

/** What a rehearsal works with. */
export interface DayParts {
  readonly agentVersion: string;
  readonly claims: Claims;
  readonly kept: Kept;
  /** After a quiet span agents get this long, rehearsal time, before silence is judged. */
  readonly returnGraceMs: number;
  readonly toRehearsalMs: (wallMs: number) => number;
  /** False for one that left while the collector was away: what it showed counts no more. */
  readonly isEnrolled: (workstationId: string) => boolean;
}

/** A workstation as it is now. */
export interface Seen {
  readonly state: WorkstationState;
  readonly enrolledAtMs: number;
  /** Older heartbeats of it are on their way: its counters wait for them. */
  readonly isHistoryComing: boolean;
}

/** Signals of so many workstations are written at once; the rest a moment later. */
const SAVE_COUNT = 5_000;
/** The readiness of more sites than these is written every so many saves: it is one text of megabytes. */
const LARGE_REGION_SITES = 500;
const LARGE_REGION_SAVES = 12;
/** The one row of the readiness book. */
const WHOLE_REGION = 'region';

/**
 * One rehearsal as it goes: stages, readiness and the plan's word on each workstation, from what is
 * heard and claimed. What it must know after a restart it writes with `save`.
 */
export class RehearsalDay {
  readonly #parts: DayParts;
  readonly #engine: StageEngine;
  readonly #book = new ReadinessBook();
  readonly #saved = new Map<string, Signals>();
  readonly #unsaved = new Set<string>();
  #isReadinessUnsaved = false;
  #saves = 0;
  #setting: DaySetting;
  #rules: PlanRules;
  #phases: DayPhases;
  #sites: ReadonlyMap<string, Site>;
  #involvementOf: (site: Site) => Involvement;
  /** What it said once: the overview asks for every site every second. */
  readonly #involvements = new Map<string, Involvement>();

  constructor(setting: DaySetting, parts: DayParts, nowMs: number) {
    const { plan, region } = setting;
    this.#parts = parts;
    this.#setting = setting;
    this.#rules = this.#createRules();
    this.#phases = regionPhases(setting);
    this.#sites = sitesOf(region);
    this.#involvementOf = involvementIn(plan);
    this.#engine = new StageEngine({ plan, region, nowMs });
    this.#layBook();
    this.#recall(nowMs);
  }

  get setting(): DaySetting {
    return this.#setting;
  }

  /** Of the region's day: all that the plan rehearses, in the region's zone. */
  get phases(): DayPhases {
    return this.#phases;
  }

  /** The plan was edited or the region imported: what was reached stays reached. */
  change(setting: DaySetting, nowMs: number): void {
    const before = this.#setting;
    this.#setting = setting;
    this.#rules = this.#createRules();
    this.#phases = regionPhases(setting);
    this.#sites = sitesOf(setting.region);
    this.#involvementOf = involvementIn(setting.plan);
    this.#involvements.clear();
    if (before.region !== setting.region) this.#engine.setRegion(setting.region, nowMs);
    if (before.plan !== setting.plan) this.#engine.setPlan(setting.plan, nowMs);
    this.#layBook();
  }

  /** Places a workstation under the plan; answers what the plan says of it now. */
  place(id: string, placement: Placement, nowMs: number): PlanRule | null {
    const rule = this.#rules.place(id, placement, nowMs);
    this.#engine.rule(id, rule === 'isolated' ? 'silentByRule' : null);
    return rule;
  }

  /** What the plan says otherwise by the clock. */
  rules(nowMs: number): RuleChange[] {
    const changes = this.#rules.tick(nowMs);
    for (const { workstationId, rule } of changes)
      this.#engine.rule(workstationId, rule === 'isolated' ? 'silentByRule' : null);
    return changes;
  }

  planOf(id: string, placement: Placement): AgentPlan {
    return this.#rules.planOf(id, placement);
  }

  /** A workstation that is new or changed. */
  see({ state, enrolledAtMs, isHistoryComing }: Seen, nowMs: number): void {
    const { toRehearsalMs } = this.#parts;
    const facts = stationFactsOf(state, toRehearsalMs);
    this.#engine.station(state.id, isHistoryComing ? withoutCounters(facts) : facts, nowMs);
    this.#book.station(readinessStation(state, { enrolledAtMs, toRehearsalMs }), nowMs);
    this.#unsaved.add(state.id);
  }

  /** A workstation that is enrolled no more. */
  forget(id: string, nowMs: number): void {
    this.#rules.drop(id);
    this.#engine.forget(id);
    this.#book.forget(id, nowMs);
    this.#unsaved.delete(id);
  }

  /** Counters that a workstation read while it was not heard: what it printed counts when it did. */
  seeLate(state: WorkstationState, beat: TakenHeartbeat, nowMs: number): void {
    const { toRehearsalMs } = this.#parts;
    const facts = stationFactsOf(state, toRehearsalMs);
    const atMs = toRehearsalMs(beat.atMs);
    const metric = (id: string): ReturnType<StationFacts['metric']> => {
      const value = isCounter(id) ? beat.metrics[id] : undefined;
      return value === undefined ? undefined : { value, atMs };
    };
    this.#engine.station(state.id, { ...facts, metric }, nowMs);
    this.#unsaved.add(state.id);
  }

  /** A person's word, which must be written already. */
  heed(claim: Claim, nowMs: number): void {
    this.#engine.claim(claim, nowMs);
    this.#book.claim(claim, nowMs);
  }

  /** Goes on to a moment; answers the sites of which something else is to be shown. */
  tick(nowMs: number): Set<string> {
    this.#engine.tick(nowMs);
    this.#book.tick(nowMs);
    const changed = this.#book.takeChanged();
    if (changed.size > 0) this.#isReadinessUnsaved = true;
    for (const node of this.#engine.takeChanged())
      if (node.startsWith('site:')) changed.add(node.slice('site:'.length));
    return changed;
  }

  involvementOf(siteCode: string): Involvement | undefined {
    const known = this.#involvements.get(siteCode);
    const site = known ? undefined : this.#sites.get(siteCode);
    if (!site) return known;
    const involvement = this.#involvementOf(site);
    this.#involvements.set(siteCode, involvement);
    return involvement;
  }

  stagesOf(siteCode: string): readonly StageState[] {
    return this.#engine.siteStages(siteCode);
  }

  roomStagesOf(siteCode: string): ReturnType<StageEngine['roomStages']> {
    return this.#engine.roomStages(siteCode);
  }

  /** Rooms that have reached the stage of their site that is in play. */
  doneRoomsOf(siteCode: string): ReadonlySet<string> {
    return this.#engine.doneRooms(siteCode);
  }

  regionStages(): readonly StageState[] {
    return this.#engine.regionStages();
  }

  municipalityStages(slug: string): readonly StageState[] {
    return this.#engine.municipalityStages(slug);
  }

  readinessOf(siteCode: string, nowMs: number): Readiness | undefined {
    return this.#book.of(siteCode, nowMs);
  }

  summaryOf(siteCode: string, nowMs: number): ReturnType<ReadinessBook['summaryOf']> {
    return this.#book.summaryOf(siteCode, nowMs);
  }

  signalsOf(workstationId: string): Signals | undefined {
    return this.#engine.signalsOf(workstationId);
  }

  /** Writes down what changed since the last time; throws what the database throws. */
  save(isLast = false): void {
    const changed = new Map<string, Signals>();
    for (const id of this.#engine.takeUnsaved()) this.#unsaved.add(id);
    for (const id of this.#unsaved) {
      if (changed.size >= SAVE_COUNT) break;
      this.#unsaved.delete(id);
      const signals = this.#engine.signalsOf(id);
      if (!signals || this.#saved.get(id) === signals) continue;
      this.#saved.set(id, signals);
      changed.set(id, signals);
    }
    this.#parts.kept.write('signals', changed);
    this.#saves += 1;
    const isLarge = this.#setting.region.sites.length > LARGE_REGION_SITES;
    const isDue = isLast || !isLarge || this.#saves % LARGE_REGION_SAVES === 0;
    if (!this.#isReadinessUnsaved || !isDue) return;
    this.#isReadinessUnsaved = false;
    this.#parts.kept.write('readiness', new Map([[WHOLE_REGION, this.#book.snapshot()]]));
  }

  #createRules(): PlanRules {
    return new PlanRules({ ...this.#setting, returnGraceMs: this.#parts.returnGraceMs });
  }

  #layBook(): void {
    const { plan, version, region } = this.#setting;
    this.#book.setRegion(region);
    this.#book.setPlan(plan, { agent: this.#parts.agentVersion, plan: version });
  }

  #recall(nowMs: number): void {
    const { kept, claims, isEnrolled } = this.#parts;
    const all = kept.all<Signals>('signals');
    const known = new Map([...all].filter(([id]) => isEnrolled(id)));
    for (const [id, signals] of known) this.#saved.set(id, signals);
    this.#engine.restore(known);
    const readiness = kept.all<ReadinessSnapshot>('readiness').get(WHOLE_REGION);
    if (readiness) this.#book.restore(readiness);
    for (const claim of claims.all()) this.heed(claim, nowMs);
  }
}

/** True for what stages count: pages and images. */
export function isCounter(metricId: string): boolean {
  return metricId.endsWith('.pages.count') || metricId.endsWith('.images.count');
}

function regionPhases({ plan, region }: DaySetting): DayPhases {
  const { timeZone } = region;
  return dayPhasesOf({ plan, times: planTimes(plan), timeZone, tracks: stageTracks });
}

function withoutCounters(facts: StationFacts): StationFacts {
  return { ...facts, metric: (id) => (isCounter(id) ? undefined : facts.metric(id)) };
}

function sitesOf({ sites }: Region): ReadonlyMap<string, Site> {
  return new Map(sites.map((site) => [site.code, site]));
}
