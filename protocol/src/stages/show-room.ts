import { isCameraWatcher, sightOf } from './cameras.ts';
import { ownKey, type OwnMeasure } from './latch.ts';
import {
  shownNothing,
  silenceOf,
  type Clock,
  type Missing,
  type Shown,
  type StationRecord,
} from './shown.ts';
import type { Signals } from './signals.ts';
import { mainOf, type RoomLayout, type RoomSlot, type SiteLayout } from './site-layout.ts';
import type { Measure } from './stage-catalogue.ts';
import { usualRole } from './witnesses.ts';

/** Less than this share of a count contradicts whoever claims all of it: norms are not exact. */
const CONTRADICTING_SHARE = 0.9;

/** A stage of a room and those whose devices tell of it. */
export interface Witnessed {
  readonly site: SiteLayout;
  readonly room: RoomLayout;
  readonly roomSlot: RoomSlot;
  readonly measure: Measure;
  readonly witnesses: readonly StationRecord[];
}

/** What devices show of a stage in a room now. */
export function showRoom(of: Witnessed, clock: Clock): Shown {
  switch (of.measure) {
    case 'up':
      return showStations(of, 'up', clock, ({ isAppUp }) => isAppUp ?? true);
    case 'sound':
      return showStations(of, 'sound', clock, ({ isSoundOk }) => isSoundOk);
    case 'pages':
      return showCounted(of, clock, pages);
    case 'images':
      return showCounted(of, clock, images);
    case 'cameras':
      return showCameras(of, clock);
    case 'em':
      return shownNothing('notMeasured');
  }
}

/** What the Штаб shows of the exam materials. */
export function showEm(stations: readonly StationRecord[], clock: Clock): Shown {
  const times = stations
    .flatMap(({ signals }) => signals.reached[ownKey(signals.roomCode, 'em')] ?? [])
    .sort((a, b) => a - b);
  if (times.length > 0) return { times: times.slice(0, 1), contradicted: 0, missing: null };
  const heard = stations.filter(({ signals }) => signals.isHeard);
  if (heard.length === 0) return shownNothing(silenceOf(stations, 'hq', clock));
  const isSeen = heard.some(({ signals }) => signals.emPercent !== null);
  return isSeen ? { times: [], contradicted: 1, missing: null } : shownNothing('notMeasured');
}

/** Each workstation is a witness of itself: `isGood` says null where it does not tell. */
function showStations(
  { room, roomSlot, witnesses }: Witnessed,
  measure: OwnMeasure,
  clock: Clock,
  isGood: (signals: Signals) => boolean | null,
): Shown {
  const key = ownKey(room.room.code, measure);
  const reached: number[] = [];
  const silent: StationRecord[] = [];
  let bad = 0;
  let untold = 0;
  for (const each of witnesses) {
    const atMs = each.signals.reached[key];
    if (atMs !== undefined) reached.push(atMs);
    else if (!each.signals.isHeard) silent.push(each);
    else if (isGood(each.signals) === false) bad += 1;
    else untold += 1;
  }
  reached.sort((a, b) => a - b);
  const { slot, total } = roomSlot;
  const isSeat = slot.unit === 'seat';
  const needed = isSeat ? total : neededStations(room, roomSlot);
  const last = reached[needed - 1];
  const times = isSeat ? reached.slice(0, total) : last === undefined ? [] : [last];
  const isUntold = untold > 0 && silent.length === 0 && witnesses.length >= needed;
  const missing = isUntold ? 'notMeasured' : silenceOf(silent, usualRole(slot.track), clock);
  const contradicted = isSeat ? bad : Math.min(bad, 1 - times.length);
  return { times, contradicted, missing: bad > 0 ? null : missing };
}

/** Workstations of a room that its exam needs, at least one. */
function neededStations({ room }: RoomLayout, { slot }: RoomSlot): number {
  const planned =
    slot.track === 'speaking'
      ? mainOf(room, 'speaking')
      : mainOf(room, 'organizer') + mainOf(room, 'print');
  return Math.max(1, planned);
}

interface Counted {
  readonly kind: 'printers' | 'scanners';
  readonly field: 'counted' | 'settled';
  readonly absent: Missing;
}

const pages: Counted = { kind: 'printers', field: 'counted', absent: 'noPageCounter' };
/** A scanner has done its room when it stands still after enough sheets. */
const images: Counted = { kind: 'scanners', field: 'settled', absent: 'noImageCounter' };

function showCounted(
  { roomSlot, witnesses }: Witnessed,
  clock: Clock,
  { kind, field, absent }: Counted,
): Shown {
  const { slot, target } = roomSlot;
  let sum = 0;
  let grownAtMs: number | null = null;
  let isPartial = false;
  let counters = 0;
  for (const { signals } of witnesses) {
    for (const device in signals[kind]) {
      const counter = signals[kind][device];
      if (!counter) continue;
      counters += 1;
      sum += counter[field];
      isPartial ||= counter.isPartial;
      if (counter.grownAtMs !== null) grownAtMs = Math.max(grownAtMs ?? 0, counter.grownAtMs);
    }
  }
  if (target > 0 && sum >= target && grownAtMs !== null)
    return { times: [grownAtMs], contradicted: 0, missing: null };
  const silent = witnesses.filter(({ signals }) => !signals.isHeard);
  if (silent.length > 0 || witnesses.length === 0)
    return shownNothing(silenceOf(silent, usualRole(slot.track), clock));
  if (counters === 0) return shownNothing(absent);
  if (isPartial) return shownNothing('countIncomplete');
  return { times: [], contradicted: sum < target * CONTRADICTING_SHARE ? 1 : 0, missing: null };
}

function showCameras({ site, room, witnesses }: Witnessed, clock: Clock): Shown {
  const sight = sightOf(site, room, witnesses);
  const { dayFromMs } = site.zone;
  // Two PCs that watch the same two cameras count four of them: one that is off decides.
  if (sight.on >= room.room.cameras && sight.off === 0 && clock.nowMs >= dayFromMs)
    return { times: [Math.max(sight.sinceMs, dayFromMs)], contradicted: 0, missing: null };
  if (sight.off > 0) return { times: [], contradicted: 1, missing: null };
  const silent = witnesses.filter(({ signals }) => !signals.isHeard);
  const watching = silent.filter(
    ({ signals }) => isCameraWatcher(signals) || Object.keys(signals.cameras).length > 0,
  );
  const unheard = watching.length > 0 ? watching : silent;
  if (unheard.length > 0) return shownNothing(silenceOf(unheard, 'video', clock));
  const isPlanned = room.room.workstations.length > 0;
  return shownNothing(witnesses.length === 0 && isPlanned ? 'notHeard' : 'notWatched');
}
