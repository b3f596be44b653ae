import { cameraRoles } from '../checks/camera.ts';
import { splitDeviceId } from '../checks/devices.ts';
import type { WorkstationState } from '../fleet/workstation-state.ts';
import type { CameraCounts } from '../messages/live.ts';
import type { Site } from '../region/region.ts';
import { isJudgedBy } from '../workstation.ts';
import { isCameraWatcher } from './cameras.ts';
import { isCameraOn } from './signals.ts';
import { cameraRoomsOf, type CameraSite } from './site-layout.ts';

/** One camera as a workstation sees it; `isOn` null where it cannot tell. */
interface Eye {
  readonly device: number;
  readonly isOn: boolean | null;
  /** How many of `OUTAGE_STEPS_SECONDS` the outage of its place has passed. */
  readonly step: number;
}

/** A workstation that looks at cameras. */
interface Watcher {
  readonly siteCode: string;
  readonly roomCode: string;
  readonly role: WorkstationState['placement']['role'];
  readonly eyes: readonly Eye[];
  /** The cameras of one that the plan has silenced: `all` of its place where it was never heard. */
  readonly resting: readonly number[] | 'all';
  /** Says the same for the same sight. */
  readonly key: string;
}

/** The cameras of one room as one PC, or all PCs of the room together, see them. */
interface Sight {
  on: number;
  off: number;
  unseen: number;
  step: number;
}

const unseen: Readonly<Sight> = { on: 0, off: 0, unseen: 0, step: 0 };
const OUTAGE_STEPS_SECONDS = [5 * 60, 15 * 60, 20 * 60];
/** Where nobody knows of any. */
export const noCameras: CameraCounts = {
  planned: 0,
  on: 0,
  off: 0,
  byRule: 0,
  darkRooms: 0,
  darkRoomsOver5Minutes: 0,
  darkRoomsOver15Minutes: 0,
  darkRoomsOver20Minutes: 0,
};
const countNames = Object.keys(noCameras) as (keyof CameraCounts)[];
const looking: ReadonlySet<string> = new Set(cameraRoles);

/**
 * Counts the cameras of many sites. A heartbeat that shows what the one before showed costs one look
 * at its checks; a site is counted anew only when a workstation of it sees otherwise.
 */
export class CameraBook {
  readonly #sites = new Map<string, CameraSite>();
  readonly #counts = new Map<string, CameraCounts>();
  readonly #stations = new Map<string, Watcher>();
  readonly #here = new Map<string, Set<string>>();
  readonly #dirty = new Set<string>();
  #total = { ...noCameras };

  /** The sites that take part. */
  setSites(sites: readonly Site[]): void {
    this.#sites.clear();
    this.#counts.clear();
    this.#total = { ...noCameras };
    for (const site of sites) {
      this.#sites.set(site.code, { site, cameraRooms: new Map() });
      this.#dirty.add(site.code);
    }
  }

  /** A workstation is new or changed. */
  see(state: WorkstationState): void {
    const known = this.#stations.get(state.id);
    const { siteCode, role } = state.placement;
    if (!known && !looking.has(role)) return;
    const key = sightKey(state);
    if (known?.key === key) return;
    if (known && known.siteCode !== siteCode) this.#here.get(known.siteCode)?.delete(state.id);
    this.#stations.set(state.id, watcherOf(state, key));
    const here = this.#here.get(siteCode) ?? new Set();
    this.#here.set(siteCode, here.add(state.id));
    this.#dirty.add(siteCode);
    if (known) this.#dirty.add(known.siteCode);
  }

  /** A workstation is enrolled no more. */
  forget(id: string): void {
    const known = this.#stations.get(id);
    if (!known) return;
    this.#stations.delete(id);
    this.#here.get(known.siteCode)?.delete(id);
    this.#dirty.add(known.siteCode);
  }

