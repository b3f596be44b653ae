import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { EmDownload, EmProgress, Mode, Role } from '@ppe-pulse/protocol';
import { EmRehearsal } from '../../agent/src/em/em-rehearsal.ts';
import { LineWatch, isNeededByOthers } from '../../agent/src/em/line-watch.ts';
import { systemClock } from '../../agent/src/platform/clock.ts';
import { createLog } from '../../agent/src/platform/log.ts';
import { PackageServer } from '../../server/src/em/package-server.ts';
import { until } from '../support/processes.ts';
import { plainTls } from '../support/plain-tls.ts';

const BYTES = 600_000;

/** A collector's package of this size and rate, behind a port. */
async function collector(maxBytesPerSecond = 0) {
  const requests: IncomingMessage[] = [];
  const packages = new PackageServer({
    maxBytesPerSecond,
    concurrent: 4,
    monotonicMs: () => performance.now(),
  });
  const server = createServer((request, response) => {
    requests.push(request);
    const offer = { seed: 7, bytes: BYTES, maxBytesPerSecond: 0, sent: () => undefined };
    packages.serve('0042', offer, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    packages.close();
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests };
}

/** The agent's part with a world that the test turns. */
function agent(collectorUrl: string, mirrorUrl?: string) {
  const world = {
    mode: 'prep' as Mode,
    role: 'hq' as Role,
    isLineClosed: false,
    isNeeded: false,
    taken: 0,
    told: [] as EmProgress[],
  };
  const rehearsal = new EmRehearsal({
    clock: systemClock(),
    log: createLog('silent'),
    random: () => 0,
    collectorUrl,
    collectorTls: plainTls,
    mirror: mirrorUrl === undefined ? undefined : { url: mirrorUrl },
    maxBytes: 1_000_000,
    mode: () => world.mode,
    role: () => world.role,
    isLineClosed: () => world.isLineClosed,
    watch: { isNeeded: () => Promise.resolve(world.isNeeded) },
    send: (progress) => void world.told.push(progress),
    taken: () => void (world.taken += 1),
  });
  onTestFinished(() => rehearsal.close());
  return { world, rehearsal, last: () => world.told.at(-1) };
}

const order = (part: Partial<EmDownload> = {}): EmDownload => ({
  type: 'emDownload',
  downloadId: '0'.repeat(16),
  token: 't'.repeat(43),
  bytes: BYTES,
  seed: 7,
  sha256: 'a'.repeat(64),
  source: 'collector',
  maxBytesPerSecond: 0,
  startInMs: 0,
  expiresInMs: 60_000,
  ...part,
});

describe('an order to download', () => {
  it('is obeyed at the collector alone, told at its start and end, and shown', async () => {
    const { url, requests } = await collector();
    const { world, rehearsal, last } = agent(url, 'http://127.0.0.1:9/mirror');
    expect(rehearsal.standing()).toBeUndefined();
    rehearsal.take(order());
    expect(world.told[0]).toMatchObject({ state: 'waiting', receivedBytes: 0 });
    expect(world.taken).toBe(1);
    await until(() => last()?.state === 'done', 'done');
    expect(last()).toMatchObject({ reason: 'ok', receivedBytes: BYTES, retries: 0 });
    expect(rehearsal.standing()).toMatchObject({
      isRunning: false,
      state: 'done',
      receivedBytes: BYTES,
      totalBytes: BYTES,
    });
    expect(requests.map((each) => [each.url, each.headers.authorization])).toEqual([
      ['/agent/v1/em-package', `Em ${'t'.repeat(43)}`],
    ]);
    expect(rehearsal.isOpen).toBe(false);
  });

  it('gives the line up in the moment a person switches the PC off, says so, and goes on later', async () => {
    const { url, requests } = await collector(100_000);
    const { world, rehearsal, last } = agent(url);
    rehearsal.take(order());
    await until(() => requests.length === 1, 'it is asked for');
    world.mode = 'off';
    rehearsal.modeChanged();
    expect(last()).toMatchObject({ state: 'paused', reason: 'off' });
    world.mode = 'prep';
    await until(() => requests.length === 2, 'it goes on');
    expect(requests[1]?.headers).toHaveProperty('range');
  });

  it('goes to the mirror of the agent’s own configuration, and the token does not', async () => {
    const { url, requests } = await collector();
    const { rehearsal, last } = agent('http://127.0.0.1:9', `${url}/files/package.bin`);
    rehearsal.take(order({ source: 'mirror' }));
    await until(() => last()?.state === 'done', 'done');
    expect(requests[0]?.url).toBe('/files/package.bin');
    expect(requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('is refused with a reason where it may not be: quiet, off, no Штаб, too big, no mirror', () => {
    for (const [turn, part, reason] of [
      [{ mode: 'quiet' }, {}, 'quiet'],
      [{ mode: 'off' }, {}, 'off'],
      [{ role: 'organizer' }, {}, 'notHq'],
      [{}, { bytes: 1_000_001 }, 'tooBig'],
      [{}, { source: 'mirror' }, 'noMirror'],
    ] as const) {
      const { world, rehearsal } = agent('http://127.0.0.1:9');
      Object.assign(world, turn);
      rehearsal.take(order({ ...part, resume: { receivedBytes: 5, tookMs: 6, retries: 7 } }));
      expect(world.told).toEqual([
        expect.objectContaining({
          state: 'refused',
          reason,
          receivedBytes: 5,
          tookMs: 6,
          retries: 7,
        }),
      ]);
      expect(rehearsal.isOpen).toBe(false);
    }
  });

  it('is only answered when it comes again, also after its end', async () => {
    const { url, requests } = await collector();
    const { world, rehearsal, last } = agent(url);
    rehearsal.take(order());
    rehearsal.take(order());
    expect(world.told.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    await until(() => last()?.state === 'done', 'done');
    const told = world.told.length;
    rehearsal.take(order());
    expect(world.told).toHaveLength(told + 1);
    expect(last()?.state).toBe('done');
    expect(requests).toHaveLength(1);
  });

  it('ends with the word of the collector, and gives way to a newer one', async () => {
    const { url } = await collector(100_000);
    const { world, rehearsal, last } = agent(url);
    rehearsal.take(order());
    await until(() => rehearsal.standing()?.isRunning === true, 'it runs');
    rehearsal.take(order({ downloadId: '1'.repeat(16), startInMs: 50_000 }));
    expect(world.told.map(({ state, reason }) => [state, reason])).toContainEqual([
      'failed',
      'replaced',
    ]);
    rehearsal.take({ type: 'emStop', downloadId: '0'.repeat(16) });
    expect(rehearsal.isOpen).toBe(true);
    rehearsal.take({ type: 'emStop', downloadId: '1'.repeat(16) });
    expect(last()).toMatchObject({ state: 'failed', reason: 'stopped' });
    expect(rehearsal.isOpen).toBe(false);
  });

  it('is given up when its time is over', async () => {
    const { url } = await collector(50_000);
    const { rehearsal, last } = agent(url);
    rehearsal.take(order({ expiresInMs: 300 }));
    await until(() => last()?.state === 'failed', 'the end');
    expect(last()?.reason).toBe('expired');
    expect(last()?.receivedBytes).toBeLessThan(BYTES);
  });
});

describe('a download that was ordered', () => {
  it('waits in the closed hours and goes on after them from where it was', async () => {
    const { url, requests } = await collector(400_000);
    const { world, rehearsal, last } = agent(url);
    rehearsal.take(order());
    await until(() => (rehearsal.standing()?.receivedBytes ?? 0) > 0, 'bytes');
    world.isLineClosed = true;
    await until(() => last()?.state === 'paused', 'the pause');
    expect(last()?.reason).toBe('closedHours');
    const at = last()?.receivedBytes ?? 0;
    expect(rehearsal.standing()).toMatchObject({ isRunning: false, state: 'stopped' });
    world.isLineClosed = false;
    await until(() => last()?.state === 'done', 'done');
    expect(requests.map(({ headers }) => headers.range)).toEqual([undefined, `bytes=${at}-`]);
    expect(last()?.retries).toBe(0);
    const told = world.told.filter(({ state }) => state === 'running');
    expect(told.length).toBeLessThanOrEqual(4);
  });

  it('yields the line to whoever needs it', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { url } = await collector(100_000);
    const { world, rehearsal, last } = agent(url);
    rehearsal.take(order());
    await until(() => rehearsal.standing()?.isRunning === true, 'it runs');
    world.isNeeded = true;
    await vi.advanceTimersByTimeAsync(6_000);
    await until(() => rehearsal.standing()?.isRunning === false, 'it yields');
    vi.advanceTimersByTime(1_000);
    expect(last()).toMatchObject({ state: 'paused', reason: 'lineBusy' });
  });
});

describe('whether others need the line', () => {
  const use = { received: 1_000_000, sent: 30_000, own: 950_000, line: 1_000_000 };

  it('is told from the package’s own bytes, headers and acknowledgements', () => {
    expect(isNeededByOthers(use)).toBe(false);
    expect(isNeededByOthers({ ...use, received: 1_300_000 })).toBe(true);
    expect(isNeededByOthers({ ...use, sent: 400_000 })).toBe(true);
    expect(isNeededByOthers({ ...use, own: 0, received: 150_000 })).toBe(false);
    expect(isNeededByOthers({ ...use, own: 0, received: 250_000 })).toBe(true);
  });

  it('never is what a PC says anyway, however slow the line', () => {
    const slow = { received: 49_000, sent: 0, own: 0, line: 10_000 };
    expect(isNeededByOthers(slow)).toBe(false);
    expect(isNeededByOthers({ ...slow, received: 900_000, line: 0 })).toBe(false);
    expect(isNeededByOthers({ ...slow, received: 1_100_000, line: 0 })).toBe(true);
  });

  it('is measured over the same time on both sides, and a look that fails says nothing', async () => {
    let nowMs = 0;
    const rates = { receivedBytesPerSecond: 2_000_000, sentBytesPerSecond: 0, errorsPerSecond: 0 };
    let isBroken = false;
    const nic = {
      rates,
      measure: () =>
        isBroken
          ? Promise.reject(new Error('gone'))
          : Promise.resolve({ kind: 'nothing' as const }),
    };
    const watch = new LineWatch(nic, { wallMs: () => 0, monotonicMs: () => nowMs });
    expect(await watch.isNeeded(0)).toBe(false);
    nowMs = 5_000;
    expect(await watch.isNeeded(9_500_000)).toBe(false);
    nowMs = 10_000;
    expect(await watch.isNeeded(12_000_000)).toBe(true);
    isBroken = true;
    expect(await watch.isNeeded(12_000_000)).toBe(false);
  });
});
