import type { Role } from '../placement.ts';
import type { Involvement } from '../plan/involvement.ts';
import type { Plan } from '../plan/plan.ts';
import type { Room, Site } from '../region/region.ts';
import type { StageSchedule, StageSlot, ZoneSchedule } from './stage-schedule.ts';

/** One stage in one room: how many units it has there. */
export interface RoomSlot {
  readonly slot: StageSlot;
  readonly total: number;
  /** Pages or images that make it reached, 0 where nothing is counted. */
  readonly target: number;
}

export interface RoomLayout {
  readonly room: Room;
  readonly slots: readonly RoomSlot[];
}

/** One stage of a site. */
export interface SiteSlot {
  readonly slot: StageSlot;
  readonly total: number;
  /** Positions of its rooms in `rooms` and of the stage in each one's `slots`. */
  readonly places: readonly { readonly room: number; readonly at: number }[];
}

/** A site as whoever watches its cameras asks. */
export interface CameraSite {
  readonly site: Site;
  /** What `cameraRoomsOf` said once; a site without a PC that watches all of it asks nothing. */
  readonly cameraRooms: Map<string, readonly string[]>;
}

/** What a plan means to a site, worked out once. */
export interface SiteLayout extends CameraSite {
  readonly zone: ZoneSchedule;
  readonly involvement: Involvement;
  readonly rooms: readonly RoomLayout[];
  /** Its stages with all of their units, in the order of slots. */
  readonly slots: readonly SiteSlot[];
}

/** A group of the speaking exam takes about so long with its instruction [S]. */
const GROUP_MINUTES = 17;
/** Sheets of a participant that go through the scanner at least: registration and two of answers. */
const LEAST_IMAGES_PER_SET = 3;

/** Whose layout it is. */
export interface LaidSite {
  readonly site: Site;
  readonly involvement: Involvement;
}

/**
 * Works out what a plan means to sites of a region whose zone is `timeZone`. Rooms and sites of one
 * shape share their lists: there are thousands of them and few shapes.
 */
export function siteLayouts(
  plan: Plan,
  schedule: StageSchedule,
  timeZone: string,
): (of: LaidSite) => SiteLayout {
  const roomShapes = new Map<string, readonly RoomSlot[]>();
  const siteShapes = new Map<string, readonly SiteSlot[]>();
  return ({ site, involvement }) => {
    const scanned = scanRooms(site);
    const asked = schedule.slots.filter(
      ({ track, definition }) =>
        involvement.tracks.includes(track) && definition.siteKinds.includes(site.kind),
    );
    const shapes: string[] = [];
    const rooms = site.rooms.map((room): RoomLayout => {
      const slots = roomSlots(plan, asked, room, scanned);
      const shape = slots.map(({ slot, total, target }) => [slot.index, total, target]).join();
      shapes.push(shape);
      return { room, slots: shared(roomShapes, shape, () => slots) };
    });
    const shape = [asked.map(({ index }) => index).join(), ...shapes].join(';');
    return {
      site,
      involvement,
      zone: schedule.zone(site.timeZone ?? timeZone),
      rooms,
      slots: shared(siteShapes, shape, () => siteSlots(asked, rooms)),
      cameraRooms: new Map(),
    };
  };
}

function shared<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

function roomSlots(
  plan: Plan,
  asked: readonly StageSlot[],
  room: Room,
  scanned: ScanRooms,
): readonly RoomSlot[] {
  return asked
    .filter(({ unit }) => unit !== 'site')
    .map((slot) => ({
      slot,
      total: unitsIn(plan, room, slot, scanned),
      target: targetIn(plan, slot, scanned),
    }))
    .filter(({ total }) => total > 0);
}

/** Planned main workstations of a role in a room. */
export function mainOf(room: Room, role: Role): number {
  return room.workstations.filter((each) => each.role === role && each.duty === 'main').length;
}

/**
 * Whose picture is the n-th camera of a PC: those of its own room come first, then those of the other
 * rooms by their code, as the technical specialist lists them.
 */
export function cameraRoomsOf(
  { site, cameraRooms }: CameraSite,
  ownRoomCode: string,
): readonly string[] {
  return shared(cameraRooms, ownRoomCode, () => {
    const own = site.rooms.filter(({ code }) => code === ownRoomCode);
    const others = site.rooms
      .filter(({ code }) => code !== ownRoomCode)
      .sort((a, b) => (a.code < b.code ? -1 : 1));
    return [...own, ...others].flatMap(({ code, cameras }) =>
      Array.from({ length: cameras }, () => code),
    );
  });
}

interface ScanRooms {
  readonly codes: ReadonlySet<string>;
  /** Rooms of the exam whose sheets go through one of them. */
  readonly roomsEach: number;
}

/** Answers are scanned where a `scan` station is planned, the Штаб mostly; else in each room. */
function scanRooms(site: Site): ScanRooms {
  const written = site.rooms.filter(({ purposes }) => purposes.includes('written'));
  const scanning = site.rooms.filter((room) => mainOf(room, 'scan') > 0);
  const rooms = scanning.length > 0 ? scanning : written;
  return {
    codes: new Set(rooms.map(({ code }) => code)),
    roomsEach: rooms.length === 0 ? 0 : written.length / rooms.length,
  };
}

function unitsIn(
  plan: Plan,
  room: Room,
  { stage, track, unit }: StageSlot,
  scan: ScanRooms,
): number {
  if (stage === 'scanning') return scan.codes.has(room.code) ? 1 : 0;
  const isVideo = track === 'video' || stage === 'videoOn';
  const belongs =
    track === 'video' || room.purposes.includes(track) || (isVideo && room.purposes.includes('hq'));
  if (!belongs || (isVideo && room.cameras === 0)) return 0;
  if (unit === 'seat') {
    const role = track === 'kege' ? 'kege' : 'speaking';
    return mainOf(room, role) || (room.seats ?? 0);
  }
  return unit === 'group' ? groupsOf(plan) : 1;
}

function groupsOf(plan: Plan): number {
  const minutes = plan.exams
    .filter(({ kind }) => kind === 'speaking')
    .map(({ durationMinutes }) => durationMinutes);
  return Math.max(1, Math.floor(Math.max(0, ...minutes) / GROUP_MINUTES));
}

function targetIn(plan: Plan, { stage }: StageSlot, scan: ScanRooms): number {
  const { setsPerRoom, pagesPerSet } = plan.print;
  if (stage === 'printing') return setsPerRoom * pagesPerSet;
  if (stage === 'scanning') return Math.ceil(setsPerRoom * LEAST_IMAGES_PER_SET * scan.roomsEach);
  return 0;
}

function siteSlots(asked: readonly StageSlot[], rooms: readonly RoomLayout[]): SiteSlot[] {
  return asked
    .map((slot): SiteSlot => {
      if (slot.unit === 'site') return { slot, total: 1, places: [] };
      const places = rooms
        .map(({ slots }, room) => ({ room, at: slots.findIndex((each) => each.slot === slot) }))
        .filter(({ at }) => at >= 0);
      const total = places.reduce(
        (sum, { room, at }) => sum + (rooms[room]?.slots[at]?.total ?? 0),
        0,
      );
      return { slot, total, places };
    })
    .filter(({ total }) => total > 0);
}
