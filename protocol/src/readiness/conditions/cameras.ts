import { splitDeviceId } from '../../checks/devices.ts';
import type { Role } from '../../placement.ts';
import type { Site } from '../../region/region.ts';
import { goesThrough, placesOf, type ConditionDefinition, type SiteFacts } from '../condition.ts';
import { isWorse, tally, unreadable, type Place } from '../places.ts';
import { checksOf, sightOf } from '../station.ts';
import { carriedDueMs, placeOfChecks, stationOf } from './reading.ts';

const cameraRoles: readonly Role[] = ['hq', 'organizer', 'video', 'rcoi'];

/** `domain.md`, check 19: every camera that the region names streams, two a room as a rule. */
export const camerasOn: ConditionDefinition = {
  id: 'camerasOn',
  roles: cameraRoles,
  checks: ['camera.stream'],
  stages: [],
  appliesTo: (facts) =>
    goesThrough(facts, 'video') && facts.site.rooms.some(({ cameras }) => cameras > 0),
  judge: (facts, nowMs) => {
    const seen = seenCameras(facts, nowMs);
    const places = facts.site.rooms.flatMap(({ code, cameras }) =>
      Array.from(
        { length: cameras },
        (_, at): Place => seen.get(cameraKey(code, at)) ?? unwatched(facts, code, nowMs),
      ),
    );
    const planned = placesOf(facts, cameraRoles, 'any');
    return { ...tally(places), dueMs: carriedDueMs(facts, planned, nowMs) };
  },
};

/** Cameras as their watchers see them; of two who watch the same one the better sight counts. */
function seenCameras(facts: SiteFacts, nowMs: number): ReadonlyMap<string, Place> {
  const seen = new Map<string, Place>();
  for (const each of placesOf(facts, cameraRoles, 'any')) {
    const sight = sightOf(stationOf(facts, each), nowMs);
    if (sight.kind !== 'readable') continue;
    const found = checksOf(sight.checks, 'camera.stream');
    if (found.length === 0) continue;
    const order = cameraOrder(facts.site, each.room.code);
    for (const check of found) {
      const camera = order[(splitDeviceId(check.id)?.device ?? 1) - 1];
      if (!camera) continue;
      const place = placeOfChecks(camera.roomCode, [check], sight.atMs);
      const known = seen.get(camera.key);
      if (!known || isWorse(known.verdict, place.verdict)) seen.set(camera.key, place);
    }
  }
  return seen;
}

/**
 * Which camera is the n-th of a PC: those of its own room come first, then those of the other rooms
 * by their code. Stages read them in the same way.
 */
function cameraOrder(site: Site, ownRoomCode: string): { key: string; roomCode: string }[] {
  const others = site.rooms
    .filter(({ code }) => code !== ownRoomCode)
    .sort((a, b) => (a.code < b.code ? -1 : 1));
  const own = site.rooms.filter(({ code }) => code === ownRoomCode);
  return [...own, ...others].flatMap(({ code, cameras }) =>
    Array.from({ length: cameras }, (_, at) => ({ key: cameraKey(code, at), roomCode: code })),
  );
}

function cameraKey(roomCode: string, at: number): string {
  return `${roomCode} ${at}`;
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
