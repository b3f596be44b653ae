import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { lookAtPicture } from '../../agent/src/child/picture.ts';
import { listen } from '../agent/camera-fake.ts';
import { freePort } from '../support/influxd.ts';
import { hasFfmpeg } from './camera.ts';
import { startHlsCamera, startMjpegCamera } from './camera-http.ts';
import { cameraConfig, watchCameras } from './camera-watch.ts';

const login = { username: 'viewer', password: 'pass"word' };
const isHere = hasFfmpeg();
const show = (share: number): string => `${(share * 100).toFixed(2)} %`;

describe.runIf(isHere)('Motion-JPEG over HTTP', { timeout: 60_000, concurrent: true }, () => {
  it.for([
    ['open, with lengths', {}],
    ['behind digest, without lengths', { auth: 'digest', ...login, withoutLengths: true }],
    ['behind basic', { auth: 'basic', ...login }],
  ] as const)('%s, is measured; its end and its stall are seen', async ([, settings], scope) => {
    const camera = await startMjpegCamera(scope, settings);
    const watch = watchCameras(scope, [cameraConfig({ url: camera.url, ...login })]);
    await watch.sees('ok', 'ok', { also: ({ fps = 0 }) => fps > 0 });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const facts = watch.facts(1);
    console.log(`MJPEG: fps ${facts?.fps?.toFixed(2)} of 20 (${show((facts?.fps ?? 0) / 20 - 1)})`);
    expect(facts).toMatchObject({
      transport: 'http',
      codec: 'jpeg',
      width: 640,
      height: 480,
      picture: 'moving',
    });
    expect(facts?.fps).toBeGreaterThan(17);
    expect(facts?.fps).toBeLessThan(23);
    camera.encoder.kill('SIGSTOP');
    const tookMs = await watch.sees('fail', 'stalled', { withinMs: 8_000 });
    console.log(`MJPEG: stalled after ${tookMs.toFixed(0)} ms`);
    camera.encoder.kill('SIGCONT');
    await watch.sees('ok', 'ok');
    camera.encoder.kill('SIGKILL');
    await watch.sees('fail', 'noStream', { withinMs: 4_000 });
  });

  it('that stands still is suspected, and ffmpeg confirms it', async (scope) => {
    const camera = await startMjpegCamera(scope, {
      picture: 'smptebars',
      auth: 'digest',
      ...login,
    });
    const black = await startMjpegCamera(scope, { picture: 'color' });
    const watch = watchCameras(scope, [
      cameraConfig({ url: camera.url, ...login }),
      cameraConfig({ url: black.url, room: '0001' }),
    ]);
    await watch.sees('warn', 'frozen', { withinMs: 20_000 });
    await watch.sees('warn', 'black', { device: 2, withinMs: 20_000 });
    const looks = await Promise.all([
      lookAtPicture({ url: camera.url, transport: 'tcp', ...login }),
      lookAtPicture({ url: black.url, transport: 'tcp' }),
    ]);
    expect(looks).toEqual(['frozen', 'black']);
  });

  it('faults of the server are told apart, and floods are cut', async (scope) => {
    const digest = await startMjpegCamera(scope, { auth: 'digest', ...login });
    const page = await startMjpegCamera(scope, { type: 'text/html' });
    const block = Buffer.alloc(65_536, 'x');
    const bad = createServer((request, response) => {
      if (request.url === '/mute') return;
      if (request.url === '/drip') {
        const timer = setInterval(
          () => response.socket?.write('HTTP/1.1 200 OK\r\nX: '.at(0) ?? ''),
          100,
        );
        response.on('close', () => clearInterval(timer));
        return;
      }
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=b' });
      if (request.url === '/silent') {
        response.flushHeaders();
        return;
      }
      const head = 'Content-Type: image/jpeg\r\nContent-Length: 60000\r\n\r\n';
      const part = Buffer.concat([Buffer.from(`--b\r\n${head}`), block.subarray(0, 60_000)]);
      const bytes = request.url === '/flood' ? part : block;
      const write = (): void => {
        while (!response.destroyed && response.write(bytes));
      };
      response.on('drain', write);
      write();
    });
    const port = await listen(bad);
    scope.onTestFinished(() => {
      bad.closeAllConnections();
      bad.close();
    });
    const at = (path: string): string => `http://127.0.0.1:${port}${path}`;
    const cases = [
      [{ url: digest.url, username: 'viewer', password: 'wrong' }, 'unauthorised'],
      [{ url: digest.url }, 'unauthorised'],
      [{ url: digest.url.replace('video', 'other'), ...login }, 'notFound'],
      [{ url: `http://127.0.0.1:${await freePort()}/video` }, 'refused'],
      [{ url: page.url }, 'unsupported'],
      [{ url: at('/mute') }, 'noAnswer'],
      [{ url: at('/drip') }, 'badAnswer'],
      [{ url: at('/silent') }, 'stalled'],
      [{ url: at('/flood') }, 'badAnswer'],
      [{ url: at('/nonsense') }, 'badAnswer'],
    ] as const;
    const watch = watchCameras(
      scope,
      cases.map(([camera], each) => cameraConfig({ ...camera, room: `000${each}` })),
    );
    for (const [each, [, reason]] of cases.entries())
      await watch.sees('fail', reason, { device: each + 1 });
  });
});

describe.runIf(isHere)('HLS', { timeout: 60_000, concurrent: true }, () => {
  it('goes on, is stale when its encoder stands, and goes on again', async (scope) => {
    const camera = await startHlsCamera(scope, { auth: 'digest', ...login });
    const watch = watchCameras(scope, [cameraConfig({ url: camera.url, ...login })]);
    await watch.sees('ok', 'ok', { also: ({ width }) => width === 640 });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const kbits = ((watch.metric('camera.1.bytesPerSecond') ?? 0) * 8) / 1_000;
    console.log(`HLS: ${kbits.toFixed(0)} kbit/s of 1000 and the packets of its container`);
    expect(kbits).toBeGreaterThan(800);
    expect(kbits).toBeLessThan(1_300);
    expect(watch.facts(1)).toMatchObject({ codec: 'h264', height: 480, hasAudio: true });
    expect(watch.facts(1)?.fps).toBeUndefined();
    camera.encoder.kill('SIGSTOP');
    const tookMs = await watch.sees('fail', 'stalled', { withinMs: 10_000 });
    console.log(`HLS: stale after ${tookMs.toFixed(0)} ms of segments of one second`);
    camera.encoder.kill('SIGCONT');
    await watch.sees('ok', 'ok');
  });

  it('is looked at by ffmpeg as well', async (scope) => {
    const [bars, moving] = await Promise.all([
      startHlsCamera(scope, { picture: 'smptebars', auth: 'basic', ...login }),
      startHlsCamera(scope),
    ]);
    const looks = await Promise.all([
      lookAtPicture({ url: bars.url, transport: 'tcp', ...login }),
      lookAtPicture({ url: moving.url, transport: 'tcp' }),
    ]);
    expect(looks).toEqual(['frozen', 'moving']);
  });
});
