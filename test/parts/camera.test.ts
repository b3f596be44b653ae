import type { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reasons, type CameraFacts } from '@ppe-pulse/protocol';
import { systemClock } from '../../agent/src/platform/clock.ts';
import { openRtspStream } from '../../agent/src/probes/camera/rtsp-stream.ts';
import { fuzzSeed } from '../support/fuzz.ts';
import { freePort } from '../support/influxd.ts';
import {
  goodReply,
  interleaved,
  rtp,
  startFakeCamera,
  type Conduct,
} from '../agent/camera-fake.ts';
import { hasCamera, startCamera, type Camera } from './camera.ts';
import { cameraConfig, watchCameras } from './camera-watch.ts';

const isHere = hasCamera();
const show = (share: number): string => `${(share * 100).toFixed(2)} %`;

/** What a camera sends, by its own count, a second: over as long as the numbers of the agent are. */
async function rateOf(camera: Camera): Promise<{ readonly fps: number; readonly kbits: number }> {
  const before = await camera.obey({});
  await new Promise((resolve) => setTimeout(resolve, 8_000));
  const after = await camera.obey({});
  const seconds = (after.atMs - before.atMs) / 1_000;
  const kbits = ((after.bytes - before.bytes) * 8) / 1_000 / seconds;
  return { fps: (after.frames - before.frames) / seconds, kbits };
}

