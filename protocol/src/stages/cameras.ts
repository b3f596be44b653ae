import type { StationRecord } from './shown.ts';
import type { Signals } from './signals.ts';
import { cameraRoomsOf, type RoomLayout, type SiteLayout } from './site-layout.ts';

/** The cameras of a room as heard workstations see them. */
export interface Sight {
  readonly on: number;
  readonly off: number;
  /** When the last of those that are on came on. */
  readonly sinceMs: number;
}

const blind: Sight = { on: 0, off: 0, sinceMs: Number.NEGATIVE_INFINITY };

/** A PC that watches the cameras of its whole site. */
export function isCameraWatcher({ role }: Pick<Signals, 'role'>): boolean {
  return role === 'video' || role === 'rcoi';
}

/**
 * What is seen of a room's cameras. Its own PC and the one that watches the site may see the same
 * ones: the better sight holds.
 */
export function sightOf(
  site: SiteLayout,
  room: RoomLayout,
  stations: readonly StationRecord[],
): Sight {
  const { code } = room.room;
  let own = blind;
  let best = blind;
  for (const { signals } of stations) {
    if (!signals.isHeard) continue;
    if (!isCameraWatcher(signals)) {
      if (signals.roomCode === code) own = addSight(own, signals, () => true);
      continue;
    }
    const rooms = cameraRoomsOf(site, signals.roomCode);
    best = better(
      best,
      addSight(blind, signals, (device) => rooms[device - 1] === code),
    );
  }
  return better(own, best);
}

function better(a: Sight, b: Sight): Sight {
  if (a.on !== b.on) return a.on > b.on ? a : b;
  // The same number of cameras: whoever saw them first, and whoever sees that one is off.
  if (a.off !== b.off) return a.off > b.off ? a : b;
  return a.sinceMs <= b.sinceMs ? a : b;
}

function addSight(sight: Sight, signals: Signals, isOfRoom: (device: number) => boolean): Sight {
  let { on, off, sinceMs } = sight;
  for (const device in signals.cameras) {
    const camera = signals.cameras[device];
    if (!camera || !isOfRoom(Number(device))) continue;
    if (camera.isOn) {
      on += 1;
      sinceMs = Math.max(sinceMs, camera.sinceMs);
    } else off += 1;
  }
  return { on, off, sinceMs };
}
