import type { ProbeHost } from '../../child/probe-host.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CameraConfig } from './camera-config.ts';
import { CameraProbe, type CameraParts } from './camera-probe.ts';
import { CameraRoom } from './camera-room.ts';
import { HlsProgress, openHlsStream } from './hls.ts';
import { openMjpegStream } from './mjpeg.ts';
import { openRtspStream } from './rtsp-stream.ts';

/** Two runs of ffmpeg at most, each killed at thirteen seconds. */
const LOOK_DEADLINE_MS = 28_000;

/** What is given to all probes. */
export interface CameraProbesParts {
  readonly clock: Clock;
  readonly host: ProbeHost;
}

/** A probe for every camera; those of one room know of each other. */
export function cameraProbes(
  cameras: readonly CameraConfig[],
  parts: CameraProbesParts,
): readonly CameraProbe[] {
  const rooms = new Map<string, CameraRoom>();
  const looks = lookOneByOne(parts.host);
  return cameras.map((camera, at) => {
    const name = camera.room ?? '';
    const room = rooms.get(name) ?? new CameraRoom();
    rooms.set(name, room);
    return new CameraProbe(at + 1, camera, {
      clock: parts.clock,
      room,
      open: openerOf(camera, parts.clock),
      look: () => looks(camera),
    });
  });
}

/** How a camera's stream is opened; what is remembered between two openings is in it. */
function openerOf(camera: CameraConfig, clock: Clock): CameraParts['open'] {
  const { url, transport } = camera;
  const credentials = credentialsOf(camera);
  const target = credentials ? { url, credentials } : { url };
  if (url.startsWith('rtsp:')) return () => openRtspStream({ ...target, transport }, clock);
  if (!/\.m3u8(?:\?|$)/.test(url)) return () => openMjpegStream(target, clock);
  const progress = new HlsProgress();
  return () => openHlsStream(target, clock, progress);
}

/** One run of ffmpeg at a time, however many cameras this PC watches. */
function lookOneByOne(host: ProbeHost): (camera: CameraConfig) => ReturnType<CameraParts['look']> {
  let isBusy = false;
  return (camera) => {
    if (isBusy) return undefined;
    isBusy = true;
    const { url, transport } = camera;
    return (
      host
        .run('picture', { url, transport, ...credentialsOf(camera) }, LOOK_DEADLINE_MS)
        // Without a second opinion the suspicion stays one.
        .catch(() => undefined)
        .finally(() => {
          isBusy = false;
        })
    );
  };
}

function credentialsOf({ username, password = '' }: CameraConfig) {
  return username === undefined ? undefined : { username, password };
}