describe.runIf(isHere)('a real camera', { timeout: 60_000, concurrent: true }, () => {
  it('is measured over TCP and UDP: frames, bits, size, codec, sound', async (scope) => {
    const [first, second] = await Promise.all([
      startCamera(scope, { width: 1280, height: 720, kbits: 2_000 }),
      startCamera(scope, { fps: 20, audio: false }),
    ]);
    const watch = watchCameras(scope, [
      cameraConfig({ url: first.url, transport: 'tcp', room: '0001' }),
      cameraConfig({ url: second.url, transport: 'udp', room: '0001' }),
    ]);
    const expected = [
      { device: 1, camera: first, width: 1280, height: 720, transport: 'tcp' },
      { device: 2, camera: second, width: 640, height: 480, transport: 'udp' },
    ];
    await watch.sees('ok', 'ok', { also: ({ fps = 0 }) => fps > 0 });
    await watch.sees('warn', 'noSound', { device: 2, also: ({ fps = 0 }) => fps > 0 });
    const rates = await Promise.all(expected.map(({ camera }) => rateOf(camera)));
    for (const [at, { device, camera: _, ...format }] of expected.entries()) {
      const { fps, kbits } = rates[at] ?? { fps: 0, kbits: 0 };
      const facts = watch.facts(device);
      const ofFps = (facts?.fps ?? 0) / fps;
      const measured = ((watch.metric(`camera.${device}.bytesPerSecond`) ?? 0) * 8) / 1_000;
      console.log(
        `${format.transport} ${format.width}x${format.height}: ` +
          `${facts?.fps?.toFixed(2)} fps of ${fps.toFixed(2)} sent (${show(ofFps - 1)}), ` +
          `${measured.toFixed(0)} kbit/s of ${kbits.toFixed(0)} (${show(measured / kbits - 1)}), ` +
          `jitter ${watch.metric(`camera.${device}.jitter.ms`)} ms`,
      );
      expect(facts).toMatchObject({
        ...format,
        state: 'streaming',
        codec: 'h264',
        hasAudio: device === 1,
        lossRatio: 0,
        picture: 'moving',
        isOtherStreaming: true,
        outageMs: 0,
      });
      expect(Math.abs(ofFps - 1)).toBeLessThan(0.1);
      expect(Math.abs(measured / kbits - 1)).toBeLessThan(0.15);
      expect(facts?.lastFrameAgeMs).toBeLessThan(1_500);
      // Key frames are two seconds apart.
      expect(watch.metric(`camera.${device}.keyFrame.ms`)).toBeLessThan(4_000);
    }
    expect(watch.verdict('camera.1.stream')?.evidence).toMatchObject({
      transport: 'tcp',
      codec: 'h264',
      resolution: '1280x720',
      audio: true,
      otherStreams: true,
    });
  });

  it('frames that stop are a stall within five seconds, and their return is seen', async (scope) => {
    const camera = await startCamera(scope);
    const watch = watchCameras(scope, [cameraConfig({ url: camera.url })]);
    await watch.sees('ok', 'ok');
    await camera.obey({ gate: true });
    const tookMs = await watch.sees('fail', 'stalled', { withinMs: 8_000 });
    console.log(`gate: stalled after ${tookMs.toFixed(0)} ms`);
    expect(tookMs).toBeLessThan(6_000);
    expect(watch.metric('camera.1.fps')).toBe(0);
    await camera.obey({ gate: false });
    await watch.sees('ok', 'ok');
  });

  it('60 % of frames lost is too few, and 150 kbit/s is seen', async (scope) => {
    const camera = await startCamera(scope);
    const watch = watchCameras(scope, [cameraConfig({ url: camera.url })]);
    await watch.sees('ok', 'ok');
    await camera.obey({ drop: 0.6 });
    await watch.sees('warn', 'lowFps', { withinMs: 20_000 });
    await camera.obey({ drop: 0, kbits: 150 });
    await watch.sees('ok', 'ok', { withinMs: 20_000 });
    await until(() => (watch.metric('camera.1.bytesPerSecond') ?? 0) < 30_000, 'fewer bits');
  });

  it('a server that stands still is stalled, one that dies is gone, and its return is seen', async (scope) => {
    const port = await freePort();
    const camera = await startCamera(scope, { port });
    const watch = watchCameras(scope, [cameraConfig({ url: camera.url })]);
    await watch.sees('ok', 'ok');
    camera.process.kill('SIGSTOP');
    const tookMs = await watch.sees('fail', 'stalled', { withinMs: 8_000 });
    console.log(`SIGSTOP: stalled after ${tookMs.toFixed(0)} ms`);
    camera.process.kill('SIGCONT');
    await watch.sees('ok', 'ok');
    camera.process.kill('SIGKILL');
    await watch.sees('fail', 'noStream', { withinMs: 3_000 });
    await watch.sees('fail', 'refused', { withinMs: 10_000 });
    await startCamera(scope, { port });
    const backMs = await watch.sees('ok', 'ok');
    console.log(`SIGKILL: back ${backMs.toFixed(0)} ms after the camera`);
  });

  it('one camera of two is amber, none is red and the room’s outage goes on', async (scope) => {
    const cameras = await Promise.all([startCamera(scope), startCamera(scope)]);
    const watch = watchCameras(
      scope,
      cameras.map(({ url }) => cameraConfig({ url, room: '0101' })),
    );
    await watch.sees('ok', 'ok');
    await watch.sees('ok', 'ok', { device: 2 });
    await cameras[0]?.obey({ gate: true });
    await watch.sees('warn', 'stalled');
    expect(watch.facts(1)?.outageMs).toBe(0);
    cameras[1]?.process.kill('SIGKILL');
    await watch.sees('fail', 'stalled');
    await watch.sees('fail', 'refused', { device: 2 });
    await until(() => (watch.facts(1)?.outageMs ?? 0) > 3_000, 'an outage of 3 s');
    await cameras[0]?.obey({ gate: false });
    await watch.sees('ok', 'ok');
    const outageMs = watch.facts(1)?.outageMs ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect([watch.facts(1)?.outageMs, watch.facts(2)?.outageMs]).toEqual([outageMs, outageMs]);
    expect(watch.verdict('camera.1.outage')).toMatchObject({ verdict: 'ok' });
  });

  it.for([
    ['h265', 'tcp', 15],
    ['jpeg', 'udp', 15],
  ] as const)('%s over %s is measured too', async ([codec, transport, fps], scope) => {
    const camera = await startCamera(scope, { codec, fps, width: 320, height: 240 });
    const watch = watchCameras(scope, [cameraConfig({ url: camera.url, transport })]);
    const also = (facts: CameraFacts): boolean => (facts.fps ?? 0) > 0;
    await watch.sees('warn', 'lowResolution', { also });
    expect(watch.facts(1)).toMatchObject({ codec, width: 320, height: 240, hasAudio: true });
    expect(watch.facts(1)?.fps).toBeGreaterThan(fps * 0.6);
  });

  it('wrong credentials, none, a wrong path and no listener are told apart', async (scope) => {
    const login = { user: 'viewer', password: 'pass "word' };
    const [digest, basic] = await Promise.all([
      startCamera(scope, { auth: 'digest', ...login }),
      startCamera(scope, { auth: 'basic', ...login }),
    ]);
    const { user: username, password } = login;
    const watch = watchCameras(scope, [
      cameraConfig({ url: digest.url, username, password }),
      cameraConfig({ url: basic.url, username, password, transport: 'udp' }),
      cameraConfig({ url: digest.url, username, password: 'wrong', room: '0001' }),
      cameraConfig({ url: basic.url, username, password: 'wrong', room: '0002' }),
      cameraConfig({ url: digest.url, room: '0003' }),
      cameraConfig({ url: `${digest.url}/other`, username, password, room: '0004' }),
      cameraConfig({ url: `rtsp://127.0.0.1:${await freePort()}/live`, room: '0005' }),
      cameraConfig({ url: 'rtsp://camera.invalid/live', room: '0006' }),
      cameraConfig({ url: 'rtsp://127.0.0.1:99999/live', room: '0007' }),
    ]);
    await watch.sees('ok', 'ok', { device: 1 });
    await watch.sees('ok', 'ok', { device: 2 });
    const wanted = ['unauthorised', 'unauthorised', 'unauthorised', 'notFound', 'refused'];
    for (const [at, reason] of [...wanted, 'dnsFailed', 'unsupported'].entries())
      await watch.sees('fail', reason, { device: at + 3 });
    // Nothing of a camera's address or of its credentials is in what goes to the collector.
    const told = JSON.stringify([
      watch.readings.observations(),
      [1, 2, 3].map((device) => watch.verdict(`camera.${device}.stream`)),
      Object.fromEntries(watch.readings.values),
    ]);
    for (const secret of ['word', 'viewer', '127.0.0.1', '/live'])
      expect(told).not.toContain(secret);
  });

  it('a server that says nothing, drips, floods, or speaks another language is cut', async (scope) => {
    const budget = { took: 0 };
    const conducts: Readonly<Record<string, [Conduct, string]>> = {
      mute: [() => undefined, 'noAnswer'],
      'drip of bytes': [(_, socket) => drip(socket, 'RTSP/1.0 200 OK\r\nX: ', 'x'), 'noAnswer'],
      'drip of headers': [
        (_, socket) => drip(socket, 'RTSP/1.0 200 OK\r\n', 'X: 1\r\n'),
        'noAnswer',
      ],
      'drip of answers': [
        (request, socket) => void setTimeout(() => socket.write(goodReply(request)), 2_900),
        'noAnswer',
      ],
      http: [(_, socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'), 'badAnswer'],
      nonsense: [(_, socket) => void socket.write(Buffer.alloc(70_000, 0xff)), 'badAnswer'],
      'flood of a head': [
        (_, socket) => flood(socket, Buffer.alloc(65_536, 'RTSP/1.0 2'), budget),
        'badAnswer',
      ],
      'flood of frames': [
        (request, socket) => {
          socket.write(goodReply(request));
          if (request.method === 'PLAY') flood(socket, frames, budget);
        },
        'badAnswer',
      ],
      'hangs up': [(_, socket) => void socket.end(), 'noStream'],
    };
    const frames = interleaved(
      0,
      rtp({ sequence: 1, timestamp: 1, payload: Buffer.alloc(60_000) }),
    );
    const all = Object.values(conducts);
    const cameras = await Promise.all(all.map(([conduct]) => startFakeCamera(scope, conduct)));
    const before = process.memoryUsage().rss;
    const watch = watchCameras(
      scope,
      cameras.map(({ url }, at) => cameraConfig({ url, room: String(at).padStart(4, '0') })),
    );
    for (const [at, [, reason]] of all.entries())
      await watch.sees('fail', reason, { device: at + 1, withinMs: 15_000 });
    console.log(
      `floods: ${(budget.took / 1e6).toFixed(0)} MB taken, ${((process.memoryUsage().rss - before) / 1e6).toFixed(0)} MB of memory`,
    );
    expect(budget.took).toBeLessThan(1_000_000_000);
  });

  it('whatever bytes of its answers are changed, there is an outcome in time', async (scope) => {
    const edits = fc.array(
      fc.record({ at: fc.nat({ max: 700 }), byte: fc.nat({ max: 255 }), cuts: fc.boolean() }),
      { minLength: 1, maxLength: 3 },
    );
    const all = fc.sample(edits, { seed: fuzzSeed('answers of a camera'), numRuns: 80 });
    const fromMs = performance.now();
    const outcomes = await Promise.all(
      all.map(async (changes) => {
        const camera = await startFakeCamera(scope, (request, socket) => {
          let bytes = Buffer.from(goodReply(request));
          for (const { at, byte, cuts } of changes) {
            if (at >= bytes.length) continue;
            const rest = bytes.subarray(at + 1);
            bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(cuts ? [] : [byte]), rest]);
          }
          socket.write(bytes);
        });
        const opened = await openRtspStream({ url: camera.url, transport: 'tcp' }, systemClock());
        if (opened.kind === 'failed') return opened.reason;
        opened.stream.close();
        return opened.kind;
      }),
    );
    const tookMs = performance.now() - fromMs;
    const count = (outcome: string): number => outcomes.filter((each) => each === outcome).length;
    console.log(
      `changed answers in ${(tookMs / 1_000).toFixed(1)} s:`,
      [...new Set(outcomes)].map((each) => `${each} ${count(each)}`).join(', '),
    );
    expect(tookMs).toBeLessThan(20_000);
    for (const each of outcomes) expect(['open', ...reasons]).toContain(each);
  });
});

/** A piece in a tenth of a second, for ever. */
function drip(socket: Socket, first: string, piece: string): void {
  socket.write(first);
  const timer = setInterval(() => socket.write(piece), 100);
  socket.on('close', () => clearInterval(timer));
}

/** Bytes as fast as they are taken, for ever. */
function flood(socket: Socket, bytes: Buffer, count: { took: number }): void {
  const write = (): void => {
    while (!socket.destroyed && socket.write(bytes)) count.took += bytes.length;
    count.took += bytes.length;
  };
  socket.on('drain', write);
  write();
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const endMs = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`not in 20 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
