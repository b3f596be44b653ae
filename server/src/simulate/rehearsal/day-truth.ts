import type { Room, StageTrack } from '@ppe-pulse/protocol';
import { emDownloadAt, scanningOf } from '../day.ts';
import type { Occurrence } from '../occurrence.ts';
import { printedAtMs } from '../probes/printer.ts';
import type { SimulatedSite, SimulatedWorkstation } from '../region.ts';
import { localTimeOf, momentOf } from '../simulated-time.ts';
import { trackOfRoom, type PlannedRegion } from './planned-region.ts';
import { switchedOnAtMs } from './routine.ts';

/** A room of one track with those that stand in it. */
export interface TruthRoom {
  readonly room: Room;
  readonly workstations: readonly SimulatedWorkstation[];
  /** When its sets were out and its answers scanned; null where that never happens. */
  readonly printedMs: number | null;
  readonly scannedMs: number | null;
}

/** What really happens at one site on one track: simulated moments. */
export interface DayTruth {
  readonly site: SimulatedSite;
  readonly track: StageTrack;
  readonly rooms: readonly TruthRoom[];
  readonly camerasOnMs: number;
  readonly stationsUpMs: number;
  /** Null: it does not end within two days. */
  readonly emHereMs: number | null;
  readonly keyMs: number;
  readonly examMs: number;
  readonly examEndsMs: number;
  /** When somebody says that a room is printed although it is not, by the room's code. */
  readonly earlyClaims: ReadonlyMap<string, number>;
}

/** What it is worked out from. */
export interface TruthParts {
  readonly region: PlannedRegion;
  readonly occurrencesOf: (workstationIndex: number) => readonly Occurrence[];
  readonly utcOffsetMinutes: number;
}

const MINUTE = 60_000;
const TWO_DAYS_MINUTES = 2 * 24 * 60;

/** Every site on every track that it goes through. Pure. */
export function dayTruths(parts: TruthParts): DayTruth[] {
  const bySite = new Map<SimulatedSite, SimulatedWorkstation[]>();
  for (const workstation of parts.region.workstations) {
    const known = bySite.get(workstation.site);
    if (known) known.push(workstation);
    else bySite.set(workstation.site, [workstation]);
  }
  return parts.region.sites.flatMap((site) =>
    (parts.region.registered[site.index]?.involvement.tracks ?? []).map((track) =>
      dayTruth(parts, site, track, bySite.get(site) ?? []),
    ),
  );
}

function dayTruth(
  parts: TruthParts,
  site: SimulatedSite,
  track: StageTrack,
  all: readonly SimulatedWorkstation[],
): DayTruth {
  const { region, utcOffsetMinutes } = parts;
  const registered = region.registered[site.index];
  const rooms = (registered?.site.rooms ?? [])
    .filter(
      (room) =>
        registered && (track === 'video' || trackOfRoom(room, registered.involvement) === track),
    )
    .map((room) => truthRoom(parts, room, all));
  const main = all.filter(({ placement }) => placement.duty === 'main');
  const inRooms = rooms.flatMap(({ workstations }) => workstations);
  const timetable = inRooms.find(({ isInRoom }) => isInRoom)?.timetable ?? site.timetable;
  const moment = (minute: number): number =>
    momentOf({ day: region.book.day, minute }, utcOffsetMinutes);
  const upMs = (those: readonly SimulatedWorkstation[]): number =>
    those.reduce(
      (last, each) => Math.max(last, upAtMs(parts, each)),
      moment(timetable.stationsUp - 60),
    );
  return {
    site,
    track,
    rooms,
    camerasOnMs: upMs(main.filter(({ cameras }) => cameras > 0)),
    stationsUpMs: upMs(inRooms.filter(({ placement }) => placement.duty === 'main')),
    emHereMs: emHereMs(parts, site, all),
    keyMs: moment(timetable.key),
    examMs: moment(timetable.exam),
    examEndsMs: moment(timetable.examEnds),
    earlyClaims: earlyClaims(parts, all),
  };
}

function truthRoom(
  { occurrencesOf, utcOffsetMinutes }: TruthParts,
  room: Room,
  all: readonly SimulatedWorkstation[],
): TruthRoom {
  const workstations = all.filter(({ placement }) => placement.roomCode === room.code);
  const printer = workstations.find(({ roomsPrinted }) => roomsPrinted > 0);
  const scanner = workstations.find(
    ({ roomsScanned, hasScanner }) => roomsScanned > 0 && hasScanner,
  );
  const printedMs = printer
    ? printedAtMs({
        workstation: printer,
        utcOffsetMinutes,
        occurrences: occurrencesOf(printer.index),
      })
    : undefined;
  const day = scanner?.timetable.day ?? null;
  let scannedMs: number | null = null;
  if (scanner && day !== null) {
    const { fromMinute, images, imagesPerMinute } = scanningOf(scanner, day);
    scannedMs = momentOf({ day, minute: fromMinute + images / imagesPerMinute }, utcOffsetMinutes);
  }
  return { room, workstations, printedMs: printedMs ?? null, scannedMs };
}

/** A PC is up when it was switched on and is not off for another reason just then. */
function upAtMs({ region, utcOffsetMinutes }: TruthParts, each: SimulatedWorkstation): number {
  if (each.placement.role === 'hq') return Number.NEGATIVE_INFINITY;
  return switchedOnAtMs(region, each, utcOffsetMinutes);
}

function emHereMs(
  { occurrencesOf, utcOffsetMinutes }: TruthParts,
  site: SimulatedSite,
  all: readonly SimulatedWorkstation[],
): number | null {
  const hq = all.find(({ placement }) => placement.role === 'hq');
  const slow = hq && occurrencesOf(hq.index).find(({ fault }) => fault === 'slowEm');
  if (slow) return Number.isFinite(slow.toMs) ? slow.toMs : null;
  const { day, em } = site.timetable;
  if (day === null || em === null) return null;
  const fromMs = momentOf({ day, minute: em.fromMinute }, utcOffsetMinutes);
  for (let minute = 0; minute < TWO_DAYS_MINUTES; minute += 5) {
    const atMs = fromMs + minute * MINUTE;
    if (emDownloadAt(site, localTimeOf(atMs, utcOffsetMinutes)).isDone) return atMs;
  }
  return null;
}

function earlyClaims(
  { occurrencesOf }: TruthParts,
  all: readonly SimulatedWorkstation[],
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { index, placement } of all)
    for (const { fault, fromMs } of occurrencesOf(index))
      if (fault === 'earlyClaim') found.set(placement.roomCode, fromMs);
  return found;
}
