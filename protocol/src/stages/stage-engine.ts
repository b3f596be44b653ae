import { involvementIn } from '../plan/involvement.ts';
import type { Plan } from '../plan/plan.ts';
import { siteKinds, type Region } from '../region/region.ts';
import { AreaStages } from './area-stages.ts';
import { idleStates } from './idle-states.ts';
import { inheriting } from './latch.ts';
import { milestoneOf, type Milestone } from './milestone.ts';
import { areSameStates } from './same-state.ts';
import { foldSignals, noWindows, type Signals } from './signals.ts';
import { SiteBoard, type HeldStation, type Witness } from './site-board.ts';
import { siteLayouts } from './site-layout.ts';
import { stageSchedule, type StageSchedule, type ZoneSchedule } from './stage-schedule.ts';
import type { Claim, NodeId, StageState } from './stage.ts';
import type { StationFacts } from './station-facts.ts';

/** What an engine begins with. */
export interface StageEngineStart {
  readonly plan: Plan;
  readonly region: Region;
  readonly nowMs: number;
}

/** The stages of one room. */
export interface RoomStages {
  readonly roomCode: string;
  readonly states: readonly StageState[];
}

const none: readonly StageState[] = [];
const noRooms: ReadonlySet<string> = new Set();

/**
 * Where every stage stands at every node, from the plan, the region, what workstations showed and what
 * people claimed. A change is judged anew in its room, its site and the counts above; nothing else is
 * touched. No clock of its own: `nowMs` is the rehearsal's, and it never goes back.
 */
export class StageEngine {
  readonly #stations = new Map<string, HeldStation>();
  readonly #boards = new Map<string, SiteBoard>();
  readonly #areas = new Map<NodeId, AreaStages>();
  readonly #changed = new Set<NodeId>();
  readonly #unsaved = new Set<string>();
  readonly #touchedAreas = new Map<NodeId, readonly StageState[]>();
  #plan: Plan;
  #region: Region;
  #schedule: StageSchedule;
  /** Municipalities of the sites that take part: those are counted. */
  #municipalities = new Map<string, string>();
  #zones: readonly ZoneSchedule[] = [];
  #nowMs: number;
  #nextMomentMs = Number.POSITIVE_INFINITY;

  constructor({ plan, region, nowMs }: StageEngineStart) {
    this.#plan = plan;
    this.#region = region;
    this.#nowMs = nowMs;
    this.#schedule = stageSchedule(plan);
    this.#lay();
  }

