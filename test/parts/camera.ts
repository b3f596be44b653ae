import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Debian's own Python: another one has no GStreamer. */
const PYTHON = '/usr/bin/python3';
const script = join(import.meta.dirname, 'camera.py');

/** True where GStreamer's RTSP server can be started. */
export const hasCamera =
  spawnSync(
    PYTHON,
    [
      '-c',
      'import gi; gi.require_version("GstRtspServer", "1.0"); from gi.repository import GstRtspServer',
    ],
    { stdio: 'ignore' },
  ).status === 0;

/** What a camera sends. */
export interface CameraSettings {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly kbits: number;
  readonly codec: 'h264' | 'h265' | 'jpeg';
  readonly audio: boolean;
  readonly user: string;
  readonly password: string;
  /** `snow` spends the bit rate, as a real sensor does; `smpte75` stands still. */
  readonly pattern: 'snow' | 'smpte75' | 'black' | 'ball';
}

/** Changes while it runs. */
export interface CameraOrder {
  readonly kbits?: number;
  readonly pattern?: CameraSettings['pattern'];
  /** Frames stop, the session lives. */
  readonly gate?: boolean;
  /** Share of frames that the sensor loses. */
  readonly drop?: number;
}

/** A camera that is a real RTSP server on loopback; it goes with the test. */
export interface Camera {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  obey(order: CameraOrder): void;
}

const standard: CameraSettings = {
  width: 1280,
  height: 720,
  fps: 25,
  kbits: 2_000,
  codec: 'h264',
  audio: false,
  user: '',
  password: '',
  pattern: 'snow',
};

/** Starts one on a free port. */
export async function startCamera(settings: Partial<CameraSettings> = {}): Promise<Camera> {
  const child = spawn(PYTHON, [script, JSON.stringify({ ...standard, ...settings })], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  onTestFinished(() => {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { port } = JSON.parse(line.toString('utf8')) as { port: number };
  return {
    port,
    url: `rtsp://127.0.0.1:${port}/live`,
    process: child,
    obey: (order) => void child.stdin.write(`${JSON.stringify(order)}\n`),
  };
}
