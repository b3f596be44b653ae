import { isCameraWatcher } from './cameras.ts';
import { ClaimBook, type ClaimStanding } from './claim-book.ts';
import { areSameRooms, doneRoomsOf } from './done-rooms.ts';
import { inheriting, latchStation, PlaceMemory } from './latch.ts';
import { isSameStage, roomStage, type RoomStage } from './room-stage.ts';
import { areSameStates, isSameState } from './same-state.ts';
import { showEm, showRoom } from './show-room.ts';
import type { Shown, StationRecord } from './shown.ts';
import type { Signals } from './signals.ts';
import type { RoomLayout, RoomSlot, SiteLayout, SiteSlot } from './site-layout.ts';
import { countedSiteStage, wholeSiteStage } from './site-stage.ts';
import type { NodeId, StageState } from './stage.ts';
import type { DueTimes, StageSlot } from './stage-schedule.ts';
import { stationStates } from './station-states.ts';
import { witnessesOf } from './witnesses.ts';

/** A workstation in the engine's hands. */
export interface HeldStation extends StationRecord {
  signals: Signals;
  isSilentByRule: boolean;
  states: readonly StageState[];
}

/** Who is told what a judgement changed. */
export interface Witness {
  /** A node's states are others. */
  node(id: NodeId): void;
  /** A site's state of a slot was replaced. */
  site(index: number, before: StageState | undefined, after: StageState | undefined): void;
  /** A workstation remembers more than it was seen with. */
  signals(id: string): void;
}

const none: readonly StageState[] = [];
const noRooms: ReadonlySet<string> = new Set();
const never: DueTimes = { dueMs: null, amberMs: null, redMs: null };

/** One site: its workstations, its claims and where all of its stages stand. */
export class SiteBoard {
  readonly code: string;
  readonly claims = new ClaimBook();
  readonly #told: Witness;
  readonly #here = new Map<string, HeldStation[]>();
  readonly #memory = new PlaceMemory();
  #layout: SiteLayout | null = null;
  /** By the position of the room in the layout, then of the stage in the room. */
  #rooms: (readonly RoomStage[])[] = [];
  #states: readonly StageState[] = none;
  #doneRooms = noRooms;
  /** A room has reached a stage since, or has not any more. */
  #isDoneStale = false;

  constructor(code: string, told: Witness) {
    this.code = code;
    this.#told = told;
  }

  /** Null for a site that takes no part, or that the region does not hold. */
  get layout(): SiteLayout | null {
    return this.#layout;
  }

  get states(): readonly StageState[] {
    return this.#states;
  }

  /** Rooms that have reached the stage in play. */
  get doneRooms(): ReadonlySet<string> {
    return this.#doneRooms;
  }

  get roomCodes(): readonly string[] {
    return this.#layout?.rooms.map(({ room }) => room.code) ?? [];
  }

  roomStates(roomCode: string): readonly StageState[] {
    const at = this.#roomAt(roomCode);
    return this.#rooms[at]?.map(({ state }) => state) ?? none;
  }

  stationsIn(roomCode: string): readonly HeldStation[] {
    return this.#here.get(roomCode) ?? [];
  }

  /** Puts a workstation into its room; true when it remembers of rooms what nobody here did. */
  add(station: HeldStation): boolean {
    const { roomCode } = station.signals;
    this.#here.set(roomCode, [...this.stationsIn(roomCode), station]);
    return this.#memory.learn(station.signals);
  }

  /**
   * Takes a workstation out of a room; another one remembers for it what it alone knew. False when
   * nobody is left to.
   */
  remove(station: HeldStation, signals: Signals): boolean {
    const left = this.stationsIn(signals.roomCode).filter((each) => each !== station);
    if (left.length > 0) this.#here.set(signals.roomCode, left);
    else this.#here.delete(signals.roomCode);
    for (const heir of this.#stations()) {
      const before = heir.signals;
      heir.signals = inheriting(before, signals);
      if (heir.signals !== before) this.#told.signals(heir.id);
      return true;
    }
    return false;
  }

