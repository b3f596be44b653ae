import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Collector } from '../../server/src/collector.ts';
import { parseFaultScript, type FaultEntry } from '../../server/src/simulate/fault-script.ts';
import {
  startSimulation,
  type Simulation,
  type SimulationOptions,
} from '../../server/src/simulate/simulation.ts';
import { api, testCollector } from '../support/collector.ts';
import { commands, runToEnd, start, until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

/** Heartbeats every second: silence is told within six of them. */
const FAST = { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' };
const START_MS = Date.parse('2024-05-15T08:30:00+07:00');

async function simulate(
  collector: Collector,
  options: Partial<SimulationOptions> = {},
): Promise<Simulation> {
  const simulation = await startSimulation({
    to: collector.url.replace(/^http/, 'ws'),
    token: collector.adminToken,
    seed: 1,
    sites: 2,
    rooms: 4,
    time: { startMs: START_MS, speed: 1, utcOffsetMinutes: 420 },
    ...options,
  });
  onTestFinished(async () => {
    await simulation.stop(0);
  });
  return simulation;
}

function script(yaml: string): readonly FaultEntry[] {
  const outcome = parseFaultScript(yaml);
  if (!outcome.ok) throw new Error(outcome.problems.join('; '));
  return outcome.entries;
}

interface Workstation {
  readonly id: string;
  readonly verdict: string;
  readonly roomCode: string;
  readonly siteCode: string;
  readonly role: string;
  readonly simulated: boolean;
  readonly lastSeenAt: string | null;
  readonly checks: readonly { id: string; verdict: string; reason: string }[];
}

async function workstations(collector: Collector): Promise<readonly Workstation[]> {
  const { body } = await api(collector, '/api/v1/workstations?limit=5000');
  return (body as unknown as { items: readonly Workstation[] }).items;
}

async function overview(collector: Collector) {
  const { body } = await api(collector, '/api/v1/overview');
  return body as unknown as {
    workstations: { planned: number; simulated: number; byVerdict: Record<string, number> };
  };
}

describe('a simulated fleet', () => {
  it(
    'is enrolled, marked, heard and good; every heartbeat is acked',
    { timeout: 60_000 },
    async () => {
      const collector = await testCollector({}, FAST);
      const oracleFile = join(tempDir(), 'oracle.jsonl');
      const simulation = await simulate(collector, { sites: 3, rooms: 5, oracleFile });
      await simulation.connected(20_000);
      const planned = 3 * 5 + 3 * 3;
      expect(simulation.region.workstations).toHaveLength(planned);
      expect(simulation.sockets).toBe(planned);
      await until(
        async () => (await overview(collector)).workstations.byVerdict.ok === planned,
        'all are good',
      );
      expect((await overview(collector)).workstations).toMatchObject({
        planned,
        simulated: planned,
      });
      await until(() => simulation.counters().produced > 4 * planned, 'some seconds of heartbeats');
      const counters = await simulation.stop();
      expect(counters.acked).toBe(counters.produced);
      expect(counters).toMatchObject({ dropped: 0, closes: {}, losses: [], opened: planned });
      expect(counters.ackMs.p99).toBeLessThan(5_000);

      const lines = readFileSync(oracleFile, 'utf8')
        .trim()
        .split('\n')
        .map(
          (line) =>
            JSON.parse(line) as { agentId: string; bootId: string; seq: number; acked: boolean },
        );
      const names = (isAcked: boolean) =>
        lines
          .filter(({ acked }) => acked === isAcked)
          .map(({ agentId, bootId, seq }) => `${agentId}/${bootId}/${seq}`)
          .sort();
      expect(names(true)).toEqual(names(false));
      expect(new Set(names(true)).size).toBe(counters.produced);
    },
  );

  it('shows its faults on the board', { timeout: 60_000 }, async () => {
    const collector = await testCollector({}, FAST);
    const faults = script(`
      - { at: '+0s', fault: printerJam, where: { ppe: '0001', room: '0001' } }
      - { at: '+0s', fault: dnsBroken, where: { ppe: '0002' } }
      - { at: '+0s', fault: cameraBlack, where: { room: '0002', device: 2 } }
    `);
    // Sixty times as fast: every probe has its turn with every heartbeat.
    const time = { startMs: START_MS, speed: 60, utcOffsetMinutes: 420 };
    const simulation = await simulate(collector, { faults, time });
    await simulation.connected(20_000);
    const told = async () =>
      (await workstations(collector))
        .flatMap(({ siteCode, roomCode, checks }) =>
          checks
            .filter(({ verdict }) => verdict === 'fail')
            .map(({ id, reason }) => `${siteCode} ${roomCode} ${id} ${reason}`),
        )
        .sort();
    const expected = [
      '0001 0001 printer.state jam',
      '0001 0002 camera.2.stream black',
      '0002 0002 camera.2.stream black',
      '0002 7777 net.portal dnsFailed',
    ];
    await until(async () => (await told()).length >= expected.length, 'the faults show');
    expect(await told()).toEqual(expected);
  });

  it(
    'falls silent and comes back with its backlog, and with new starts',
    { timeout: 90_000 },
    async () => {
      const collector = await testCollector({}, FAST);
      const faults = script(`
      - { at: '+6s', for: 20s, fault: lineCut, where: { ppe: '0001' } }
      - { at: '+6s', for: 14s, fault: agentKilled, where: { ppe: '0002', role: kege } }
      - { at: '+6s', for: 14s, fault: pcAsleep, where: { ppe: '0002', role: video } }
      - { at: '+6s', for: 14s, fault: hqOff, where: { ppe: '0002' } }
      - { at: '+6s', for: 14s, fault: roomsSilentByExam, where: { ppe: '0002', role: speaking } }
    `);
      const simulation = await simulate(collector, { sites: 2, rooms: 6, faults });
      await simulation.connected(10_000);
      const reasons = async () =>
        Object.fromEntries(
          (await workstations(collector))
            .filter(({ siteCode, role }) => siteCode === '0002' && role !== 'organizer')
            .map(({ role, checks }) => [role, checks.find(({ id }) => id === 'heartbeat')?.reason]),
        );
      await until(async () => (await reasons()).kege === 'silent', 'the killed agent is silent');
      expect(await reasons()).toEqual({
        hq: 'saidGoodbye',
        kege: 'silent',
        speaking: 'stageOffline',
        video: 'asleep',
      });
      await until(
        async () =>
          (await workstations(collector))
            .filter(({ siteCode }) => siteCode === '0001')
            .every(({ verdict }) => verdict === 'unknown'),
        'the ППЭ whose line is cut is unknown',
        30_000,
      );
      const planned = simulation.region.workstations.length;
      await until(
        async () => (await overview(collector)).workstations.byVerdict.ok === planned,
        'all are good again',
        60_000,
      );
      const counters = await simulation.stop();
      // Produced into journals meanwhile, delivered after: nothing is lost.
      expect(counters).toMatchObject({ dropped: 0, losses: [] });
      expect(counters.acked).toBe(counters.produced);
    },
  );

  it('comes back with jitter after its collector was restarted', { timeout: 90_000 }, async () => {
    const dataDir = tempDir();
    const first = await testCollector({ dataDir }, FAST);
    const simulation = await simulate(first, { sites: 6, rooms: 7 });
    await simulation.connected(20_000);
    const port = Number(new URL(first.url).port);
    await first.stop();
    const second = await testCollector({ dataDir, port }, FAST);
    const sockets = simulation.sockets;
    await until(
      () => simulation.counters().losses[0]?.allBackMs !== undefined,
      'all are back',
      60_000,
    );
    const { losses, live } = simulation.counters();
    expect(live).toBe(sockets);
    expect(losses).toHaveLength(1);
    expect(losses[0]).toMatchObject({ links: sockets });
    expect(losses[0]?.histogram.reduce((sum, count) => sum + count, 0)).toBe(losses[0]?.connects);
    await until(
      async () => (await overview(second)).workstations.byVerdict.ok === sockets,
      'all are good again',
    );
    const counters = await simulation.stop();
    expect(counters.acked).toBe(counters.produced);
  });

  it('speaks through relays, one socket a ППЭ', { timeout: 60_000 }, async () => {
    const collector = await testCollector({}, FAST);
    const faults = script(
      `- { at: '+0s', fault: wrongZone, where: { ppe: '0002', room: '0001' } }`,
    );
    const time = { startMs: START_MS, speed: 60, utcOffsetMinutes: 420 };
    const simulation = await simulate(collector, {
      sites: 4,
      rooms: 5,
      relays: true,
      faults,
      time,
    });
    await simulation.connected(20_000);
    const planned = simulation.region.workstations.length;
    expect(simulation.sockets).toBe(4);
    await until(async () => {
      const { ok = 0, fail = 0 } = (await overview(collector)).workstations.byVerdict;
      return ok === planned - 1 && fail === 1;
    }, 'all but one are good');
    const bad = (await workstations(collector)).filter(({ verdict }) => verdict === 'fail');
    expect(bad.map(({ siteCode, role }) => `${siteCode} ${role}`)).toEqual(['0002 organizer']);
    const counters = await simulation.stop();
    expect(counters.acked).toBe(counters.produced);
    expect(counters).toMatchObject({ opened: 4, closes: {} });
  });

  it('has a second PC of the same image refused', { timeout: 60_000 }, async () => {
    const collector = await testCollector({}, FAST);
    const faults = script(
      `- { at: '+3s', for: 20s, fault: clonedImage, where: { ppe: '0001', role: hq } }`,
    );
    const simulation = await simulate(collector, { sites: 1, rooms: 3, faults });
    await simulation.connected(10_000);
    await until(
      () => Object.keys(simulation.counters().closes).length > 0,
      'a clone is refused',
      30_000,
    );
    expect(Object.keys(simulation.counters().closes)).toEqual(['4410']);
  });
});

describe('ppe-collector simulate', () => {
  const flagsOf = (collector: Collector, folder: string): string[] => {
    const tokenFile = join(folder, 'token');
    writeFileSync(tokenFile, `${collector.adminToken}\n`);
    return ['simulate', '--to', collector.url.replace(/^http/, 'ws'), '--token-file', tokenFile];
  };

  it(
    'runs until it is asked to stop, and leaves a whole oracle and a summary',
    { timeout: 60_000 },
    async () => {
      const collector = await testCollector({}, FAST);
      const folder = tempDir();
      const oracle = join(folder, 'oracle.jsonl');
      const flags = [...flagsOf(collector, folder), '--ppe', '1', '--rooms', '3', '--seed', '5'];
      const child = start(commands.collector, [...flags, '--oracle', oracle, '--json']);
      await until(
        async () => ((await overview(collector)).workstations.byVerdict.ok ?? 0) === 6,
        'all are good',
      );
      child.kill('SIGTERM');
      expect(await child.ended).toBe(0);
      const summary = JSON.parse(child.output()) as {
        seed: number;
        produced: number;
        acked: number;
      };
      expect(summary).toMatchObject({ seed: 5, dropped: 0, losses: [] });
      expect(summary.acked).toBe(summary.produced);
      const lines = readFileSync(oracle, 'utf8').trim().split('\n');
      expect(lines).toHaveLength(summary.produced + summary.acked);
      expect(child.errors()).toBe('');
    },
  );

  it(
    'stops by itself after its minutes, and is the same fleet again',
    { timeout: 60_000 },
    async () => {
      const collector = await testCollector({}, FAST);
      const flags = [...flagsOf(collector, tempDir()), '--ppe', '1', '--rooms', '3'];
      for (const added of [6, 0]) {
        const { code, output } = await runToEnd(commands.collector, [
          ...flags,
          '--minutes',
          '0.05',
        ]);
        expect(code).toBe(0);
        expect(output).toContain(`1 ППЭ, 6 workstations (${added} new)`);
        expect(output).toMatch(/heartbeats: \d+ produced, \d+ acked, 0 dropped, 0 open/);
      }
      expect((await overview(collector)).workstations.planned).toBe(6);
    },
  );

  it('says a person’s mistakes in one line', { timeout: 60_000 }, async () => {
    const collector = await testCollector();
    const folder = tempDir();
    const flags = flagsOf(collector, folder);
    const scriptFile = join(folder, 'script.yaml');
    writeFileSync(scriptFile, `- at: '10:05'\n  fault: printerJamm\n`);
    const wrongToken = join(folder, 'wrong');
    writeFileSync(wrongToken, 'wrong');
    const to = flags.slice(0, 3);
    const cases: readonly (readonly [readonly string[], number, string])[] = [
      [
        [...flags, '--script', scriptFile],
        78,
        'line 2: unknown fault "printerJamm", did you mean "printerJam"?',
      ],
      [[...flags, '--script', join(folder, 'none.yaml')], 78, 'none.yaml: cannot be read (ENOENT)'],
      [to, 78, '--data DIR'],
      [[...to, '--token-file', wrongToken], 78, '401'],
      [['simulate', '--to', 'ws://127.0.0.1:1', '--token-file', wrongToken], 78, 'ECONNREFUSED'],
      [[...flags, '--oracle', join(folder, 'no', 'oracle')], 78, 'the oracle cannot be written'],
      [[...flags, '--ppe', '6001'], 64, '--ppe needs a number from 1 to 6000'],
      [[...flags, '--sed', '1'], 64, '--sed'],
    ];
    for (const [given, code, message] of cases) {
      const ended = await runToEnd(commands.collector, given);
      expect([ended.code, ended.errors.trim().split('\n').length]).toEqual([code, 1]);
      expect(ended.errors).toContain(message);
    }
  });
});

describe('npm run up -- --simulate', () => {
  it('shows simulated ППЭ, marked, and stops them with itself', { timeout: 120_000 }, async () => {
    const data = tempDir();
    const child = start(commands.up, [
      '--port',
      '0',
      '--data',
      data,
      '--no-agent',
      '--simulate',
      '2',
    ]);
    await until(
      () => child.output().includes('/sign-in/') || child.process.exitCode !== null,
      'the banner',
      60_000,
    );
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(child.output())?.[0] ?? '';
    const adminToken = readFileSync(join(data, 'collector', 'admin.token'), 'utf8').trim();
    const collector = { url, adminToken } as Collector;
    await until(
      async () => ((await overview(collector)).workstations.byVerdict.ok ?? 0) === 28,
      'two ППЭ of eleven rooms are good',
      40_000,
    );
    expect((await overview(collector)).workstations).toMatchObject({ planned: 28, simulated: 28 });
    child.kill('SIGINT');
    expect(await child.ended).toBe(0);
  });

  it.each(['0', '6001', 'many'])('refuses %s ППЭ', async (count) => {
    const { code, errors } = await runToEnd(commands.up, ['--simulate', count]);
    expect([code, errors.trim()]).toEqual([64, expect.stringContaining('--simulate needs')]);
  });
});
