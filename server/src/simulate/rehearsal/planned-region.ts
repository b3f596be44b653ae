import {
  HQ_ROOM_CODE,
  dayOf,
  involvementIn,
  neverQuietRoles,
  planTimes,
  trackOfRole,
  type Involvement,
  type Plan,
  type PlannedWorkstation,
  type PlanTime,
  type PlanTimes,
  type Region,
  type Role,
  type Room,
  type Site,
  type StageId,
  type StageTrack,
  type Thresholds,
} from '@ppe-pulse/protocol';
import { between, hashOf } from '../random.ts';
import type { SimulatedRegion, SimulatedSite, SimulatedWorkstation } from '../region.ts';
import { everyDay, type ModeHours, type Timetable } from '../timetable.ts';

/** A plan with what is worked out of it once. */
export interface PlanBook {
  readonly plan: Plan;
  readonly times: PlanTimes;
  /** Of the exams, days since 1970. */
  readonly day: number;
}

/** A site that takes part. */
export interface RegisteredSite {
  readonly site: Site;
  readonly timeZone: string;
  readonly involvement: Involvement;
}

/** A fleet that stands where the region and its plan want it. */
export interface PlannedRegion extends SimulatedRegion {
  readonly book: PlanBook;
  /** By the number of the simulated site. */
  readonly registered: readonly RegisteredSite[];
}

/** Who watches the cameras of a room, the likeliest first. */
const watchers: readonly Role[] = [
  'video',
  'organizer',
  'print',
  'kege',
  'speaking',
  'scan',
  'rcoi',
  'hq',
];
/** Cameras that one PC plays: two a room. */
const CAMERAS_MAX = 2;
/** Where nobody said what the line is to carry: 100 Mbit/s. */
const CONTRACT_BYTES_PER_SECOND = 12_500_000;
/** How long a ППЭ prints before its exam, scans after it, and sends its package. */
const PRINTING_MINUTES = 20;
const SCANNING_MINUTES = 60;
const SENDING_MINUTES = 40;

/** Workstations of every site that takes part; the others have none. Pure. */
export function planRegistered(
  region: Pick<Region, 'timeZone' | 'sites'>,
  plan: Plan,
  seed: number,
): PlannedRegion {
  const day = dayOf(plan.date);
  if (day === null) throw new Error(`a checked plan has a date, not "${plan.date}"`);
  const book: PlanBook = { plan, times: planTimes(plan), day };
  const involvementFor = involvementIn(plan);
  const registered = region.sites
    .map((site): RegisteredSite => {
      const timeZone = site.timeZone ?? region.timeZone;
      return { site, timeZone, involvement: involvementFor(site) };
    })
    .filter(({ involvement }) => involvement.verdict === 'takesPart');
  const workstations: SimulatedWorkstation[] = [];
  const sites = registered.map((each, index) => {
    const made = simulatedSite({ ...each, book, seed, index });
    for (const seat of seatsOf(each))
      workstations.push(simulatedWorkstation({ made, ...each, ...seat, book }, workstations));
    return made;
  });
  return { seed, sites, workstations, book, registered };
}

/** Whether a room holds an exam of the day. */
export function trackOfRoom(room: Room, { tracks }: Involvement): StageTrack | undefined {
  return tracks.find((track) => track !== 'video' && room.purposes.includes(track));
}

interface Seat {
  readonly room: Room;
  readonly planned: PlannedWorkstation;
}

/** The Штаб's own comes first: it relays. A ППЭ of the video test alone needs its cameras' PCs. */
function seatsOf({ site, involvement }: RegisteredSite): Seat[] {
  const seats = site.rooms.flatMap((room) =>
    room.workstations.map((planned): Seat => ({ room, planned })),
  );
  const isHq = ({ planned }: Seat): boolean => planned.role === 'hq' && planned.duty === 'main';
  const hasExam = involvement.tracks.some((track) => track !== 'video');
  const needed =
    hasExam || site.kind !== 'ppe'
      ? seats
      : seats.filter((each) => isHq(each) || watcherOf(each.room) === each.planned);
  return needed.toSorted((a, b) => Number(isHq(b)) - Number(isHq(a)));
}

interface SiteParts extends RegisteredSite {
  readonly book: PlanBook;
  readonly seed: number;
  readonly index: number;
}

function simulatedSite(parts: SiteParts): SimulatedSite {
  const { site, index, timeZone, book, involvement } = parts;
  const salt = hashOf(`${parts.seed} site ${site.code}`);
  const contract = site.contractBytesPerSecond ?? CONTRACT_BYTES_PER_SECOND;
  const cameras = site.rooms.reduce((sum, room) => sum + room.cameras, 0);
  const roles = site.rooms.flatMap((room) => room.workstations.map(({ role }) => role));
  const track = involvement.tracks.find((each) => each !== 'video') ?? null;
  return {
    index,
    code: site.code,
    salt,
    kind: site.kind,
    rooms: site.rooms.filter(({ code }) => code !== HQ_ROOM_CODE).length,
    provider: site.provider ?? '–',
    timeZone,
    timetable: timetableOf({ book, timeZone, track, role: 'hq' }),
    isVillage: site.isRemote,
    downBytesPerSecond: contract * between(salt, 'down', [1.02, 1.2]),
    upBytesPerSecond: ((cameras * 1_000_000) / 8) * between(salt, 'up', [1.6, 3]),
    distanceMs: between(salt, 'distance', site.isRemote ? [14, 60] : [4, 20]),
    scansInHq: roles.includes('scan'),
  };
}

