import {
  deviceId,
  type Room,
  type Signals,
  type Site,
  type StationFacts,
} from '@ppe-pulse/protocol';
import type { EmInput, RoomPrintInput, SiteForecastInputs, UplinkInput } from './inputs.ts';

/** A workstation of a site, as stages know it. */
export interface ForecastStation {
  readonly facts: StationFacts;
  readonly signals: Signals | undefined;
}

/** What a site's inputs are read from. */
export interface SiteView {
  readonly site: Site;
  readonly stations: readonly ForecastStation[];
  /** Size of the package, of the plan. */
  readonly emBytes: number;
  /** When stages say that a room is printed, by measurement or claim; null while it is not. */
  readonly printedAtMs: (roomCode: string) => number | null;
  /** When stages say that the package is here; null while it is not. */
  readonly emHereAtMs: number | null;
}

/** Printers of these print the sets. */
const printing = new Set(['organizer', 'print']);
/** A printer in one of these prints until somebody comes; other verdicts of it are no standstill. */
const STANDS = 'fail';

/** Inputs of forecasts from what stages remember and workstations last said. */
export function siteInputsOf(view: SiteView): SiteForecastInputs {
  const byRoom = roomsOf(view.stations);
  const hq = view.stations.find(({ facts }) => facts.role === 'hq' && facts.duty === 'main');
  return {
    rooms: view.site.rooms
      .filter(({ purposes }) => purposes.includes('written'))
      .map((room) => roomInput(room, byRoom.get(room.code) ?? [], view)),
    em: emInput(hq, view),
    uplink: uplinkInput(hq, view),
  };
}

function roomsOf(stations: readonly ForecastStation[]): Map<string, ForecastStation[]> {
  const rooms = new Map<string, ForecastStation[]>();
  for (const station of stations) {
    const known = rooms.get(station.facts.roomCode);
    if (known) known.push(station);
    else rooms.set(station.facts.roomCode, [station]);
  }
  return rooms;
}

/** A reserve counts once it prints: then it stands in for the main one. */
function roomInput(
  room: Room,
  stations: readonly ForecastStation[],
  view: SiteView,
): RoomPrintInput {
  const printers = stations
    .filter(({ facts }) => printing.has(facts.role))
    .map((station) => ({ station, counter: station.signals?.printers['1'] }));
  const counted = printers.flatMap(({ station, counter }) =>
    counter && (counter.startedAtMs !== null || station.facts.duty === 'main') ? counter : [],
  );
  const starts = counted.flatMap(({ startedAtMs }) => startedAtMs ?? []);
  const isKnown = counted.length > 0 && !counted.some(({ isPartial }) => isPartial);
  const running = printers.filter(({ counter }) => (counter?.startedAtMs ?? null) !== null);
  const asked = (running.length > 0 ? running : printers).map(({ station }) => station.facts);
  const speeds = asked.flatMap((facts) => facts.metric(SPEED)?.value ?? []);
  return {
    roomCode: room.code,
    pagesDone: isKnown ? sumOf(counted.map((each) => each.counted)) : null,
    countedAtMs: isKnown ? Math.max(...counted.map(({ lastAtMs }) => lastAtMs)) : null,
    pagesPerMinute: speeds.length > 0 ? sumOf(speeds) : null,
    isStuck: starts.length > 0 && asked.length > 0 && asked.every(stands),
    startedAtMs: starts.length > 0 ? Math.min(...starts) : null,
    isWatched: printers.some(({ station }) => station.facts.isHeard),
    doneAtMs: view.printedAtMs(room.code),
  };
}

const SPEED = 'printer.speed.pagesPerMinute';

function stands(facts: StationFacts): boolean {
  return facts.checks.some(({ id, verdict }) => id === 'printer.state' && verdict === STANDS);
}

function emInput(hq: ForecastStation | undefined, view: SiteView): EmInput | null {
  if (!hq) {
    const nobody = { receivedBytes: null, receivedAtMs: null };
    const untested = { downBytesPerSecond: null, downAtMs: null };
    return { ...nobody, ...untested, doneAtMs: view.emHereAtMs };
  }
  const metric = (id: string) => hq.facts.metric(id);
  const ratio = metric('net.em.ratio');
  const [low, high] = [metric('net.em.low.seconds'), metric('net.em.high.seconds')];
  const down = metric('net.down.bytesPerSecond');
  return {
    receivedBytes: ratio ? Math.round(ratio.value * view.emBytes) : null,
    receivedAtMs: ratio?.atMs ?? null,
    doneAtMs: view.emHereAtMs,
    range:
      low && high
        ? { lowSeconds: low.value, highSeconds: high.value, atMs: Math.min(low.atMs, high.atMs) }
        : null,
    downBytesPerSecond: down?.value ?? null,
    downAtMs: down?.atMs ?? null,
  };
}

/** Cameras are planned by rooms and measured by whoever watches them. */
function uplinkInput(hq: ForecastStation | undefined, view: SiteView): UplinkInput {
  const cameras = sumOf(view.site.rooms.map((room) => room.cameras));
  const rates = view.stations.flatMap(({ facts, signals }) =>
    Object.entries(signals?.cameras ?? {})
      .filter(([, { isOn }]) => isOn)
      .flatMap(([device]) => cameraRate(facts, Number(device)) ?? []),
  );
  const up = hq?.facts.metric('net.up.bytesPerSecond');
  const em = hq?.facts.metric('net.em.bytesPerSecond')?.value ?? 0;
  const isWhole = cameras > 0 && rates.length >= cameras && up !== undefined && up.value > 0;
  return {
    cameras,
    cameraBytesPerSecond: rates.length > 0 ? sumOf(rates) / rates.length : null,
    emBytesPerSecond: em,
    upBytesPerSecond: up?.value ?? null,
    upAtMs: up?.atMs ?? null,
    loadRatio: isWhole ? (sumOf(rates) + em) / up.value : null,
  };
}

function cameraRate(facts: StationFacts, device: number): number | undefined {
  return facts.metric(deviceId('camera.bytesPerSecond', device))?.value;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0);
}