  /**
   * Another plan or another registry: everything is judged anew from what is remembered. `idle` are
   * its states where the plan does not mean it.
   */
  relay(layout: SiteLayout | null, idle: readonly StageState[], nowMs: number): void {
    const isMeant = layout !== null && layout.slots.length > 0;
    const { states, doneRooms } = this;
    const rooms = new Map(this.roomCodes.map((code) => [code, this.roomStates(code)]));
    const stations = new Map([...this.#stations()].map((each) => [each.id, each.states]));
    this.#layout = isMeant ? layout : null;
    this.#rooms = [];
    this.#states = isMeant ? none : idle;
    this.#doneRooms = noRooms;
    for (const station of this.#stations()) station.states = none;
    if (isMeant) this.#judgeAll(nowMs, null);
    if (!areSameStates(states, this.#states) || !areSameRooms(doneRooms, this.#doneRooms))
      this.#told.node(`site:${this.code}`);
    for (const code of new Set([...rooms.keys(), ...this.roomCodes]))
      if (!areSameStates(rooms.get(code) ?? none, this.roomStates(code)))
        this.#told.node(`room:${this.code}-${code}`);
    for (const station of this.#stations())
      if (!areSameStates(stations.get(station.id) ?? none, station.states))
        this.#told.node(`station:${station.id}`);
  }

  /** Judges anew what one workstation may have changed. */
  judgeStation(station: HeldStation, nowMs: number): void {
    if (this.#layout === null) return;
    if (isCameraWatcher(station.signals)) {
      this.judgeAll(nowMs, station);
      return;
    }
    this.#latch(this.#layout, station, nowMs, nowMs);
    this.judgeRoom(station.signals.roomCode, nowMs);
  }

  /** Judges one room anew and the site with it. */
  judgeRoom(roomCode: string, nowMs: number): void {
    const layout = this.#layout;
    if (layout === null) return;
    const at = this.#roomAt(roomCode);
    const changed = at < 0 ? new Set<number>() : this.#judgeRoom(layout, at, nowMs, true);
    this.#judgeSite(layout, nowMs, { isTold: true, changed });
  }

  /** Judges everything anew. `teller` is who just said something, if anybody did. */
  judgeAll(nowMs: number, teller: HeldStation | null): void {
    if (this.#layout !== null) this.#judgeAll(nowMs, teller, true);
  }

  #judgeAll(nowMs: number, teller: HeldStation | null, isTold = false): void {
    const layout = this.#layout;
    if (layout === null) return;
    // Who tells something is timed now; the others stand as they stood.
    for (const each of this.#stations())
      this.#latch(layout, each, nowMs, each === teller ? nowMs : each.signals.sinceMs);
    for (let at = 0; at < layout.rooms.length; at += 1) this.#judgeRoom(layout, at, nowMs, isTold);
    this.#judgeSite(layout, nowMs, { isTold, changed: null });
  }

  #latch(layout: SiteLayout, station: HeldStation, nowMs: number, asOfMs: number): void {
    if (latchStation(layout, station, nowMs, asOfMs)) this.#told.signals(station.id);
  }

  /** Answers the slots in which the room is another than before, for its site to look at. */
  #judgeRoom(layout: SiteLayout, at: number, nowMs: number, isTold: boolean): Set<number> {
    const changed = new Set<number>();
    const room = layout.rooms[at];
    if (!room) return changed;
    const { code } = room.room;
    const before = this.#rooms[at];
    let isOther = before === undefined && room.slots.length > 0;
    const next = room.slots.map((roomSlot, position) => {
      const made = this.#roomStage(layout, room, roomSlot, nowMs);
      const known = before?.[position];
      if (known && isSameStage(known, made)) return known;
      changed.add(roomSlot.slot.index);
      this.#isDoneStale ||= isReached(known) !== isReached(made);
      if (known && isSameState(known.state, made.state)) return { ...made, state: known.state };
      isOther = true;
      return made;
    });
    this.#rooms[at] = next;
    if (isOther && isTold) this.#told.node(`room:${this.code}-${code}`);
    for (const station of this.stationsIn(code)) {
      const states = stationStates(layout, station, next, nowMs);
      if (areSameStates(station.states, states)) continue;
      station.states = states;
      if (isTold) this.#told.node(`station:${station.id}`);
    }
    return changed;
  }

  #roomStage(layout: SiteLayout, room: RoomLayout, roomSlot: RoomSlot, nowMs: number): RoomStage {
    const { slot, total } = roomSlot;
    const { measure } = slot.definition;
    const due = layout.zone.due[slot.index] ?? never;
    const claim = this.#claimOf(layout, room.room.code, slot);
    if (measure === null) return roomStage({ roomSlot, shown: null, claim, due, nowMs });
    const here = this.stationsIn(room.room.code);
    const all = measure === 'cameras' ? this.#camerasOf(here) : here;
    const witnesses = witnessesOf(measure, slot.track, all);
    const clock = { nowMs, dueMs: due.dueMs, zone: layout.zone };
    const seen = showRoom({ site: layout, room, roomSlot, measure, witnesses }, clock);
    const shown = this.#recall({ code: room.room.code, slot, total }, seen, witnesses[0]);
    return roomStage({ roomSlot, shown, claim, due, nowMs });
  }

  /** Its own PCs, and those that watch the cameras of the site. */
  #camerasOf(here: readonly HeldStation[]): readonly HeldStation[] {
    const watchers = [...this.#stations()].filter(({ signals }) => isCameraWatcher(signals));
    if (watchers.length === 0) return here;
    return [...here.filter(({ signals }) => !isCameraWatcher(signals)), ...watchers];
  }

  #recall(
    place: { readonly code: string; readonly slot: StageSlot; readonly total: number },
    seen: Shown,
    keeper: HeldStation | undefined,
  ): Shown {
    const { shown, kept } = this.#memory.recall(place, seen, keeper);
    if (kept) this.#told.signals(kept.id);
    return shown;
  }

  /** What is claimed of a room: by itself, or of the whole site. */
  #claimOf(
    layout: SiteLayout,
    roomCode: string,
    { index, track, stage }: StageSlot,
  ): ClaimStanding | undefined {
    if (this.claims.isEmpty) return undefined;
    const own = this.claims.made(roomCode, track, stage);
    const whole = this.claims.made(null, track, stage);
    if (!whole) return own;
    const total = layout.slots.find(({ slot }) => slot.index === index)?.total ?? 0;
    if ((whole.latest.done ?? total) < total) return own;
    const isOwnFirst = own?.latest.done === null && (own.sinceMs ?? 0) <= (whole.sinceMs ?? 0);
    return isOwnFirst ? own : { ...whole, latest: { ...whole.latest, done: null } };
  }

  /** `changed` are slots whose rooms are others; null for all. What is not counted is always judged. */
  #judgeSite(
    layout: SiteLayout,
    nowMs: number,
    of: { readonly isTold: boolean; readonly changed: ReadonlySet<number> | null },
  ): void {
    const before = this.#states;
    const next: StageState[] = [];
    let hasChanged = before.length !== layout.slots.length;
    for (const [at, siteSlot] of layout.slots.entries()) {
      const known = before[at];
      const { slot } = siteSlot;
      if (known && slot.unit !== 'site' && of.changed && !of.changed.has(slot.index)) {
        next.push(known);
        continue;
      }
      const made = this.#siteState(layout, siteSlot, next, nowMs);
      if (known && isSameState(known, made)) {
        next.push(known);
        continue;
      }
      next.push(made);
      hasChanged = true;
      this.#told.site(slot.index, known, made);
    }
    if (hasChanged) this.#states = next;
    if (of.changed === null || this.#isDoneStale) {
      this.#isDoneStale = false;
      const doneRooms = doneRoomsOf(layout, this.#rooms, nowMs);
      hasChanged ||= !areSameRooms(this.#doneRooms, doneRooms);
      this.#doneRooms = doneRooms;
    }
    if (hasChanged && of.isTold) this.#told.node(`site:${this.code}`);
  }

  #siteState(
    layout: SiteLayout,
    { slot, total, places }: SiteSlot,
    earlier: readonly StageState[],
    nowMs: number,
  ): StageState {
    const due = layout.zone.due[slot.index] ?? never;
    const claim = this.claims.made(null, slot.track, slot.stage);
    const facts = { slot, total, due, nowMs, claim };
    if (slot.unit !== 'site') {
      const rooms = places.flatMap(({ room, at }) => this.#rooms[room]?.[at] ?? []);
      return countedSiteStage(facts, rooms);
    }
    const { measure, needs } = slot.definition;
    const clock = { nowMs, dueMs: due.dueMs, zone: layout.zone };
    let shown: Shown | null = null;
    if (measure === 'em') {
      const witnesses = witnessesOf(measure, slot.track, [...this.#stations()]);
      shown = this.#recall({ code: 'site', slot, total }, showEm(witnesses, clock), witnesses[0]);
    }
    const needed =
      needs && earlier.find((each) => each.stage === needs && each.track === slot.track);
    return wholeSiteStage(facts, shown, !needed || needed.reachedAtMs !== null);
  }

  *#stations(): Generator<HeldStation> {
    for (const here of this.#here.values()) yield* here;
  }

  #roomAt(roomCode: string): number {
    return this.#layout?.rooms.findIndex(({ room }) => room.code === roomCode) ?? -1;
  }
}

function isReached(stage: RoomStage | undefined): boolean {
  return stage !== undefined && stage.state.reachedAtMs !== null;
}
