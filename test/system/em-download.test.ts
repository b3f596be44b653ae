import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { EmDownload } from '@ppe-pulse/protocol';
import type { Collector } from '../../server/src/collector.ts';
import { detailsOf, enrolled, isHeard } from '../support/agent-process.ts';
import { AgentPeer, enrol, newIdentity } from '../support/agent-peer.ts';
import { api, testCollector } from '../support/collector.ts';
import { cutLine } from '../support/cut-line.ts';
import { fuzzSeed } from '../support/fuzz.ts';
import { freePort } from '../support/influxd.ts';
import { commands, start, until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

interface Standing {
  id: string;
  state: string;
  sha256: string | null;
  sitesDone: number;
  bytesPerSecond: number;
  results: { region: { done: number; bytesPerSecond: { p50: number } | null } };
  sites: {
    siteCode: string;
    state: string;
    reason: string;
    receivedBytes: number;
    servedBytes: number;
    retries: number;
    tookMs: number;
  }[];
}

const env = { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' };
/** No closed hours: the test may run at any time of the day. */
const line = {
  emDownload: { url: 'http://127.0.0.1:9/', closedFrom: '00:00', closedTo: '00:00' },
};

async function schedule(collector: Collector, part: object): Promise<Standing> {
  const body = { sites: { codes: ['0042'] }, spread: 'together', ...part };
  const answer = await api(collector, '/api/v1/em-downloads', { method: 'POST', body });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body as unknown as Standing;
}

const standingOf = async (collector: Collector, id: string): Promise<Standing> =>
  (await api(collector, `/api/v1/em-downloads/${id}`)).body as unknown as Standing;

describe('the rehearsal of the download', () => {
  it(
    'is right over a cut line, a killed agent and a restarted collector, and costs its bytes once',
    { timeout: 300_000 },
    async () => {
      const [port, dataDir] = [await freePort(), tempDir()];
      let collector = await testCollector({ port, dataDir }, env);
      const wire = await cutLine(collector.url);
      const { config, id } = await enrolled({ ...collector, url: wire.url }, { line });
      let agent = start(commands.agent, ['run', '--config', config]);
      await until(() => isHeard(collector, id), 'the agent is heard');
      // 16 s of it: the link may be back long after the download, and it must not be over by then.
      const bytes = 48_000_000;
      const { id: download } = await schedule(collector, { bytes, maxBytesPerSecond: 3_000_000 });
      const received = async (): Promise<number> =>
        (await standingOf(collector, download)).sites[0]?.receivedBytes ?? 0;

      await until(async () => (await received()) > 4_000_000, 'the first part');
      expect((await standingOf(collector, download)).bytesPerSecond).toBeGreaterThan(100_000);
      wire.cut();
      await until(() => agent.errors().includes('link closed'), 'the agent sees the cut');
      wire.join();
      const afterCut = await received();
      await until(
        async () => (await received()) > afterCut + 2_000_000,
        'bytes after the cut',
        90_000,
      );

      agent.kill('SIGKILL');
      await agent.ended;
      agent = start(commands.agent, ['run', '--config', config]);
      const afterKill = await received();
      await until(
        async () => (await received()) > afterKill + 2_000_000,
        'bytes after the kill',
        90_000,
      );

      await collector.stop();
      collector = await testCollector({ port, dataDir }, env);
      await until(
        async () => (await standingOf(collector, download)).state === 'done',
        'the end',
        60_000,
      );
      const standing = await standingOf(collector, download);
      const [site] = standing.sites;
      expect(site).toMatchObject({ state: 'done', reason: 'ok', receivedBytes: bytes });
      expect(site?.servedBytes).toBeGreaterThanOrEqual(bytes * 0.9);
      expect(site?.servedBytes).toBeLessThan(bytes * 1.4);
      expect(site?.retries).toBeGreaterThan(0);
      expect(standing.results.region.done).toBe(1);
      await until(
        async () => (await detailsOf(collector, id)).metrics['net.em.ratio'] === 1,
        'the board’s column',
      );
    },
  );

  it('serves whatever range is asked for and nothing outside of the package', async () => {
    const collector = await testCollector({}, env);
    const { peer, order } = await ordered(collector, { bytes: 300_000 });
    const url = `${collector.url}/agent/v1/em-package`;
    const authorization = `Em ${order.token}`;
    const whole = Buffer.from(
      await (await fetch(url, { headers: { authorization } })).arrayBuffer(),
    );
    expect(createHash('sha256').update(whole).digest('hex')).toBe(order.sha256);

    const seed = fuzzSeed('ranges of the package');
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const number = (): string =>
      ['', '0', '1', '299999', '300000', '9e9', `${random(310_000)}`][random(7)] ?? '';
    const etags = ['"em1-7-300000"', 'W/"em1-7-300000"', '"other"', '*'];
    for (let round = 0; round < 150; round += 1) {
      const unit = ['bytes=', 'bytes=', 'bytes=', 'Bytes=', 'bytes', 'lines=', ''][random(7)];
      const list = random(5) === 0 ? `,${number()}-${number()}` : '';
      const range = `${unit}${number()}-${number()}${list}`;
      const ifRange = etags[random(8)];
      const response = await fetch(url, {
        headers: { authorization, range, ...(ifRange !== undefined && { 'if-range': ifRange }) },
      });
      const body = Buffer.from(await response.arrayBuffer());
      const detail = `seed ${seed}: "${range}", if-range ${ifRange}`;
      const told = /^bytes (\d+)-(\d+)\/300000$/.exec(response.headers.get('content-range') ?? '');
      const part = whole.subarray(Number(told?.[1]), Number(told?.[2]) + 1);
      const expected = { 200: whole, 206: part, 416: Buffer.alloc(0) }[response.status];
      expect([detail, expected?.equals(body)]).toEqual([detail, true]);
    }
    for (const wrong of [undefined, 'Em x', `Slot ${order.token}`, `Em ${'x'.repeat(43)}`])
      expect(
        (await fetch(url, { headers: wrong === undefined ? {} : { authorization: wrong } })).status,
      ).toBe(401);
    expect((await fetch(`${url}?token=${order.token}`)).status).toBe(401);
    expect(peer.closeCode).toBeUndefined();
  });

  it('runs one at a time, is stopped, and leaves a trace of who did it', async () => {
    const collector = await testCollector({}, env);
    const { peer, order } = await ordered(collector, { bytes: 300_000 });
    const { downloadId } = order;
    const again = await api(collector, '/api/v1/em-downloads', {
      method: 'POST',
      body: { sites: 'involved', bytes: 1, spread: 'together' },
    });
    expect([again.status, again.body.type]).toEqual([409, 'urn:ppe-pulse:problem:alreadyRuns']);
    peer.send({
      type: 'emProgress',
      downloadId,
      state: 'running',
      reason: 'running',
      receivedBytes: 120_000,
      tookMs: 900,
      retries: 1,
    });
    await until(
      async () => (await standingOf(collector, downloadId)).sites[0]?.receivedBytes === 120_000,
      'the progress',
    );
    const whatIf = await api(
      collector,
      `/api/v1/em-downloads/${downloadId}/what-if?serverBytesPerSecond=1000000`,
    );
    expect(whatIf.body).toMatchObject({ sites: 0, unknown: ['0042'], lastSeconds: null });
    const stop = `/api/v1/em-downloads/${downloadId}/stop`;
    expect((await api(collector, stop, { method: 'POST' })).status).toBe(200);
    expect(await peer.next('emStop')).toEqual({ type: 'emStop', downloadId });
    expect((await api(collector, stop, { method: 'POST' })).status).toBe(409);
    expect(await standingOf(collector, downloadId)).toMatchObject({
      state: 'stopped',
      sites: [{ state: 'stopped', receivedBytes: 120_000, tookMs: 900, retries: 1 }],
    });
    const audit = await api(collector, '/api/v1/audit');
    expect(audit.body.items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ action: 'emDownload.stop', subject: downloadId }),
        expect.objectContaining({ action: 'emDownload.schedule', account: 'admin' }),
      ]),
    );
    const list = await api(collector, '/api/v1/em-downloads');
    expect(list.body.items).toMatchObject([{ id: downloadId, state: 'stopped', bytes: 300_000 }]);
  });

  it('refuses what it cannot do and says what to do next', async () => {
    const collector = await testCollector(
      {},
      {
        ...env,
        PPE_PULSE_THROUGHPUT_CLOSED_FROM: '00:00',
        PPE_PULSE_THROUGHPUT_CLOSED_TO: '23:59',
      },
    );
    const post = async (body: object) => {
      const answer = await api(collector, '/api/v1/em-downloads', { method: 'POST', body });
      return [answer.status, (answer.body as { type?: string }).type?.split(':').at(-1)];
    };
    const good = { sites: 'involved', bytes: 1_000, spread: 'together' };
    expect(await post(good)).toEqual([409, 'closedHours']);
    for (const bad of [
      { ...good, bytes: 0 },
      { ...good, bytes: 1e12 },
      { ...good, sites: 'everybody' },
      { ...good, sites: { codes: [] } },
      { ...good, sites: { codes: ['42'] } },
      { ...good, spread: { overMinutes: 0 } },
      { ...good, source: 'http://elsewhere' },
    ])
      expect([bad, (await post(bad))[0]]).toEqual([bad, 400]);
    expect((await api(collector, '/api/v1/em-downloads/0000000000000000')).status).toBe(404);
  });

  it('gives people the package for a mirror', async () => {
    const collector = await testCollector({}, env);
    const headers = { authorization: `Bearer ${collector.adminToken}` };
    const path = `${collector.url}/api/v1/em-package?seed=7&bytes=300000`;
    const body = Buffer.from(await (await fetch(path, { headers })).arrayBuffer());
    const { order } = await ordered(collector, { bytes: 300_000, source: 'mirror' });
    expect(createHash('sha256').update(body).digest('hex')).toBe(order.sha256);
    expect((await fetch(path)).status).toBe(401);
    const own = await fetch(`${collector.url}/agent/v1/em-package`, {
      headers: { authorization: `Em ${order.token}` },
    });
    expect(own.status).toBe(401);
  });
});

/** A Штаб by hand that has an order. */
async function ordered(
  collector: Collector,
  part: object,
): Promise<{ peer: AgentPeer; order: EmDownload }> {
  const identity = newIdentity();
  await enrol(collector, identity);
  const peer = await AgentPeer.connect(collector.url, identity);
  await peer.shakeHands({ capabilities: ['emDownload'] });
  await schedule(collector, { seed: 7, ...part });
  return { peer, order: await peer.next('emDownload') };
}
