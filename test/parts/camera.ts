import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Debian's own Python: another one has no GStreamer. */
export const PYTHON = '/usr/bin/python3';
export const FFMPEG = '/usr/bin/ffmpeg';
const script = join(import.meta.dirname, 'camera.py');
/** Longer than any test: a camera whose runner was killed ends by itself. */
const LIFE_S = 150;

/** What goes with a test. Cameras are started by tests side by side, which have scopes of their own. */
export interface Scope {
  onTestFinished(undo: () => void): void;
}

/** True where GStreamer's RTSP server can be started. In CI its absence is a failure, not a skip. */
export function hasCamera(): boolean {
  const load =
    'import gi; gi.require_version("GstRtspServer", "1.0"); from gi.repository import GstRtspServer';
  if (spawnSync(PYTHON, ['-c', load], { stdio: 'ignore' }).status === 0) return true;
  return missing('gir1.2-gst-rtsp-server-1.0 and GStreamer');
}

/** True where ffmpeg is installed; the same of CI. */
export function hasFfmpeg(): boolean {
  return existsSync(FFMPEG) || missing('ffmpeg');
}

function missing(what: string): false {
  if (process.env.CI === 'true') throw new Error(`no ${what}: test/parts/install.sh installs it`);
  return false;
}

/** What a camera sends. */
export interface CameraSettings {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  readonly lifeSeconds: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly kbits: number;
  readonly gopSeconds: number;
  readonly codec: 'h264' | 'h265' | 'jpeg';
  readonly audio: boolean;
  readonly auth: 'none' | 'basic' | 'digest';
  readonly user: string;
  readonly password: string;
  /** `snow` spends the bit rate, as a real sensor does; `smpte75` stands still. */
  readonly pattern: 'snow' | 'smpte75' | 'black';
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

/** What a camera has sent so far: a busy machine makes it send less than it should. */
export interface CameraSent {
  readonly frames: number;
  /** Of its encoder, without the heads of packets. */
  readonly bytes: number;
  readonly atMs: number;
}

/** A camera that is a real RTSP server; it goes with the test. */
export interface Camera {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Resolves when the order is carried out. */
  obey(order: CameraOrder): Promise<CameraSent>;
}

const standard: CameraSettings = {
  host: '127.0.0.1',
  port: 0,
  lifeSeconds: LIFE_S,
  width: 640,
  height: 480,
  fps: 25,
  kbits: 1_000,
  gopSeconds: 2,
  codec: 'h264',
  audio: true,
  auth: 'none',
  user: '',
  password: '',
  pattern: 'snow',
};

/** Arguments of the program, for those who start it elsewhere. */
export function cameraArguments(settings: Partial<CameraSettings>): readonly string[] {
  return [script, JSON.stringify({ ...standard, ...settings })];
}

/** Starts one, by default on a free port of loopback. */
export async function startCamera(
  scope: Scope,
  settings: Partial<CameraSettings> = {},
): Promise<Camera> {
  const child = spawn(PYTHON, cameraArguments(settings), { stdio: ['pipe', 'pipe', 'ignore'] });
  scope.onTestFinished(() => {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
  });
  // It may have been killed before it reads an order.
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { done, value } = await lines.next();
    if (done === true) throw new Error('the camera ended');
    return value;
  };
  const { port } = JSON.parse(await next()) as { port: number };
  return {
    port,
    url: `rtsp://127.0.0.1:${port}/live`,
    process: child,
    obey: async (order) => {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      return JSON.parse(await next()) as CameraSent;
    },
  };
}
