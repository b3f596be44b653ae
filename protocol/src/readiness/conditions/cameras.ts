import { cameraRoles } from '../../checks/camera.ts';
import { splitDeviceId } from '../../checks/devices.ts';
import type { Site } from '../../region/region.ts';
import { goesThrough, placesOf, type ConditionDefinition, type SiteFacts } from '../condition.ts';
import { isWorse, tally, unreadable, type Place } from '../places.ts';
import { checksOf, sightOf } from '../station.ts';
import { carriedDueMs, placeOfChecks, stationOf } from './reading.ts';

/** `domain.md`, check 19: every camera that the region names streams, two a room as a rule. */
export const camerasOn: ConditionDefinition = {
  id: 'camerasOn',
  roles: cameraRoles,
  checks: ['camera.stream'],
  stages: [],
  appliesTo: (facts) =>
    goesThrough(facts, 'video') && facts.site.rooms.some(({ cameras }) => cameras > 0),
  judge: (facts, nowMs) => {
    const cameras = camerasByCode(facts.site);
    const seen = seenCameras(facts, cameras, nowMs);
    const places = cameras.map(
      (roomCode, at): Place => seen[at] ?? unwatched(facts, roomCode, nowMs),
    );
    const planned = placesOf(facts, cameraRoles, 'any');
    return { ...tally(places), dueMs: carriedDueMs(facts, planned, nowMs) };
  },
};

/** The room of every camera of a site, rooms by their code. */
function camerasByCode({ rooms }: Site): string[] {
  return [...rooms]
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .flatMap(({ code, cameras }) => Array.from({ length: cameras }, () => code));
}

/** Cameras as their watchers see them; of two who watch the same one the better sight counts. */
function seenCameras(
  facts: SiteFacts,
  cameras: readonly string[],
  nowMs: number,
): readonly (Place | undefined)[] {
  const seen: (Place | undefined)[] = cameras.map(() => undefined);
  for (const each of placesOf(facts, cameraRoles, 'any')) {
    const sight = sightOf(stationOf(facts, each), nowMs);
    if (sight.kind !== 'readable') continue;
    const own = { from: cameras.indexOf(each.room.code), count: each.room.cameras };
    for (const check of checksOf(sight.checks, 'camera.stream')) {
      const at = cameraAt((splitDeviceId(check.id)?.device ?? 1) - 1, own);
      const roomCode = cameras[at];
      if (roomCode === undefined) continue;
      const place = placeOfChecks(roomCode, [check], sight.atMs);
      const known = seen[at];
      if (!known || isWorse(known.verdict, place.verdict)) seen[at] = place;
    }
  }
  return seen;
}

/**
 * Which camera is the n-th of a PC, from 0: those of its own room come first, then those of the other
 * rooms by their code. Stages read them in the same way.
 */
function cameraAt(n: number, own: { readonly from: number; readonly count: number }): number {
  if (own.from < 0 || own.count === 0) return n;
  if (n < own.count) return own.from + n;
  return n - own.count < own.from ? n - own.count : n;
}

/** A camera that nobody sees: its room's watcher is not heard, or does not know of it. */
function unwatched(facts: SiteFacts, roomCode: string, nowMs: number): Place {
  const watchers = placesOf(facts, cameraRoles);
  const own = watchers.filter(({ room }) => room.code === roomCode);
  for (const each of own.length > 0 ? own : watchers) {
    const sight = sightOf(stationOf(facts, each), nowMs);
    if (sight.kind !== 'readable') return unreadable(roomCode, sight);
  }
  return { roomCode, verdict: 'unknown', reason: 'camerasMissing', atMs: null };
}
