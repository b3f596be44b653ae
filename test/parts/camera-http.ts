import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Transform } from 'node:stream';
import { listen } from '../agent/camera-fake.ts';
import { FFMPEG, type Scope } from './camera.ts';

/** A stream that ffmpeg makes and a small web server gives away; both go with the test. */
export interface HttpCamera {
  readonly url: string;
  readonly encoder: ChildProcess;
}

export interface HttpCameraSettings {
  /** A source of ffmpeg's `lavfi`. */
  readonly picture?: string;
  readonly fps?: number;
  readonly auth?: 'none' | 'basic' | 'digest';
  readonly username?: string;
  readonly password?: string;
  /** Some cameras name no length of their pictures, and some wrap the boundary in dashes. */
  readonly withoutLengths?: boolean;
  /** Served instead of the picture, with its content type. */
  readonly type?: string;
}

/** As ffmpeg writes it; cameras write it with and without the dashes. */
const BOUNDARY = '--ffmpeg';
const standard = {
  picture: 'testsrc2',
  fps: 20,
  auth: 'none',
  username: '',
  password: '',
  withoutLengths: false,
  type: `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
} as const;
const NONCE = 'c0ffee';
const REALM = 'camera, inner yard';
/** Longer than any test, so that an encoder whose runner was killed ends by itself. */
const LIFE_S = '120';

/** Motion-JPEG over HTTP. */
export async function startMjpegCamera(
  scope: Scope,
  settings: HttpCameraSettings = {},
): Promise<HttpCamera> {
  const wanted = { ...standard, ...settings };
  const encoder = startEncoder(scope, wanted, ['-map', '0', '-q:v', '3', '-f', 'mpjpeg', 'pipe:1']);
  const viewers = new Map<ServerResponse, 'new' | 'watching'>();
  const lengths = wanted.withoutLengths ? withoutLengths() : undefined;
  const stream = lengths && encoder.stdout ? encoder.stdout.pipe(lengths) : encoder.stdout;
  stream?.on('data', (bytes: Buffer) => {
    for (const [viewer, state] of viewers) {
      // A viewer begins with a picture, not in the middle of one.
      const from = state === 'new' ? bytes.indexOf(BOUNDARY) : 0;
      if (from < 0) continue;
      viewers.set(viewer, 'watching');
      viewer.write(bytes.subarray(from));
    }
  });
  encoder.on('exit', () => {
    for (const viewer of viewers.keys()) viewer.end();
  });
  const server = createServer((request, response) => {
    if (!isAllowed(request, response, wanted)) return;
    if (request.url !== '/video.mjpg') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': wanted.type });
    viewers.set(response, 'new');
    response.on('close', () => viewers.delete(response));
  });
  return { url: `${await serve(scope, server)}/video.mjpg`, encoder };
}

/** HLS with segments of one second and a master playlist. */
export async function startHlsCamera(
  scope: Scope,
  settings: HttpCameraSettings = {},
): Promise<HttpCamera> {
  const wanted = { ...standard, ...settings };
  const folder = mkdtempSync(join(tmpdir(), 'ppe-pulse-'));
  scope.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const encoder = startEncoder(scope, wanted, [
    ...'-c:v libx264 -preset ultrafast -tune zerolatency -b:v 1000k -minrate 1000k'.split(' '),
    ...`-maxrate 1000k -bufsize 500k -g ${wanted.fps} -pix_fmt yuv420p`.split(' '),
    ...'-map 0 -map 1 -c:a aac -b:a 64k'.split(' '),
    ...'-f hls -hls_time 1 -hls_list_size 5 -hls_flags delete_segments'.split(' '),
    '-master_pl_name',
    'live.m3u8',
    join(folder, 'stream.m3u8'),
  ]);
  const server = createServer((request, response) => {
    if (!isAllowed(request, response, wanted)) return;
    const path = join(folder, basename(request.url ?? ''));
    if (existsSync(path))
      createReadStream(path)
        .on('error', () => response.destroy())
        .pipe(response);
    else response.writeHead(404).end();
  });
  const url = `${await serve(scope, server)}/live.m3u8`;
  // The first segment takes its second.
  for (let tries = 0; tries < 200 && !existsSync(join(folder, 'live.m3u8')); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return { url, encoder };
}

type Wanted = Required<HttpCameraSettings>;

function startEncoder(scope: Scope, wanted: Wanted, output: readonly string[]): ChildProcess {
  const source = `${wanted.picture}=size=640x480:rate=${wanted.fps}`;
  const sound = ['-re', '-f', 'lavfi', '-i', 'sine=frequency=300'];
  const input = ['-re', '-f', 'lavfi', '-i', source, ...sound, '-t', LIFE_S];
  const child = spawn(FFMPEG, ['-loglevel', 'error', ...input, ...output], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  scope.onTestFinished(() => {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
  });
  return child;
}

/** `Content-length` of ffmpeg's parts gets a name that means nothing. */
function withoutLengths(): Transform {
  let rest = '';
  return new Transform({
    transform: (piece: Buffer, _, done) => {
      const text = (rest + piece.toString('latin1')).replaceAll('Content-length', 'X-nothing-else');
      const kept = Math.max(0, text.length - 'Content-length'.length);
      rest = text.slice(kept);
      done(null, Buffer.from(text.slice(0, kept), 'latin1'));
    },
  });
}

async function serve(scope: Scope, server: Server): Promise<string> {
  const port = await listen(server);
  scope.onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${port}`;
}

/** Answers 401 where the request is not signed as the camera wants it. */
function isAllowed(request: IncomingMessage, response: ServerResponse, wanted: Wanted): boolean {
  const { authorization = '' } = request.headers;
  if (wanted.auth === 'none') return true;
  const pair = Buffer.from(`${wanted.username}:${wanted.password}`).toString('base64');
  const isGood =
    wanted.auth === 'basic'
      ? authorization === `Basic ${pair}`
      : isDigest(authorization, request, wanted);
  if (isGood) return true;
  const digest = `Digest realm="${REALM}", nonce="${NONCE}", qop="auth", algorithm=MD5`;
  const basic = `Basic realm="${REALM}"`;
  response.writeHead(401, { 'www-authenticate': wanted.auth === 'basic' ? basic : digest }).end();
  return false;
}

/** RFC 2617, 3.2.2, by the book. */
function isDigest(header: string, request: IncomingMessage, wanted: Wanted): boolean {
  const of = (name: string): string => new RegExp(`[ ,]${name}="?([^",]+)`).exec(header)?.[1] ?? '';
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const first = md5(`${wanted.username}:${REALM}:${wanted.password}`);
  const second = md5(`${request.method}:${request.url}`);
  const middle = `${NONCE}:${of('nc')}:${of('cnonce')}:auth`;
  return of('uri') === request.url && of('response') === md5(`${first}:${middle}:${second}`);
}
