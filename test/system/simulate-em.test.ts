import { describe, expect, it, onTestFinished } from 'vitest';
import type { Collector } from '../../server/src/collector.ts';
import { parseFaultScript } from '../../server/src/simulate/fault-script.ts';
import { startSimulation, type Simulation } from '../../server/src/simulate/simulation.ts';
import { api, testCollector } from '../support/collector.ts';
import { until } from '../support/processes.ts';

const FAST = { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' };
const codes = ['0001', '0002', '0003', '0004'];

interface Standing {
  id: string;
  state: string;
  results: { region: { done: number; bytesPerSecond: { p50: number } | null } };
  sites: {
    siteCode: string;
    state: string;
    reason: string;
    receivedBytes: number;
    servedBytes: number;
    tookMs: number;
  }[];
}

/** Four ППЭ; `faults` is a script. */
async function simulate(
  collector: Collector,
  faults: string,
  relays: boolean,
): Promise<Simulation> {
  const script = parseFaultScript(faults);
  if (!script.ok) throw new Error(script.problems.join('; '));
  const startMs = Date.parse('2024-05-15T08:30:00+07:00');
  const simulation = await startSimulation({
    to: collector.url.replace(/^http/, 'ws'),
    token: collector.adminToken,
    seed: 1,
    sites: codes.length,
    rooms: 3,
    time: { startMs, speed: 1, utcOffsetMinutes: 420 },
    faults: script.entries,
    relays,
  });
  onTestFinished(async () => {
    await simulation.stop(0);
  });
  await simulation.connected(10_000);
  return simulation;
}

async function schedule(collector: Collector, part: object): Promise<() => Promise<Standing>> {
  const body = { sites: 'involved', bytes: 20_000_000, spread: 'together', ...part };
  const answer = await api(collector, '/api/v1/em-downloads', { method: 'POST', body });
  expect([answer.status, answer.body]).toEqual([201, answer.body]);
  const { id } = answer.body as unknown as Standing;
  return async () =>
    (await api(collector, `/api/v1/em-downloads/${id}`)).body as unknown as Standing;
}

const slowLine = `- { at: '+0s', fault: slowLine, where: { ppe: '0003' } }`;

describe('the rehearsal of the download in a simulated fleet', () => {
  it(
    'takes as long as each line takes, over sockets of their own',
    { timeout: 40_000 },
    async () => {
      const collector = await testCollector({}, FAST);
      await simulate(collector, slowLine, false);
      const bytes = 300_000;
      const standing = await schedule(collector, { sites: { codes }, bytes });
      await until(async () => (await standing()).state === 'done', 'all are done', 15_000);
      const { results, sites } = await standing();
      expect(results.region.done).toBe(codes.length);
      // Three of four have 50 or 100 Mbit/s: the median is one of theirs.
      expect(results.region.bytesPerSecond?.p50).toBeGreaterThan(5_000_000);
      for (const site of sites)
        expect(site).toMatchObject({ state: 'done', receivedBytes: bytes, servedBytes: 0 });
      const longest = sites.toSorted((a, b) => b.tookMs - a.tookMs)[0];
      expect(longest?.siteCode).toBe('0003');
      expect(longest?.tookMs).toBeGreaterThan(1_000);
    },
  );

  it(
    'is of the Штаб of each relay, and whoever is not done is stopped',
    { timeout: 40_000 },
    async () => {
      const collector = await testCollector({}, FAST);
      const simulation = await simulate(collector, slowLine, true);
      expect(simulation.sockets).toBe(codes.length);
      const standing = await schedule(collector, { bytes: 20_000_000 });
      await until(
        async () => (await standing()).results.region.done === codes.length - 1,
        'three are done',
        15_000,
      );
      const { id } = await standing();
      const stop = await api(collector, `/api/v1/em-downloads/${id}/stop`, { method: 'POST' });
      expect(stop.status).toBe(200);
      const { state, sites } = await standing();
      expect(state).toBe('stopped');
      for (const site of sites) {
        if (site.siteCode !== '0003') expect(site).toMatchObject({ state: 'done', reason: 'ok' });
        else {
          expect(site).toMatchObject({ state: 'stopped', reason: 'stopped' });
          expect(site.receivedBytes).toBeGreaterThan(0);
          expect(site.receivedBytes).toBeLessThan(4_000_000);
        }
      }
      expect(simulation.counters()).toMatchObject({ closes: {}, losses: [] });
    },
  );
});