interface WorkstationParts extends RegisteredSite, Seat {
  readonly made: SimulatedSite;
  readonly book: PlanBook;
}

function simulatedWorkstation(
  parts: WorkstationParts,
  before: readonly SimulatedWorkstation[],
): SimulatedWorkstation {
  const { made, site, room, planned, involvement, book, timeZone } = parts;
  const { role, duty } = planned;
  const written = site.rooms.filter((each) => trackOfRoom(each, involvement) === 'written');
  const ofRoom = duty === 'main' && written.includes(room) ? 1 : 0;
  const isMain = duty === 'main';
  const roomsPrinted =
    role === 'print' && isMain ? written.length : role === 'organizer' ? ofRoom : 0;
  return {
    index: before.length,
    site: made,
    placement: { siteCode: site.code, roomCode: room.code, role, duty, simulated: true },
    keyName: planned.id,
    thresholds: thresholdsOf(book.plan, role, site),
    salt: hashOf(`${made.salt} workstation ${planned.id}`),
    isInRoom: room.code !== HQ_ROOM_CODE && site.kind === 'ppe',
    timetable: timetableOf({ book, timeZone, track: trackOfRole(role), role }),
    roomsPrinted,
    ...(roomsPrinted > 0 ? { printNorms: book.plan.print } : {}),
    roomsScanned: role === 'scan' && isMain ? written.length : ofRoom,
    hasUps: role === 'hq' || role === 'organizer' || role === 'scan',
    hasPrinter: role === 'hq' || role === 'organizer' || role === 'print',
    hasScanner: role === 'scan' || (role === 'organizer' && !made.scansInHq),
    cameras: watcherOf(room) === planned ? Math.min(CAMERAS_MAX, room.cameras) : 0,
  };
}

/** As its real agent would be told: the role's limits over those for all, the line's own over both. */
function thresholdsOf({ thresholds }: Plan, role: Role, site: Site): Partial<Thresholds> {
  const contract = site.contractBytesPerSecond;
  return {
    ...thresholds.all,
    ...thresholds.roles[role],
    ...(contract === null ? {} : { downContractBytesPerSecond: contract }),
  };
}

function watcherOf({ cameras, workstations }: Room): PlannedWorkstation | undefined {
  if (cameras === 0) return undefined;
  const main = workstations.filter(({ duty }) => duty === 'main');
  return main.toSorted((a, b) => watchers.indexOf(a.role) - watchers.indexOf(b.role))[0];
}

interface Hours {
  readonly book: PlanBook;
  readonly timeZone: string;
  readonly track: StageTrack | null;
  readonly role: Role;
}

/** The hours of a plan, in minutes since the local midnight of its day. */
function timetableOf({ book, timeZone, track, role }: Hours): Timetable {
  const { plan, times, day } = book;
  const midnightMs = times.dayStartMs(0, timeZone);
  const minutes = (time: PlanTime | null | undefined): number | null => {
    const atMs = time == null ? null : times.at(time, timeZone, track);
    return atMs === null ? null : (atMs - midnightMs) / 60_000;
  };
  const due = (id: StageId): number | null =>
    minutes(plan.stages.find((each) => each.id === id)?.due);
  const printing = minutes(plan.print.startAt) ?? everyDay.printing;
  // Papers come out before an exam begins, whatever hour of the start the plan names.
  const exam = Math.max(minutes('start') ?? everyDay.exam, printing + PRINTING_MINUTES);
  const examEnds = Math.max(minutes('end') ?? everyDay.examEnds, exam);
  const sending = examEnds + SCANNING_MINUTES;
  return {
    day,
    stationsUp: (due('stationsUp') ?? everyDay.stationsUp + 60) - 60,
    key: due('keyDownload') ?? everyDay.key,
    printing,
    exam,
    examEnds,
    sending,
    done: sending + SENDING_MINUTES,
    modes: modesOf(plan, role, minutes),
    paper: { sets: plan.print.setsPerRoom, pagesPerSet: plan.print.pagesPerSet },
    em: {
      fromMinute: minutes(plan.emPackage.openFrom) ?? -24 * 60,
      bytes: plan.emPackage.bytes,
    },
  };
}

function modesOf(plan: Plan, role: Role, minutes: (time: PlanTime) => number | null): ModeHours[] {
  if (neverQuietRoles.includes(role)) return [];
  return plan.modes
    .filter(({ roles }) => roles.includes(role))
    .flatMap(({ mode, from, to }) => {
      const [begins, ends] = [minutes(from), minutes(to)];
      return begins === null || ends === null ? [] : [{ mode, from: begins, to: ends }];
    });
}