  /** All of them together, now. */
  counts(): CameraCounts {
    this.#count();
    return { ...this.#total };
  }

  /** Those of some sites, now. */
  countsOf(hasSite: (siteCode: string) => boolean): CameraCounts {
    this.#count();
    const sum = { ...noCameras };
    for (const [code, counts] of this.#counts)
      if (hasSite(code)) for (const name of countNames) sum[name] += counts[name];
    return sum;
  }

  #count(): void {
    for (const code of this.#dirty) {
      const site = this.#sites.get(code);
      if (!site) continue;
      const before = this.#counts.get(code) ?? noCameras;
      const after = siteCamerasOf(site, this.#at(code));
      this.#counts.set(code, after);
      for (const name of countNames) this.#total[name] += after[name] - before[name];
    }
    this.#dirty.clear();
  }

  #at(siteCode: string): Watcher[] {
    return [...(this.#here.get(siteCode) ?? [])].flatMap((id) => this.#stations.get(id) ?? []);
  }
}

/** A silent one sees nothing: what it saw last is as old as its silence. */
function sees({ placement, heartbeat }: WorkstationState): boolean {
  return looking.has(placement.role) && isJudgedBy(heartbeat);
}

/** The plan has silenced it, and with it the sight of its cameras. */
function rests({ placement, heartbeat }: WorkstationState): boolean {
  return looking.has(placement.role) && heartbeat.verdict === 'silentByRule';
}

/** Says the same for the same place and sight. Asked with every heartbeat. */
function sightKey(state: WorkstationState): string {
  const { siteCode, roomCode, role } = state.placement;
  let key = `${siteCode}-${roomCode} ${role}`;
  if (rests(state)) return `${key} rests ${restingOf(state).toString()}`;
  if (!sees(state)) return key;
  for (const check of state.checks) {
    const told = cameraCheckOf(check.id);
    if (told?.kind === 'stream') key += ` ${told.device}${streamMarks[String(isCameraOn(check))]}`;
    else if (told) key += `${told.device}.${stepOf(check)}`;
  }
  return key;
}

const streamMarks: Readonly<Record<string, string>> = { true: '+', false: '-', null: '?' };

function watcherOf(state: WorkstationState, key: string): Watcher {
  const { siteCode, roomCode, role } = state.placement;
  const eyes = sees(state) ? eyesOf(state.checks) : [];
  return { siteCode, roomCode, role, eyes, resting: rests(state) ? restingOf(state) : [], key };
}

/** What it looked at when it was last heard. */
function restingOf({ checks }: WorkstationState): Watcher['resting'] {
  return checks.length === 0 ? 'all' : eyesOf(checks).map(({ device }) => device);
}

function eyesOf(checks: WorkstationState['checks']): Eye[] {
  const streams = new Map<number, boolean | null>();
  const steps = new Map<number, number>();
  for (const check of checks) {
    const told = cameraCheckOf(check.id);
    if (told?.kind === 'stream') streams.set(told.device, isCameraOn(check));
    else if (told) steps.set(told.device, stepOf(check));
  }
  return [...streams].map(([device, isOn]) => ({ device, isOn, step: steps.get(device) ?? 0 }));
}

/** What a check of a camera tells of which one. */
interface CameraCheck {
  readonly kind: 'stream' | 'outage';
  readonly device: number;
}

/** Ids that were read once: two of each device, and no other is kept. */
const cameraChecks = new Map<string, CameraCheck>();

function cameraCheckOf(id: string): CameraCheck | undefined {
  if (!id.startsWith('camera.')) return undefined;
  const known = cameraChecks.get(id);
  if (known || !(id.endsWith('.stream') || id.endsWith('.outage'))) return known;
  const split = splitDeviceId(id);
  if (!split) return undefined;
  const kind = split.base === 'camera.stream' ? 'stream' : 'outage';
  if (split.base !== `camera.${kind}`) return undefined;
  const made: CameraCheck = { kind, device: split.device };
  cameraChecks.set(id, made);
  return made;
}

function stepOf({ evidence }: WorkstationState['checks'][number]): number {
  const seconds = evidence['value'];
  if (typeof seconds !== 'number') return 0;
  let step = 0;
  for (const each of OUTAGE_STEPS_SECONDS) if (seconds >= each) step += 1;
  return step;
}

/**
 * The cameras of one site. Several may see the same ones: the better sight of a room holds. A room is
 * dark while all of its cameras are seen to be off, for as long as the least of their outages. Pure.
 */
function siteCamerasOf(of: CameraSite, watchers: readonly Watcher[]): CameraCounts {
  const sights = sightsOf(of, watchers);
  const resting = restingByRoom(of, watchers);
  const counts = { ...noCameras };
  for (const { code, cameras } of of.site.rooms) {
    counts.planned += cameras;
    const sight = sights.get(code) ?? unseen;
    // Somebody may see more of them than the registry knows.
    const off = Math.min(sight.off, cameras);
    const on = Math.min(sight.on, cameras - off);
    counts.off += off;
    counts.on += on;
    counts.byRule += Math.max(
      0,
      Math.min(resting.get(code) ?? 0, cameras - on - off - sight.unseen),
    );
    if (cameras === 0) continue;
    if (sight.on > 0 || sight.off === 0 || sight.unseen > 0) continue;
    counts.darkRooms += 1;
    if (sight.step >= 1) counts.darkRoomsOver5Minutes += 1;
    if (sight.step >= 2) counts.darkRoomsOver15Minutes += 1;
    if (sight.step >= 3) counts.darkRoomsOver20Minutes += 1;
  }
  return counts;
}

/** Cameras of each room that PCs which the plan has silenced would see. */
function restingByRoom(of: CameraSite, watchers: readonly Watcher[]): ReadonlyMap<string, number> {
  const resting = new Map<string, number>();
  for (const watcher of watchers) {
    if (watcher.resting.length === 0) continue;
    // Those of its own room come first: a PC that does not watch the site has no others.
    const rooms = cameraRoomsOf(of, watcher.roomCode);
    const codes =
      watcher.resting === 'all' ? rooms : watcher.resting.map((device) => rooms[device - 1]);
    for (const code of codes)
      if (code !== undefined && (isCameraWatcher(watcher) || code === watcher.roomCode))
        resting.set(code, (resting.get(code) ?? 0) + 1);
  }
  return resting;
}

function sightsOf(of: CameraSite, watchers: readonly Watcher[]): Map<string, Sight> {
  const best = roomSightsOf(of, watchers);
  for (const watcher of watchers) {
    if (!isCameraWatcher(watcher)) continue;
    const rooms = cameraRoomsOf(of, watcher.roomCode);
    const own = new Map<string, Sight>();
    for (const eye of watcher.eyes) {
      const code = rooms[eye.device - 1];
      if (code !== undefined) look(own, code, eye);
    }
    for (const [code, sight] of own) best.set(code, better(sight, best.get(code)));
  }
  return best;
}

/** What PCs of rooms see of their own room. */
function roomSightsOf({ site }: CameraSite, watchers: readonly Watcher[]): Map<string, Sight> {
  const all = new Map<string, Sight>();
  const best = new Map<string, Sight>();
  for (const watcher of watchers) {
    if (isCameraWatcher(watcher)) continue;
    const { roomCode, eyes } = watcher;
    const own = new Map<string, Sight>();
    for (const eye of eyes) {
      look(all, roomCode, eye);
      look(own, roomCode, eye);
    }
    const sight = own.get(roomCode);
    if (sight) best.set(roomCode, better(sight, best.get(roomCode)));
  }
  // Together they see each camera once, unless they see more than there are: then the same ones.
  for (const { code, cameras } of site.rooms) {
    const sight = all.get(code);
    if (sight && sight.on + sight.off + sight.unseen <= cameras) best.set(code, sight);
  }
  return best;
}

function look(sights: Map<string, Sight>, code: string, { isOn, step }: Eye): void {
  const sight = sights.get(code) ?? { on: 0, off: 0, unseen: 0, step: OUTAGE_STEPS_SECONDS.length };
  sights.set(code, sight);
  if (isOn === null) sight.unseen += 1;
  else if (isOn) sight.on += 1;
  else sight.off += 1;
  sight.step = Math.min(sight.step, step);
}

function better(a: Sight, b: Sight | undefined): Sight {
  if (!b) return a;
  if (a.on !== b.on) return a.on > b.on ? a : b;
  if (a.off !== b.off) return a.off > b.off ? a : b;
  if (a.unseen !== b.unseen) return a.unseen < b.unseen ? a : b;
  return a.step <= b.step ? a : b;
}
