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

describe.runIf(isHere)('a camera at the end of a line', { timeout: 90_000 }, () => {
  it('over UDP loses what the line loses, to a point; over TCP nothing', async () => {
    const measure = async (percent: number, line: Line) => {
      const { url } = await startFar(line, { audio: false });
      // Every n-th packet, so that the share is known and not drawn.
      const rule = `add rule inet line input meta l4proto udp numgen inc mod ${100 / percent} < 1 drop`;
      line.start('near', '/usr/sbin/nft', rule.split(' '));
      const watch = watchFrom(line, { url, transport: 'udp' });
      let looks = 0;
      const facts = await watch.until(({ fps = 0 }) => fps > 0 && (looks += 1) > 5);
      console.log(
        `UDP, ${percent} % lost: ${show(facts.lossRatio)} measured, fps ${facts.fps?.toFixed(1)}, ${judged(facts)}`,
      );
      return { percent, facts };
    };
    const lines: Line[] = [];
    for (let each = 0; each < 4; each += 1) lines.push(await openLine());
    const [tcpLine, ...udpLines] = lines;
    if (!tcpLine) throw new Error('no line');
    const overTcp = async () => {
      const { url } = await startFar(tcpLine);
      tcpLine.loss(5);
      let looks = 0;
      return watchFrom(tcpLine, { url }).until(({ fps = 0 }) => fps > 0 && (looks += 1) > 5);
    };
    const [tcp, ...udp] = await Promise.all([
      overTcp(),
      ...udpLines.map((line, at) => measure([1, 5, 20][at] ?? 0, line)),
    ]);
    console.log(`TCP, 5 % lost: ${show(tcp.lossRatio)} measured, fps ${tcp.fps?.toFixed(1)}`);
    expect(tcp.lossRatio).toBe(0);
    for (const { percent, facts } of udp) {
      expect(facts.lossRatio).toBeGreaterThan(percent / 100 - 0.01);
      expect(facts.lossRatio).toBeLessThan(percent / 100 + 0.01);
    }
    expect(udp.map(({ facts }) => judged(facts)).at(-1)).toBe('warn lossy');
  });

  it('that lost its power behind a cut cable is found again by itself', async () => {
    const line = await openLine();
    const first = await startFar(line);
    const watch = watchFrom(line, { url: first.url });
    await watch.until(({ state }) => state === 'streaming');
    line.cut();
    const cutMs = performance.now();
    const stalled = await watch.until(({ state }) => state === 'stalled');
    console.log(`cut: stalled after ${(performance.now() - cutMs).toFixed(0)} ms`);
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
  });

  it('is unreachable without a route, and silent behind a firewall', async () => {
    const line = await openLine();
    const { url } = await startFar(line);
    const nowhere = watchFrom(line, { url: 'rtsp://192.0.2.1/live' });
    expect(judged(await nowhere.until(() => true))).toBe('fail unreachable');
    line.loss(100);
    const silent = watchFrom(line, { url });
    expect(judged(await silent.until(() => true))).toBe('fail noAnswer');
  });
});
