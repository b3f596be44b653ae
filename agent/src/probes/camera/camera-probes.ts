import type { ProbeHost } from '../../child/probe-host.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CameraConfig } from './camera-config.ts';
import { CameraProbe } from './camera-probe.ts';
import { CameraRoom } from './camera-room.ts';

/** ffmpeg decodes key frames for seven seconds, and is killed at fifteen. */
const LOOK_DEADLINE_MS = 20_000;

/** A probe for every camera; those of one room know of each other. */
export function cameraProbes(
  cameras: readonly CameraConfig[],
  parts: { readonly clock: Clock; readonly host: ProbeHost },
): readonly CameraProbe[] {
  const rooms = new Map<string, CameraRoom>();
  return cameras.map((camera, at) => {
    const name = camera.room ?? '';
    const room = rooms.get(name) ?? new CameraRoom();
    rooms.set(name, room);
    return new CameraProbe(at + 1, camera, {
      clock: parts.clock,
      room,
      look: async ({ url, transport, username, password }) => {
        const signIn = username === undefined ? {} : { username, password: password ?? '' };
        try {
          return await parts.host.run('picture', { url, transport, ...signIn }, LOOK_DEADLINE_MS);
        } catch {
          // Without a second opinion the suspicion stays one.
          return undefined;
        }
      },
    });
  });
}
