import { deviceId, splitDeviceId } from '../checks/devices.ts';
import type { Duty, Role } from '../placement.ts';
import { foldCounter, type CounterSignal } from './counter.ts';
import type { StationCheck, StationFacts } from './station-facts.ts';

/** One camera as its workstation last saw it, and since when. */
export interface CameraSignal {
  readonly isOn: boolean;
  readonly sinceMs: number;
}

/**
 * What stages remember of one workstation: plain JSON, by the number of the device. Times are of the
 * rehearsal's clock.
 */
export interface Signals {
  readonly siteCode: string;
  readonly roomCode: string;
  readonly role: Role;
  readonly duty: Duty;
  readonly firstHeardMs: number | null;
  readonly isHeard: boolean;
  /** Since when it is heard, or silent. */
  readonly sinceMs: number;
  /** The exam's program runs; null where nobody looks. */
  readonly isAppUp: boolean | null;
  /** The headset plays and records; null where nobody looks. */
  readonly isSoundOk: boolean | null;
  /** Received share of the exam materials, in whole percents; null before any. */
  readonly emPercent: number | null;
  readonly printers: Readonly<Record<string, CounterSignal>>;
  readonly scanners: Readonly<Record<string, CounterSignal>>;
  readonly cameras: Readonly<Record<string, CameraSignal>>;
  /**
   * What was reached by measurement and when: `0012/up` by this workstation, and by the devices of a
   * place together `0012/written.printing.1`. It stays, whatever comes after.
   */
  readonly reached: Readonly<Record<string, number>>;
}

/** From when on counters count, null for never. */
export interface SignalWindows {
  readonly printFromMs: number | null;
  readonly scanFromMs: number | null;
}

const none: Readonly<Record<string, never>> = Object.freeze({});
export const noWindows: SignalWindows = { printFromMs: null, scanFromMs: null };

/** What is remembered after facts were seen. Pure; the same object when nothing changed. */
export function foldSignals(
  before: Signals | undefined,
  seen: StationFacts,
  nowMs: number,
  windows: SignalWindows = noWindows,
): Signals {
  const known = inPlace(before ?? unseen(seen, nowMs), seen);
  const devices = devicesOf(seen.checks);
  const isHeardChanged = known.isHeard !== seen.isHeard;
  const next: Signals = {
    ...known,
    role: seen.role,
    duty: seen.duty,
    firstHeardMs: known.firstHeardMs ?? (seen.isHeard ? nowMs : null),
    isHeard: seen.isHeard,
    sinceMs: isHeardChanged ? nowMs : known.sinceMs,
    isAppUp: devices.isAppUp ?? known.isAppUp,
    isSoundOk: devices.isSoundOk ?? known.isSoundOk,
    emPercent: emPercentOf(seen) ?? known.emPercent,
    printers: foldCounters(known.printers, seen, {
      base: 'printer.pages.count',
      devices: devices.printers,
      fromMs: windows.printFromMs,
    }),
    scanners: foldCounters(known.scanners, seen, {
      base: 'scanner.images.count',
      devices: devices.scanners,
      fromMs: windows.scanFromMs,
    }),
    cameras: foldCameras(known.cameras, devices.cameras, nowMs),
  };
  return before !== undefined && isSame(before, next) ? before : next;
}

/** What it counted and showed is of the room where it stood. */
function inPlace(known: Signals, { siteCode, roomCode }: StationFacts): Signals {
  if (known.siteCode === siteCode && known.roomCode === roomCode) return known;
  return {
    ...known,
    siteCode,
    roomCode,
    printers: rebased(known.printers),
    scanners: rebased(known.scanners),
    reached: none,
  };
}

function rebased(counters: Signals['printers']): Signals['printers'] {
  return Object.fromEntries(
    Object.entries(counters).map(([device, each]) => [
      device,
      { ...each, counted: 0, settled: 0, startedAtMs: null, grownAtMs: null },
    ]),
  );
}

function unseen(seen: StationFacts, nowMs: number): Signals {
  const { siteCode, roomCode, role, duty } = seen;
  return {
    siteCode,
    roomCode,
    role,
    duty,
    firstHeardMs: null,
    isHeard: false,
    sinceMs: nowMs,
    isAppUp: null,
    isSoundOk: null,
    emPercent: null,
    printers: none,
    scanners: none,
    cameras: none,
    reached: none,
  };
}

