import { describe, expect, it } from 'vitest';
import { judgeAll, type CameraFacts, type Facts } from '@ppe-pulse/protocol';
import { cameraArguments, hasCamera, PYTHON, type CameraSettings } from './camera.ts';
import { hasLine, openLine, type Line } from './line.ts';

const isHere = hasCamera() && hasLine();
const show = (share: number): string => `${(share * 100).toFixed(2)} %`;

/** Starts a camera at the far end; its address. */
async function startFar(line: Line, settings: Partial<CameraSettings> = {}) {
  const host = line.farAddress;
  const camera = line.start('far', PYTHON, cameraArguments({ host, ...settings }));
  const { port } = (await camera.next()) as { port: number };
  return { process: camera.process, port, url: `rtsp://${host}:${port}/live` };
}

/** Watches from the near end. */
function watchFrom(line: Line, camera: { readonly url: string; readonly transport?: string }) {
  const client = line.run('near', 'camera-client.mjs', [JSON.stringify(camera)]);
  return {
    /** Facts of looks, until one is as wanted. */
    until: async (isWanted: (facts: CameraFacts) => boolean): Promise<CameraFacts> => {
      for (let looks = 0; looks < 60; looks += 1) {
        const { facts } = (await client.next()) as { facts: CameraFacts };
        if (isWanted(facts)) return facts;
      }
      throw new Error('not in 60 looks');
    },
  };
}

/** Windows of the numbers are up to ten seconds long. */
function settled(watch: ReturnType<typeof watchFrom>): Promise<CameraFacts> {
  let looks = 0;
  return watch.until(({ fps = 0 }) => fps > 0 && (looks += 1) > 5);
}

function judged(facts: CameraFacts): string {
  const seen: Facts = { subject: 'camera', facts };
  const verdict = judgeAll({
    role: 'video',
    readings: new Map(),
    families: new Map(),
    observations: [{ subject: 'camera', device: 1, last: { facts: seen, atMs: 0 } }],
    nowMs: 0,
  }).find(({ id }) => id === 'camera.1.stream');
  return `${verdict?.verdict} ${verdict?.reason}`;
}

/** Every n-th packet is lost, so that the share is known and not drawn. */
async function overUdp(line: Line, percent: number): Promise<void> {
  const { url } = await startFar(line, { audio: false });
  const rule = `add rule inet line input meta l4proto udp numgen inc mod ${100 / percent} < 1 drop`;
  line.start('near', '/usr/sbin/nft', rule.split(' '));
  const facts = await settled(watchFrom(line, { url, transport: 'udp' }));
  console.log(
    `UDP, ${percent} % lost: ${show(facts.lossRatio)} measured, fps ${facts.fps?.toFixed(1)}, ${judged(facts)}`,
  );
  expect(facts.lossRatio).toBeGreaterThan(percent / 100 - 0.01);
  expect(facts.lossRatio).toBeLessThan(percent / 100 + 0.01);
  if (percent === 20) expect(judged(facts)).toBe('warn lossy');
}

async function overTcp(line: Line): Promise<void> {
  const { url } = await startFar(line);
  line.loss(5);
  const facts = await settled(watchFrom(line, { url }));
  console.log(`TCP, 5 % lost: ${show(facts.lossRatio)} measured, fps ${facts.fps?.toFixed(1)}`);
  expect(facts.lossRatio).toBe(0);
}

/** The camera starts again while the cable is cut: its end of the old connection is gone. */
async function behindCutCable(line: Line): Promise<void> {
  const first = await startFar(line);
  const watch = watchFrom(line, { url: first.url });
  await watch.until(({ state }) => state === 'streaming');
  line.cut();
  const cutMs = performance.now();
  const stalled = await watch.until(({ state }) => state === 'stalled');
  console.log(`cut: ${judged(stalled)} after ${(performance.now() - cutMs).toFixed(0)} ms`);
  expect(judged(stalled)).toBe('fail stalled');
  first.process.kill('SIGKILL');
  await startFar(line, { port: first.port });
  const gone = await watch.until(({ state }) => state === 'none');
  console.log(`cut: ${judged(gone)} after ${(performance.now() - cutMs).toFixed(0)} ms`);
  expect(['noAnswer', 'unreachable']).toContain(gone.failure);
  line.join();
  const joinedMs = performance.now();
  await watch.until(({ state }) => state === 'streaming');
  console.log(`cut: back ${(performance.now() - joinedMs).toFixed(0)} ms after the cable`);
}

async function nowhere(line: Line): Promise<void> {
  const watch = watchFrom(line, { url: 'rtsp://192.0.2.1/live' });
  expect(judged(await watch.until(() => true))).toBe('fail unreachable');
}

async function behindFirewall(line: Line): Promise<void> {
  const { url } = await startFar(line);
  line.loss(100);
  expect(judged(await watchFrom(line, { url }).until(() => true))).toBe('fail noAnswer');
}

describe.runIf(isHere)('a camera at the end of a line', { timeout: 90_000 }, () => {
  it('over UDP loses what the line loses, to a point; is found again; has no route, no answer', async () => {
    // Side by side, each on a line of its own.
    const lines: Line[] = [];
    for (let each = 0; each < 7; each += 1) lines.push(await openLine());
    const flows = [
      ...[1, 5, 20].map((percent) => (line: Line) => overUdp(line, percent)),
      overTcp,
      behindCutCable,
      nowhere,
      behindFirewall,
    ];
    await Promise.all(lines.map(async (line, at) => flows[at]?.(line)));
  });
});
