import {
  HQ_ROOM_CODE,
  type Duty,
  type Placement,
  type PrintNorms,
  type Role,
  type SiteKind,
  type Thresholds,
} from '@ppe-pulse/protocol';
import { between, hashOf, pick, unit } from './random.ts';
import { everyDay, everyDayInRoom, type Timetable } from './timetable.ts';

/** A simulated ППЭ, or another site of the region. */
export interface SimulatedSite {
  readonly index: number;
  /** Four digits. */
  readonly code: string;
  readonly salt: number;
  readonly kind: SiteKind;
  readonly rooms: number;
  /** Who serves its line; when one is cut, many ППЭ are silent at once. */
  readonly provider: string;
  readonly timeZone: string;
  readonly timetable: Timetable;
  /** 50 instead of 100 Mbit/s by contract. */
  readonly isVillage: boolean;
  readonly downBytesPerSecond: number;
  readonly upBytesPerSecond: number;
  /** Round trip to the collector without load, by distance. */
  readonly distanceMs: number;
  /** Scanning is in the Штаб and not in the rooms. */
  readonly scansInHq: boolean;
}

/** A simulated workstation: where it stands and what hangs on it. */
export interface SimulatedWorkstation {
  /** Its number in the region, from 0. */
  readonly index: number;
  readonly site: SimulatedSite;
  readonly placement: Placement;
  readonly salt: number;
  /** It stands in a room of the exam and not in the Штаб. */
  readonly isInRoom: boolean;
  /** Of its exam where the plan has several. */
  readonly timetable: Timetable;
  /** Names its key; undefined: its number does. */
  readonly keyName?: string;
  /** Of the plan, over those of the protocol. */
  readonly thresholds?: Partial<Thresholds>;
  /** What its room has to print by the plan; undefined for none. */
  readonly printNorms?: PrintNorms;
  /** Rooms whose sets it prints, and whose answers it scans. */
  readonly roomsPrinted: number;
  readonly roomsScanned: number;
  readonly hasUps: boolean;
  readonly hasPrinter: boolean;
  readonly hasScanner: boolean;
  /** Cameras that it watches: those of its room, or the Штаб's on the `video` PC. */
  readonly cameras: number;
}

/** The whole fleet: the same for the same seed and sizes. */
export interface SimulatedRegion {
  readonly seed: number;
  readonly sites: readonly SimulatedSite[];
  /** In the order of their ППЭ. */
  readonly workstations: readonly SimulatedWorkstation[];
}

/** What a region is made of. */
export interface RegionPlan {
  readonly seed: number;
  /** ППЭ, 1–6,000. */
  readonly sites: number;
  /** Rooms a ППЭ on average; the region has exactly `sites` × `rooms` of them. */
  readonly rooms: number;
}

/** Sizes that ППЭ have: `domain.md`, «Places and roles». */
const ROOMS_MIN = 3;
const ROOMS_MAX = 25;
/** Two cameras a room. */
const CAMERAS = 2;
/** Every fourth ППЭ scans in its Штаб. */
const SCANS_IN_HQ_EVERY = 4;

/** Makes the region. Pure: the same plan is the same region. */
export function planRegion(plan: RegionPlan): SimulatedRegion {
  const rooms = roomsBySite(plan);
  const sites = rooms.map((count, index) => planSite(plan.seed, index, count));
  const workstations: SimulatedWorkstation[] = [];
  for (const site of sites) {
    for (const seat of seatsOf(site)) workstations.push(planWorkstation(site, seat, workstations));
  }
  return { seed: plan.seed, sites, workstations };
}