  /**
   * Another version of the plan: deadlines move, what was reached stays reached. Another rehearsal
   * needs another engine; to hand it in here is our fault.
   */
  setPlan(plan: Plan, nowMs: number): void {
    if (plan.id !== this.#plan.id)
      throw new Error(`stages of "${this.#plan.id}" are not those of "${plan.id}": make an engine`);
    this.#advance(nowMs);
    this.#plan = plan;
    this.#schedule = stageSchedule(plan);
    this.#lay();
  }

  /** Another registry. What is remembered of workstations and claims outlives it. */
  setRegion(region: Region, nowMs: number): void {
    this.#advance(nowMs);
    this.#region = region;
    this.#lay();
  }

  /** A workstation was seen, or was found silent. */
  station(id: string, facts: StationFacts, nowMs: number): void {
    this.#advance(nowMs);
    const known = this.#stations.get(id);
    const board = this.#board(facts.siteCode);
    const windows = board.layout?.zone.windows ?? noWindows;
    const signals = foldSignals(known?.signals, facts, this.#nowMs, windows);
    if (signals === known?.signals) return;
    this.#hold(id, signals, known);
  }

  /**
   * What was remembered of workstations before a restart. Judged once all of them are there: one alone
   * might show a stage that the others contradict, and what is reached once stays so. Of an engine that
   * has seen nobody yet.
   */
  restore(kept: Iterable<readonly [id: string, signals: Signals]>): void {
    const boards = new Set<SiteBoard>();
    for (const [id, signals] of kept) {
      const board = this.#board(signals.siteCode);
      const station = { id, signals, isSilentByRule: false, states: none };
      this.#stations.set(id, station);
      board.add(station);
      boards.add(board);
    }
    for (const board of boards) board.judgeAll(this.#nowMs, null);
  }

  /** What must be kept of a workstation; undefined for one that was never seen. */
  signalsOf(id: string): Signals | undefined {
    return this.#stations.get(id)?.signals;
  }

  /** Workstations that must be saved anew: what is remembered of them changed since the last call. */
  takeUnsaved(): Set<string> {
    const unsaved = new Set(this.#unsaved);
    this.#unsaved.clear();
    return unsaved;
  }

  /** A workstation that is no more. */
  forget(id: string): void {
    const known = this.#stations.get(id);
    if (!known) return;
    this.#stations.delete(id);
    this.#unsaved.delete(id);
    this.#changed.add(`station:${id}`);
    const board = this.#board(known.signals.siteCode);
    board.remove(known, known.signals);
    board.judgeAll(this.#nowMs, null);
  }

  /** A person's word, or that it is taken back. False for one that changes nothing. */
  claim(claim: Claim, nowMs: number): boolean {
    this.#advance(nowMs);
    const board = this.#board(claim.siteCode);
    if (!board.claims.add(claim)) return false;
    if (claim.roomCode === null) board.judgeAll(this.#nowMs, null);
    else board.judgeRoom(claim.roomCode, this.#nowMs);
    return true;
  }

  /** The newest claim of every place and stage of a site, with who said so and when. */
  claimsOf(siteCode: string): readonly Claim[] {
    return this.#boards.get(siteCode)?.claims.latest() ?? [];
  }

  /** A rule lets a workstation be silent, beside the plan's own quiet hours; null ends it. */
  rule(id: string, rule: 'silentByRule' | null, nowMs: number = this.#nowMs): void {
    this.#advance(nowMs);
    const station = this.#stations.get(id);
    if (!station || station.isSilentByRule === (rule !== null)) return;
    station.isSilentByRule = rule !== null;
    this.#board(station.signals.siteCode).judgeStation(station, this.#nowMs);
  }

  /** The clock goes on. */
  tick(nowMs: number): void {
    this.#advance(nowMs);
  }

  /** Nodes whose states changed since the last call. */
  takeChanged(): Set<NodeId> {
    for (const [node, before] of this.#touchedAreas)
      if (!areSameStates(this.#areas.get(node)?.states() ?? none, before)) this.#changed.add(node);
    this.#touchedAreas.clear();
    const changed = new Set(this.#changed);
    this.#changed.clear();
    return changed;
  }

  /** The stages of any node; none of one that is not known. */
  statesOf(node: NodeId): readonly StageState[] {
    const colon = node.indexOf(':');
    const name = node.slice(colon + 1);
    switch (colon < 0 ? node : node.slice(0, colon)) {
      case 'site':
        return this.siteStages(name);
      case 'station':
        return this.#stations.get(name)?.states ?? none;
      case 'room': {
        const dash = name.indexOf('-');
        return this.#boards.get(name.slice(0, dash))?.roomStates(name.slice(dash + 1)) ?? none;
      }
      default:
        return this.#areas.get(node)?.states() ?? none;
    }
  }

  siteStages(siteCode: string): readonly StageState[] {
    return this.#boards.get(siteCode)?.states ?? none;
  }

  roomStages(siteCode: string): readonly RoomStages[] {
    const board = this.#boards.get(siteCode);
    if (!board) return [];
    return board.roomCodes.map((roomCode) => ({ roomCode, states: board.roomStates(roomCode) }));
  }

  /** Rooms of a site that have reached the stage in play. */
  doneRooms(siteCode: string): ReadonlySet<string> {
    return this.#boards.get(siteCode)?.doneRooms ?? noRooms;
  }

  municipalityStages(slug: string): readonly StageState[] {
    return this.statesOf(`municipality:${slug}`);
  }

  regionStages(): readonly StageState[] {
    return this.statesOf('region');
  }

  /** The next deadline of the rehearsal in any of its zones; null after the last. */
  milestone(nowMs: number = this.#nowMs): Milestone | null {
    return milestoneOf(
      this.#zones.map(({ due }) => due),
      this.#schedule.slots,
      nowMs,
    );
  }

  #hold(id: string, signals: Signals, known: HeldStation | undefined): void {
    const board = this.#board(signals.siteCode);
    const station = known ?? { id, signals, isSilentByRule: false, states: none };
    const before = station.signals;
    const hasMoved = before.siteCode !== signals.siteCode || before.roomCode !== signals.roomCode;
    const left = hasMoved ? this.#board(before.siteCode) : undefined;
    const hasHeir = left?.remove(station, before) ?? true;
    // The only one of its site goes on remembering for the room that it left.
    const isKeeper = !hasHeir && left === board;
    station.signals = isKeeper ? inheriting(signals, before) : signals;
    const hasTold = (!known || hasMoved) && board.add(station);
    this.#stations.set(id, station);
    this.#unsaved.add(id);
    left?.judgeAll(this.#nowMs, null);
    if (hasTold) board.judgeAll(this.#nowMs, station);
    else board.judgeStation(station, this.#nowMs);
  }

  #board(siteCode: string): SiteBoard {
    const known = this.#boards.get(siteCode);
    if (known) return known;
    const made = new SiteBoard(siteCode, this.#witness(siteCode));
    this.#boards.set(siteCode, made);
    return made;
  }

  #lay(): void {
    const { timeZone, sites } = this.#region;
    const involvement = involvementIn(this.#plan);
    for (const [node, area] of this.#areas) this.#touch(node, area);
    this.#areas.clear();
    this.#municipalities = new Map();
    const idle = new Map(siteKinds.map((kind) => [kind, idleStates(this.#schedule, kind)]));
    const inRegion = new Set(sites.map(({ code }) => code));
    for (const board of this.#boards.values())
      if (!inRegion.has(board.code)) board.relay(null, none, this.#nowMs);
    const layoutOf = siteLayouts(this.#plan, this.#schedule, timeZone);
    const zones = new Set<ZoneSchedule>();
    for (const site of sites) {
      const layout = layoutOf({ site, involvement: involvement(site) });
      if (layout.involvement.verdict === 'takesPart')
        this.#municipalities.set(site.code, site.municipality);
      this.#board(site.code).relay(layout, idle.get(site.kind) ?? none, this.#nowMs);
      if (layout.slots.length > 0) zones.add(layout.zone);
    }
    this.#zones = [...zones];
    this.#nextMomentMs = this.#momentAfter(this.#nowMs);
  }

  #advance(nowMs: number): void {
    if (nowMs <= this.#nowMs) return;
    const beforeMs = this.#nowMs;
    this.#nowMs = nowMs;
    if (nowMs < this.#nextMomentMs) return;
    const passed = new Set(
      this.#zones.filter(({ moments }) => moments.some((each) => each > beforeMs && each <= nowMs)),
    );
    this.#nextMomentMs = this.#momentAfter(nowMs);
    for (const board of this.#boards.values()) {
      if (board.layout && passed.has(board.layout.zone)) board.judgeAll(nowMs, null);
    }
  }

  #momentAfter(nowMs: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { moments } of this.#zones) {
      const found = moments.find((each) => each > nowMs);
      if (found !== undefined && found < next) next = found;
    }
    return next;
  }

  #witness(siteCode: string): Witness {
    return {
      node: (id) => this.#changed.add(id),
      signals: (id) => this.#unsaved.add(id),
      site: (index, before, after) => {
        const municipality = this.#municipalities.get(siteCode);
        if (municipality === undefined) return;
        for (const node of ['region', `municipality:${municipality}`]) {
          const area = this.#area(node);
          this.#touch(node, area);
          area.replace(index, before, after);
        }
      },
    };
  }

  #touch(node: NodeId, area: AreaStages): void {
    if (!this.#touchedAreas.has(node)) this.#touchedAreas.set(node, area.states());
  }

  #area(node: NodeId): AreaStages {
    const known = this.#areas.get(node);
    if (known) return known;
    const made = new AreaStages(this.#schedule.slots, () => this.#statesIn(node));
    this.#areas.set(node, made);
    return made;
  }

  *#statesIn(node: NodeId): Generator<readonly StageState[]> {
    for (const board of this.#boards.values()) {
      const slug = this.#municipalities.get(board.code);
      if (slug === undefined) continue;
      if (node === 'region' || node === `municipality:${slug}`) yield board.states;
    }
  }
}
