import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lookAtPicture, type PictureTarget } from '../../agent/src/child/picture.ts';
import { freePort } from '../support/influxd.ts';
import { hasCamera, hasFfmpeg, startCamera } from './camera.ts';
import { cameraConfig, watchCameras } from './camera-watch.ts';

const isHere = hasCamera() && hasFfmpeg();
const login = { user: 'viewer', password: 'it"s a \'secret' };

/** A look, and every command line of this machine meanwhile. */
async function watched(target: PictureTarget) {
  const lines = new Set<string>();
  const timer = setInterval(() => {
    for (const line of commandLines()) lines.add(line);
  }, 100);
  const look = await lookAtPicture(target);
  clearInterval(timer);
  return { look, lines: [...lines] };
}

function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((each) => /^\d+$/.test(each))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        // It has ended meanwhile.
        return '';
      }
    });
}

describe.runIf(isHere)('a picture', { timeout: 60_000, concurrent: true }, () => {
  it('that stands still, or is black, is suspected by the sizes of its frames', async (scope) => {
    const cameras = await Promise.all([1, 2].map(() => startCamera(scope, { gopSeconds: 1 })));
    const rooms = ['0001', '0002'];
    const watch = watchCameras(
      scope,
      cameras.map(({ url }, at) => cameraConfig({ url, room: rooms[at] ?? '' })),
    );
    for (const device of [1, 2])
      await watch.sees('ok', 'ok', { device, also: ({ fps = 0 }) => fps > 0 });
    await Promise.all([
      cameras[0]?.obey({ pattern: 'smpte75' }),
      cameras[1]?.obey({ pattern: 'black' }),
    ]);
    const frozenMs = await watch.sees('warn', 'frozen', { withinMs: 30_000 });
    await watch.sees('warn', 'black', { device: 2, withinMs: 5_000 });
    console.log(`frozen and black: suspected after ${(frozenMs / 1_000).toFixed(1)} s`);
    expect(watch.facts(1)?.picture).toBe('frozenSuspected');
    expect(watch.facts(2)?.picture).toBe('blackSuspected');
  });

  it('is looked at by ffmpeg, and the password is on no command line', async (scope) => {
    const [frozen, black, moving, rare, silent] = await Promise.all([
      startCamera(scope, { auth: 'digest', ...login, pattern: 'smpte75' }),
      startCamera(scope, { auth: 'basic', ...login, pattern: 'black' }),
      startCamera(scope),
      startCamera(scope, { gopSeconds: 30, pattern: 'smpte75' }),
      startCamera(scope),
    ]);
    await silent.obey({ gate: true });
    const { user: username, password } = login;
    const fromMs = performance.now();
    const outcomes = await Promise.all([
      watched({ url: frozen.url, transport: 'tcp', username, password }),
      lookAtPicture({ url: black.url, transport: 'udp', username, password }),
      lookAtPicture({ url: moving.url, transport: 'udp' }),
      lookAtPicture({ url: rare.url, transport: 'tcp' }),
      lookAtPicture({ url: silent.url, transport: 'tcp' }),
      lookAtPicture({ url: frozen.url, transport: 'tcp', username, password: 'wrong' }),
      lookAtPicture({ url: `rtsp://127.0.0.1:${await freePort()}/live`, transport: 'tcp' }),
    ]);
    const [{ look, lines }, ...others] = outcomes;
    console.log(
      `ffmpeg in ${((performance.now() - fromMs) / 1_000).toFixed(1)} s: ${[look, ...others].join(', ')}`,
    );
    expect([look, ...others]).toEqual([
      'frozen',
      'black',
      'moving',
      'frozen',
      undefined,
      undefined,
      undefined,
    ]);
    const ours = lines.filter((line) => line.startsWith('ffmpeg '));
    expect(ours).not.toEqual([]);
    for (const line of ours) expect(line).not.toMatch(/secret|viewer|127\.0\.0\.1/);
  });

  it('without ffmpeg is not looked at', async () => {
    const path = process.env.PATH;
    process.env.PATH = '/nowhere';
    const look = await lookAtPicture({ url: 'rtsp://127.0.0.1:1/live', transport: 'tcp' });
    process.env.PATH = path;
    expect(look).toBeUndefined();
  });

  it('of a camera that is only sampled is found frozen too, in the first sample', async (scope) => {
    const [plain, confirmed] = await Promise.all([
      startCamera(scope, { pattern: 'smpte75' }),
      startCamera(scope, { auth: 'digest', ...login, pattern: 'smpte75' }),
    ]);
    const { user: username, password } = login;
    const watch = watchCameras(scope, [
      cameraConfig({ url: plain.url, watch: 'sample', room: '0001' }),
      cameraConfig({
        url: confirmed.url,
        username,
        password,
        watch: 'sample',
        confirm: true,
        room: '0002',
      }),
    ]);
    const suspectedMs = await watch.sees('warn', 'frozen', { withinMs: 16_000 });
    const foundMs = await watch.sees('fail', 'frozen', { device: 2, withinMs: 25_000 });
    console.log(
      `one sample: suspected in ${(suspectedMs / 1_000).toFixed(1)} s, ` +
        `found frozen ${(foundMs / 1_000).toFixed(1)} s later`,
    );
  });
});
