import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { emResults, startTimes } from '@ppe-pulse/protocol';
import type { EmDownloads } from '../../server/src/em/em-downloads.ts';
import { LiveDownload } from '../../server/src/em/live-download.ts';
import { EmStage, emOrder, emProgress, place } from '../support/em-stage.ts';
import { until } from '../support/processes.ts';

const SECOND = 1_000;

/** Schedules and waits until the package is hashed and the orders are out. */
async function running(downloads: EmDownloads, part = {}) {
  const { job } = downloads.schedule(emOrder(part), 'operator');
  await until(() => downloads.find(job.id)?.job.state === 'running', 'the package is known');
  const now = downloads.find(job.id);
  if (!now) throw new Error('the job is gone');
  return now;
}

/** The rehearsal itself, driven by hand: no timer, no hash. */
async function live(stage: EmStage, part = {}) {
  const downloads = stage.open();
  const { job, sites } = downloads.schedule(emOrder(part), 'operator');
  downloads.close();
  const rehearsal = new LiveDownload(job, sites, stage.liveParts);
  rehearsal.prepared('a'.repeat(64), stage.nowMs);
  return { rehearsal, job: rehearsal.job };
}

describe('scheduling a rehearsal of the download', () => {
  it('sends each site’s Штаб its own order, the package’s hash in it', async () => {
    const stage = new EmStage();
    stage.site('0042', 'w-a');
    stage.site('0043', 'w-b', 'w-c');
    const downloads = stage.open();
    const { job } = await running(downloads, { bytes: 1_000_000, maxBytesPerSecond: 5 });
    expect(stage.orders().map(({ to }) => to)).toEqual(['w-a', 'w-b']);
    const [first, second] = stage.orders().map(({ frame }) => frame);
    expect(first).toMatchObject({
      downloadId: job.id,
      bytes: 1_000_000,
      seed: 7,
      source: 'collector',
      maxBytesPerSecond: 5,
      startInMs: 2 * SECOND,
      expiresInMs: 62 * SECOND,
    });
    expect(first?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(first?.token).not.toBe(second?.token);
    expect(first).not.toHaveProperty('resume');
    expect(downloads.isRunning).toBe(true);
    expect(downloads.emSummary()).toEqual({
      downloadId: job.id,
      state: 'running',
      sitesDone: 0,
      sitesTotal: 2,
      bytesPerSecond: 0,
    });
  });

  it('is refused in the closed hours, beside another, for nobody and for the unknown', async () => {
    const stage = new EmStage();
    const downloads = stage.open();
    const refusal = (part = {}): string => {
      try {
        downloads.schedule(emOrder(part), 'operator');
        return 'taken';
      } catch (error) {
        return (error as { kind: string }).kind;
      }
    };
    expect(refusal()).toBe('noSites');
    stage.site('0042', 'w-a');
    stage.places.push(place('0050', { isInvolved: false, municipality: 'tayga' }));
    expect(refusal({ sites: { codes: ['0042', '9999'] } })).toBe('unknownSites');
    expect(refusal({ sites: { municipality: 'tayga' } })).toBe('noSites');
    stage.localTime = '09:15';
    expect(refusal()).toBe('closedHours');
    stage.localTime = '10:30';
    expect(refusal({ sites: { codes: ['0050'] } })).toBe('taken');
    expect(refusal()).toBe('alreadyRuns');
  });

  it('begins together on purpose, or evenly over a time in a shuffled order', () => {
    const codes = Array.from({ length: 10 }, (_, at) => `00${at + 10}`);
    expect(new Set(startTimes(codes, 0, 1).values())).toEqual(new Set([0]));
    const spread = startTimes(codes, 100, 1);
    expect([...spread.values()].sort((a, b) => a - b)).toEqual([
      0, 10, 20, 30, 40, 50, 60, 70, 80, 90,
    ]);
    expect([...spread.keys()]).not.toEqual(codes);
    expect(new Set(spread.keys())).toEqual(new Set(codes));
    expect(startTimes(codes, 100, 1)).toEqual(spread);
    expect(startTimes(codes, 100, 2)).not.toEqual(spread);
  });
});

describe('a rehearsal that runs', () => {
  it('takes the agents’ word, shows speed, and is done when all are', async () => {
    const stage = new EmStage();
    stage.site('0042', 'w-a');
    stage.site('0043', 'w-b');
    const { rehearsal, job } = await live(stage);
    const t = stage.nowMs;
    expect(rehearsal.took('w-a', emProgress(job, { receivedBytes: 100 }), t)).toBe(true);
    rehearsal.took('w-a', emProgress(job, { receivedBytes: 600, tookMs: 1_000 }), t + SECOND);
    expect(rehearsal.summary(t + SECOND).bytesPerSecond).toBe(500);
    expect(rehearsal.summary(t + 10 * SECOND).bytesPerSecond).toBe(0);
    const done = { state: 'done', reason: 'ok', receivedBytes: 1_000, tookMs: 2_000 } as const;
    rehearsal.took('w-a', emProgress(job, done), t + 2 * SECOND);
    rehearsal.took('w-b', emProgress(job, { ...done, tookMs: 500 }), t + 2 * SECOND);
    rehearsal.tick(t + 3 * SECOND);
    expect(rehearsal.job).toMatchObject({ state: 'done', endedAtMs: t + 3 * SECOND });
    expect(emResults(rehearsal.sites()).region).toMatchObject({ total: 2, done: 2, failed: 0 });
  });

  it('believes nobody who is done with less, goes back, or speaks for another', async () => {
    const stage = new EmStage();
    stage.site('0042', 'w-a');
    const { rehearsal, job } = await live(stage);
    const t = stage.nowMs;
    expect(rehearsal.took('w-x', emProgress(job), t)).toBe(false);
    expect(rehearsal.took('w-a', emProgress({ ...job, id: 'f'.repeat(16) }), t)).toBe(false);
    rehearsal.took('w-a', emProgress(job, { receivedBytes: 700, tookMs: 9, retries: 2 }), t);
    rehearsal.took('w-a', emProgress(job, { receivedBytes: 5_000 }), t);
    expect(rehearsal.sites()[0]).toMatchObject({ receivedBytes: 1_000, tookMs: 9, retries: 2 });
    rehearsal.took('w-a', emProgress(job, { state: 'done', receivedBytes: 999 }), t);
    expect(rehearsal.sites()[0]).toMatchObject({ state: 'failed', reason: 'badProgress' });
    expect(rehearsal.took('w-a', emProgress(job), t)).toBe(false);
  });

  it('orders once a connection, and with what was received from who comes back', async () => {
    const stage = new EmStage();
    stage.site('0042', 'w-a');
    const { rehearsal, job } = await live(stage);
    rehearsal.tick(stage.nowMs + SECOND);
    expect(stage.orders()).toHaveLength(1);
    const told = { receivedBytes: 400, tookMs: 80, retries: 1 };
    rehearsal.took('w-a', emProgress(job, told), stage.nowMs + 2 * SECOND);
    stage.join('w-a');
    rehearsal.tick(stage.nowMs + 3 * SECOND);
    expect(stage.orders()).toHaveLength(2);
    expect(stage.orders()[1]?.frame).toMatchObject({
      resume: told,
      startInMs: 0,
      token: stage.orders()[0]?.frame.token,
      expiresInMs: 59 * SECOND,
    });
  });

  it('never orders through a relay, nor of an agent that cannot', async () => {
    const stage = new EmStage();
    stage.site('0042', 'w-a', 'w-b');
    stage.join('w-a', 'w-relay');
    stage.sessions.set('w-b', { workstationId: 'w-b', can: () => false });
    const { rehearsal } = await live(stage);
    rehearsal.tick(stage.nowMs + SECOND);
    expect(stage.sent).toEqual([]);
    expect(rehearsal.sites()[0]?.state).toBe('planned');
    stage.join('w-b');
    rehearsal.tick(stage.nowMs + 2 * SECOND);
    expect(stage.orders().map(({ to }) => to)).toEqual(['w-b']);
  });

  it('gives a silent station’s turn to another of its Штаб, which goes on', async () => {
    const stage = new EmStage();
    stage.site('0042', 'w-a', 'w-b');
    stage.join('w-b');
    const { rehearsal, job } = await live(stage, { giveUpAfterMs: 600 * SECOND });
    rehearsal.took('w-a', emProgress(job, { receivedBytes: 400 }), stage.nowMs);
    stage.sessions.delete('w-a');
    rehearsal.tick(stage.nowMs + 60 * SECOND);
    expect(stage.orders()).toHaveLength(1);
    rehearsal.tick(stage.nowMs + 130 * SECOND);
    expect(stage.orders()[1]).toMatchObject({
      to: 'w-b',
      frame: { resume: { receivedBytes: 400 } },
    });
    expect(rehearsal.took('w-a', emProgress(job), stage.nowMs + 131 * SECOND)).toBe(false);
    expect(rehearsal.took('w-b', emProgress(job), stage.nowMs + 131 * SECOND)).toBe(true);
  });

  it('gives up what is not done in time and says why', async () => {
    const stage = new EmStage();
    stage.site('0042', 'w-a');
    stage.site('0043');
    const { rehearsal, job } = await live(stage);
    rehearsal.took('w-a', emProgress(job, { receivedBytes: 400 }), stage.nowMs);
    rehearsal.tick(stage.nowMs + 62 * SECOND);
    expect(rehearsal.job.state).toBe('running');
    rehearsal.tick(stage.nowMs + 68 * SECOND);
    expect(rehearsal.job.state).toBe('done');
    expect(rehearsal.sites().map(({ state, reason }) => [state, reason])).toEqual([
      ['failed', 'expired'],
      ['failed', 'notReached'],
    ]);
    expect(stage.stops()).toEqual(['w-a']);
  });
});

describe('the rehearsals of a collector', () => {
  it('stop everywhere, and stop whoever goes on all the same', async () => {
    const stage = new EmStage();
    stage.site('0042', 'w-a');
    stage.site('0043');
    const downloads = stage.open();
    const { job } = await running(downloads);
    const { sites } = downloads.stop(job.id);
    expect(sites.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
    expect(stage.stops()).toEqual(['w-a']);
    expect(downloads.isRunning).toBe(false);
    downloads.took('w-a', emProgress(job));
    expect(stage.stops()).toEqual(['w-a', 'w-a']);
    downloads.took('w-a', emProgress(job, { state: 'failed', reason: 'stopped' }));
    expect(stage.stops()).toHaveLength(2);
    expect(() => downloads.stop(job.id)).toThrow('does not run');
    expect(downloads.list(10)[0]).toMatchObject({ id: job.id, state: 'stopped' });
  });

  it('go on after a restart with what was told before it', async () => {
    const stage = new EmStage();
    stage.site('0042', 'w-a');
    const before = stage.open();
    const { job } = await running(before);
    before.took('w-a', emProgress(job, { receivedBytes: 300, tookMs: 50, retries: 1 }));
    before.close();
    const token = stage.orders()[0]?.frame.token;
    stage.sent.splice(0);
    const after = stage.open();
    expect(after.isRunning).toBe(true);
    expect(after.find(job.id)?.sites[0]).toMatchObject({ receivedBytes: 300, state: 'running' });
    stage.join('w-a');
    await until(() => stage.orders().length > 0, 'the order of the new collector');
    expect(stage.orders()[0]?.frame).toMatchObject({
      token,
      resume: { receivedBytes: 300, tookMs: 50, retries: 1 },
    });
  });

  it('prepare again what was being prepared when the collector died', async () => {
    const stage = new EmStage();
    stage.site('0042', 'w-a');
    const before = stage.open();
    const { job } = before.schedule(emOrder({ bytes: 500_000_000 }), 'operator');
    before.close();
    expect(before.find(job.id)?.job.state).toBe('preparing');
    const after = stage.open();
    await until(() => after.find(job.id)?.job.state === 'running', 'it is prepared');
    expect(stage.orders()).toHaveLength(1);
  });

  it('serve the package to the bearer of a token and count what they sent', async () => {
    const stage = new EmStage();
    stage.site('0042', 'w-a');
    const downloads = stage.open();
    const server = createServer((request, response) => {
      if (!downloads.serve(request, response)) response.writeHead(401).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ask = (token?: string): Promise<Response> =>
      fetch(url, { headers: token === undefined ? {} : { authorization: `Em ${token}` } });
    expect((await ask()).status).toBe(401);
    const { job } = await running(downloads, { bytes: 100_000 });
    const frame = stage.orders()[0]?.frame;
    const body = Buffer.from(await (await ask(frame?.token)).arrayBuffer());
    expect(createHash('sha256').update(body).digest('hex')).toBe(frame?.sha256);
    expect(downloads.find(job.id)?.sites[0]?.servedBytes).toBe(100_000);
    expect((await ask('a'.repeat(43))).status).toBe(401);
    downloads.stop(job.id);
    expect((await ask(frame?.token)).status).toBe(401);
  });

  it('answer what would be if all started at once', async () => {
    const stage = new EmStage();
    for (const code of ['0042', '0043', '0044', '0045']) stage.site(code);
    stage.lines.set('0042', 1_000);
    stage.lines.set('0043', 100);
    stage.places = stage.places.map((each) =>
      each.siteCode === '0044' ? { ...each, contractBytesPerSecond: 1_000 } : each,
    );
    const downloads = stage.open();
    const { job } = downloads.schedule(emOrder({ bytes: 10_000 }), 'operator');
    // 0043 has 100 of its own, the other two share the 400 that are left.
    expect(downloads.whatIf(job.id, 500)).toMatchObject({
      sites: 3,
      unknown: ['0045'],
      lastSeconds: 100,
      lastSite: '0043',
      p50Seconds: 50,
      saturatedSeconds: 50,
    });
    expect(downloads.whatIf('f'.repeat(16), 500)).toBeUndefined();
  });
});