interface Devices {
  isAppUp: boolean | null;
  isSoundOk: boolean | null;
  /** Numbers beside the first, which is always asked for. */
  readonly printers: number[];
  readonly scanners: number[];
  readonly cameras: { readonly device: number; readonly isOn: boolean }[];
}

function devicesOf(checks: readonly StationCheck[]): Devices {
  const found: Devices = {
    isAppUp: null,
    isSoundOk: null,
    printers: [],
    scanners: [],
    cameras: [],
  };
  for (const check of checks) {
    if (check.id === 'app.running') found.isAppUp = toldBy(check);
    else if (check.id === 'audio.headset') found.isSoundOk = toldBy(check);
    else if (check.id.endsWith('.stream')) addCamera(found, check);
    else if (check.id.endsWith('.state')) addCounted(found, check.id);
  }
  return found;
}

function toldBy({ verdict }: StationCheck): boolean | null {
  if (verdict === 'ok' || verdict === 'warn') return true;
  return verdict === 'fail' ? false : null;
}

function addCamera({ cameras }: Devices, check: StationCheck): void {
  const split = splitDeviceId(check.id);
  const isOn = split?.base === 'camera.stream' ? isCameraOn(check) : null;
  if (split && isOn !== null) cameras.push({ device: split.device, isOn });
}

/** Whether a camera sends, by the check of its stream; null where nobody can tell. */
export function isCameraOn({
  verdict,
  evidence,
}: Pick<StationCheck, 'verdict' | 'evidence'>): boolean | null {
  if (verdict === 'unknown') return null;
  // A stream that is off is a mere warning while the room's other camera sends: `picture` is there
  // only when this one does.
  return verdict === 'ok' || (verdict === 'warn' && evidence['picture'] !== undefined);
}

function addCounted({ printers, scanners }: Devices, id: string): void {
  const split = splitDeviceId(id);
  if (!split || split.device === 1) return;
  if (split.base === 'printer.state') printers.push(split.device);
  if (split.base === 'scanner.state') scanners.push(split.device);
}

/** Whole percents: the store is written when people would see a difference. */
function emPercentOf(seen: StationFacts): number | null {
  const ratio = seen.role === 'hq' ? seen.metric('net.em.ratio')?.value : undefined;
  return ratio === undefined ? null : Math.floor(ratio * 100);
}

function foldCounters(
  known: Signals['printers'],
  seen: StationFacts,
  of: { readonly base: string; readonly devices: number[]; readonly fromMs: number | null },
): Signals['printers'] {
  let next: Record<string, CounterSignal> | undefined;
  for (let at = -1; at < of.devices.length; at += 1) {
    const device = at < 0 ? 1 : (of.devices[at] ?? 1);
    const reading = seen.metric(device === 1 ? of.base : deviceId(of.base, device));
    if (reading === undefined) continue;
    const counter = foldCounter(known[device], reading, of.fromMs);
    if (counter !== known[device]) (next ??= { ...known })[device] = counter;
  }
  return next ?? known;
}

function foldCameras(
  known: Signals['cameras'],
  seen: Devices['cameras'],
  nowMs: number,
): Signals['cameras'] {
  let next: Record<string, CameraSignal> | undefined;
  for (const { device, isOn } of seen) {
    if (known[device]?.isOn === isOn) continue;
    (next ??= { ...known })[device] = { isOn, sinceMs: nowMs };
  }
  return next ?? known;
}

function isSame(a: Signals, b: Signals): boolean {
  return (
    a.siteCode === b.siteCode &&
    a.roomCode === b.roomCode &&
    a.role === b.role &&
    a.duty === b.duty &&
    a.isHeard === b.isHeard &&
    a.isAppUp === b.isAppUp &&
    a.isSoundOk === b.isSoundOk &&
    a.emPercent === b.emPercent &&
    a.firstHeardMs === b.firstHeardMs &&
    a.printers === b.printers &&
    a.scanners === b.scanners &&
    a.cameras === b.cameras
  );
}
