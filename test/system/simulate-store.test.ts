import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Collector } from '../../server/src/collector.ts';
import { parseFaultScript } from '../../server/src/simulate/fault-script.ts';
import { simulatedKey } from '../../server/src/simulate/identity.ts';
import { startSimulation, type Simulation } from '../../server/src/simulate/simulation.ts';
import { api, testCollector } from '../support/collector.ts';
import { until } from '../support/processes.ts';
import { storedBeats } from '../chaos/store-rows.ts';
import { tempDir } from '../support/temp-dir.ts';

const FAST = { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' };
/** Every probe looks once a heartbeat. */
const time = {
  startMs: Date.parse('2024-05-15T08:30:00+07:00'),
  speed: 60,
  utcOffsetMinutes: 420,
};

async function simulate(
  collector: Collector,
  yaml: string,
  part: { relays?: boolean; oracleFile?: string } = {},
): Promise<Simulation> {
  const outcome = parseFaultScript(yaml);
  if (!outcome.ok) throw new Error(outcome.problems.join('; '));
  const simulation = await startSimulation({
    to: collector.url.replace(/^http/, 'ws'),
    token: collector.adminToken,
    seed: 3,
    sites: 2,
    rooms: 5,
    faults: outcome.entries,
    time,
    ...part,
  });
  onTestFinished(async () => {
    await simulation.stop(0);
  });
  return simulation;
}

/** Heartbeats by workstation, as the oracle has them. */
function acked(oracleFile: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of readFileSync(oracleFile, 'utf8').trim().split('\n')) {
    const each = JSON.parse(line) as { agentId: string; acked: boolean };
    if (each.acked) counts.set(each.agentId, (counts.get(each.agentId) ?? 0) + 1);
  }
  return counts;
}

describe.each([
  ['each with its own socket', false],
  ['through relays', true],
])('a fleet, %s', (_name, relays) => {
  it(
    'has each acked heartbeat in the store once, whatever happened',
    { timeout: 90_000 },
    async () => {
      const dataDir = tempDir();
      const collector = await testCollector({ dataDir }, FAST);
      const oracleFile = join(tempDir(), 'oracle.jsonl');
      const fromMs = Date.now() - 1_000;
      // In real time: from the fourth second on, for some seconds each.
      const simulation = await simulate(
        collector,
        `
- { at: '+4m', for: 5m, fault: lineCut, where: { ppe: '0001' } }
- { at: '+4m', for: 4m, fault: agentKilled, where: { ppe: '0002', role: organizer } }
- { at: '+4m', for: 4m, fault: roomsSilentByExam, where: { ppe: '0002', room: '0002' } }
- { at: '+4m', fault: wrongClock, where: { ppe: '0002', role: video } }
`,
        { relays, oracleFile },
      );
      await simulation.connected(10_000);
      const planned = simulation.region.workstations.length;
      await until(() => simulation.counters().produced > 14 * planned, 'fourteen seconds', 40_000);
      const counters = await simulation.stop();
      expect(counters.acked).toBe(counters.produced);
      await collector.stop();
      const rows = await storedBeats(dataDir, tempDir());
      const names = rows.map(({ workstation, boot, seq }) => `${workstation}/${boot}/${seq}`);
      expect(new Set(names).size).toBe(names.length);
      for (const [id, count] of acked(oracleFile)) {
        const own = rows.filter(({ workstation }) => workstation === id);
        expect([id, own.length]).toEqual([id, count]);
        // Also of a wrong clock, of an earlier start and of a member: when it was, and not when it came.
        for (const { atMs } of own) {
          expect(atMs).toBeGreaterThan(fromMs - 1_000);
          expect(atMs).toBeLessThan(Date.now());
        }
      }
      expect(acked(oracleFile).size).toBe(planned);
    },
  );
});

describe('a line that is cut for less than it takes to notice', () => {
  it('brings everything when it heals, without a new connection', { timeout: 60_000 }, async () => {
    const collector = await testCollector({}, FAST);
    const simulation = await simulate(
      collector,
      `- { at: '+3m', for: 5m, fault: collectorCutOff }`,
    );
    await simulation.connected(10_000);
    const planned = simulation.region.workstations.length;
    await until(() => simulation.counters().produced > 10 * planned, 'ten seconds', 30_000);
    const counters = await simulation.stop();
    expect(counters).toMatchObject({ opened: planned, closes: {}, losses: [], dropped: 0 });
    expect(counters.acked).toBe(counters.produced);
    expect(counters.ackMs.max).toBeGreaterThan(3_000);
  });
});

describe('enrolment of many at once', () => {
  const item = (index: number) => ({
    publicKey: simulatedKey(9, index).publicKey,
    placement: { siteCode: '0042', roomCode: '0001', role: 'organizer', duty: 'main' },
  });
  const post = (collector: Collector, body: unknown) =>
    api(collector, '/api/v1/workstations/batch', { method: 'POST', body });

  it('adds what is new, places anew what is known, and names the collector', async () => {
    const collector = await testCollector();
    const items = [item(0), item(1), item(2)];
    const identity = (await api(collector, '/api/v1/collector')).body;
    const first = await post(collector, { items });
    expect([first.status, first.body]).toEqual([
      200,
      {
        added: 3,
        known: 0,
        collector: { id: identity.id, publicKey: identity.publicKey },
      },
    ]);
    const again = await post(collector, { items: [...items, item(3)] });
    expect(again.body).toMatchObject({ added: 1, known: 3 });
    const { body } = await api(collector, '/api/v1/overview');
    expect(body).toMatchObject({ workstations: { planned: 4, simulated: 0 } });
  });

  it('is refused whole when it is wrong, too long, or not an administrator’s', async () => {
    const collector = await testCollector();
    const wrong = { ...item(1), publicKey: 'short' };
    const many = Array.from({ length: 501 }, () => item(0));
    expect((await post(collector, { items: [item(0), wrong] })).status).toBe(400);
    expect((await post(collector, { items: [] })).status).toBe(400);
    expect((await post(collector, { items: many })).status).toBe(400);
    const stranger = await api(collector, '/api/v1/workstations/batch', {
      method: 'POST',
      body: { items: [item(0)] },
      headers: { authorization: 'Bearer wrong' },
    });
    expect(stranger.status).toBe(401);
    // The identity point: whoever names it as his key has signed everything.
    const weak = { ...item(1), publicKey: `AQ${'A'.repeat(41)}` };
    const refusal = { status: 422, body: { type: 'urn:ppe-pulse:problem:weakKey' } };
    expect(await post(collector, { items: [item(0), weak] })).toMatchObject(refusal);
    const alone = { method: 'POST', body: weak };
    expect(await api(collector, '/api/v1/workstations', alone)).toMatchObject(refusal);
    const { body } = await api(collector, '/api/v1/overview');
    expect(body).toMatchObject({ workstations: { planned: 0 } });
  });
});