/** Sizes of 3…25 around the average, and together exactly what the average says. */
function roomsBySite({ seed, sites, rooms }: RegionPlan): number[] {
  const least = Math.min(ROOMS_MIN, Math.floor(rooms));
  const most = Math.max(ROOMS_MAX, Math.ceil(rooms));
  const sizes = Array.from({ length: sites }, (_, index) => {
    const spread = unit(hashOf(`${seed} rooms ${index}`), 'size');
    // Many small ones, few large ones: the square of a uniform number has a mean of a third.
    const size = least + (rooms - least) * 3 * spread * spread;
    return Math.min(most, Math.max(least, Math.round(size)));
  });
  let missing = Math.round(sites * rooms) - sizes.reduce((sum, size) => sum + size, 0);
  for (let at = 0; missing !== 0; at = (at + 1) % sites) {
    const step = Math.sign(missing);
    const size = (sizes[at] ?? 0) + step;
    if (size < least || size > most) continue;
    sizes[at] = size;
    missing -= step;
  }
  return sizes;
}

function planSite(seed: number, index: number, rooms: number): SimulatedSite {
  const salt = hashOf(`${seed} site ${index}`);
  const isVillage = unit(salt, 'village') < 0.4;
  const contract = (isVillage ? 50_000_000 : 100_000_000) / 8;
  // Cameras of all rooms and of the Штаб, 1 Mbit/s each, fill at most two thirds of the way up.
  const video = (CAMERAS * (rooms + 1) * 1_000_000) / 8;
  return {
    index,
    code: String(index + 1).padStart(4, '0'),
    salt,
    kind: 'ppe',
    rooms,
    provider: pick(salt, 'provider', [
      'provider1',
      'provider1',
      'provider1',
      'provider1',
      'provider2',
      'provider2',
      'provider2',
      'provider3',
      'provider3',
      'provider4',
    ]),
    isVillage,
    downBytesPerSecond: contract * between(salt, 'down', [1.02, 1.2]),
    upBytesPerSecond: video * between(salt, 'up', [1.6, 3]),
    distanceMs: between(salt, 'distance', isVillage ? [14, 60] : [4, 20]),
    timeZone: 'Asia/Novokuznetsk',
    timetable: everyDay,
    scansInHq: index % SCANS_IN_HQ_EVERY === SCANS_IN_HQ_EVERY - 1,
  };
}

interface Seat {
  readonly roomCode: string;
  readonly role: Role;
  readonly duty: Duty;
}

/** The Штаб with its PCs first, then one workstation a room. */
function seatsOf(site: SimulatedSite): Seat[] {
  const hq = (role: Role, duty: Duty = 'main'): Seat => ({ roomCode: HQ_ROOM_CODE, role, duty });
  const rooms = Array.from({ length: site.rooms }, (_, at): Seat => ({
    roomCode: String(at + 1).padStart(4, '0'),
    role: roomRole(site, at),
    duty: 'main',
  }));
  const scan = site.scansInHq ? [hq('scan')] : [];
  return [hq('hq'), hq('video'), ...scan, hq('organizer', 'reserve'), ...rooms];
}

/** The last rooms of a ППЭ that is not small are for informatics and for speaking. */
function roomRole(site: SimulatedSite, at: number): Role {
  if (site.rooms < 5) return 'organizer';
  if (at === site.rooms - 1) return 'speaking';
  if (at === site.rooms - 2) return 'kege';
  return 'organizer';
}

function planWorkstation(
  site: SimulatedSite,
  seat: Seat,
  before: readonly SimulatedWorkstation[],
): SimulatedWorkstation {
  const index = before.length;
  const { role } = seat;
  const isInRoom = seat.roomCode !== HQ_ROOM_CODE;
  return {
    index,
    site,
    timetable: isInRoom ? everyDayInRoom : everyDay,
    roomsPrinted: role === 'organizer' && isInRoom ? 1 : 0,
    roomsScanned: role === 'scan' ? site.rooms : isInRoom ? 1 : 0,
    placement: { siteCode: site.code, ...seat, simulated: true },
    salt: hashOf(`${site.salt} workstation ${index}`),
    isInRoom,
    hasUps: role === 'hq' || role === 'organizer' || role === 'scan',
    hasPrinter: role === 'hq' || role === 'organizer',
    hasScanner: role === 'scan' || (role === 'organizer' && !site.scansInHq),
    cameras: role === 'video' || (role === 'organizer' && isInRoom) ? CAMERAS : 0,
  };
}
