import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Collector } from '../../server/src/collector.ts';
import { createAgentDecoder } from '@ppe-pulse/protocol/codec';
import { detailsOf, enrolled } from '../support/agent-process.ts';
import { api, testCollector } from '../support/collector.ts';
import { commands, listening, runToEnd, start, until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { freePort } from '../support/influxd.ts';

describe('agent on this machine', () => {
  it('measures it for real, and its throughput in a slot', { timeout: 60_000 }, async () => {
    const collector = await testCollector({}, { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' });
    const { config, id, home } = await enrolled(collector, { app: { pid: process.pid } });
    const agent = start(commands.agent, ['run', '--config', config]);
    await until(
      async () => (await detailsOf(collector, id)).metrics['net.down.bytesPerSecond'] !== undefined,
      'a measured throughput',
    );
    await until(
      async () => (await detailsOf(collector, id)).metrics['net.rtt.ms'] !== undefined,
      'a round trip',
    );
    const { metrics, checks } = await detailsOf(collector, id);
    expect(metrics['net.down.bytesPerSecond']).toBeGreaterThan(1e6);
    expect(metrics['pc.ram.availableBytes']).toBeGreaterThan(1e6);
    expect(metrics['pc.disk.freeBytes']).toBeGreaterThan(0);
    expect(metrics['app.running.count']).toBe(1);
    expect(metrics['app.rss.bytes']).toBeGreaterThan(1e6);
    expect(Math.abs(metrics['clock.skew.ms'] ?? 1e9)).toBeLessThan(1_000);
    expect(checks.map((check) => check.id)).toEqual(
      expect.arrayContaining([
        'heartbeat',
        'net.down',
        'net.rtt',
        'net.loss',
        'clock.skew',
        'pc.cpu',
        'pc.ram',
        'pc.disk',
        'app.running',
      ]),
    );

    const second = await runToEnd(commands.agent, ['run', '--config', config]);
    expect([second.code, second.errors]).toEqual([78, expect.stringContaining('another agent')]);
    const check = await runToEnd(commands.agent, ['check', '--config', config, '--json']);
    expect(JSON.parse(check.output)).toMatchObject({
      verdict: expect.any(String),
      checks: expect.any(Array),
    });
    expect([0, 1, 2, 3]).toContain(check.code);
    expect((await runToEnd(commands.agent, ['status', '--config', config])).code).toBe(0);

    agent.kill('SIGINT');
    expect(await agent.ended).toBe(0);
    expect(existsSync(join(home, 'data', 'agent.key'))).toBe(true);
    await until(
      async () => (await detailsOf(collector, id)).reason === 'saidGoodbye',
      'the goodbye is shown',
    );
    expect((await runToEnd(commands.agent, ['status', '--config', config])).code).toBe(1);
  });

  it(
    'keeps what the collector did not take and sends it when it is back',
    { timeout: 90_000 },
    async () => {
      const port = await freePort();
      const dataDir = tempDir();
      const env = {
        PPE_PULSE_AGENTS_INTERVAL_MS: '1000',
        PPE_PULSE_AGENTS_BACKLOG_PER_SECOND: '50',
      };
      const serve = () =>
        start(commands.collector, ['serve', '--port', String(port), '--data', dataDir], env);
      let serving = serve();
      const collector = (await listening(dataDir, serving)) as Collector;
      const { config, id, home } = await enrolled(collector);
      const agent = start(commands.agent, ['run', '--config', config]);
      await until(
        async () => (await detailsOf(collector, id)).metrics['pc.uptime.seconds'] !== undefined,
        'the first heartbeat',
      );
      serving.kill('SIGKILL');
      await serving.ended;
      const status = () =>
        JSON.parse(readFileSync(join(home, 'data', 'status.json'), 'utf8')) as {
          journalLag: number;
          link: string;
        };
      await until(() => status().journalLag >= 6, 'six heartbeats in the journal');
      serving = serve();
      await listening(dataDir, serving);
      // One heartbeat a second and a commit a second: up to three are on their way at any time. The
      // agent may wait up to 32 s before it comes back.
      await until(() => status().journalLag <= 3, 'the journal is taken', 60_000);
      const seqs = async (): Promise<number> => {
        const answer = await api(
          collector,
          `/api/v1/workstations/${id}/series?metric=pc.uptime.seconds&points=1`,
        );
        return (answer.body as unknown as { points: { count: number }[] }).points.reduce(
          (sum, point) => sum + point.count,
          0,
        );
      };
      await until(
        async () => (await seqs()) >= 2,
        'readings from before and from the time without a collector',
      );
      agent.kill('SIGTERM');
      expect(await agent.ended).toBe(0);
      expect(readdirSync(join(home, 'data', 'journal')).length).toBeLessThanOrEqual(2);
    },
  );
});

describe('agent command line', () => {
  it('prints exactly what would be sent, and that is a valid frame', async () => {
    const home = tempDir();
    writeFileSync(join(home, 'agent.yaml'), '');
    const { code, output } = await runToEnd(commands.agent, [
      'inspect',
      '--json',
      '--config',
      join(home, 'agent.yaml'),
    ]);
    expect(code).toBe(0);
    const { heartbeat, fields } = JSON.parse(output) as { heartbeat: object; fields: number };
    expect(createAgentDecoder()(JSON.stringify(heartbeat))).toEqual(heartbeat);
    expect(fields).toBeGreaterThan(20);
  });

  it('shows one screen in Russian or English, and what it could not measure', async () => {
    const home = tempDir();
    const config = join(home, 'agent.yaml');
    writeFileSync(config, '');
    const ru = await runToEnd(commands.agent, ['check', '--config', config]);
    expect(ru.output).toContain('Проверка рабочего места');
    expect(ru.output).toContain('ещё не измерено');
    const en = await runToEnd(commands.agent, ['check', '--config', config, '--lang', 'en']);
    expect(en.output).toContain('Workstation check');
  });

  it.each([
    [['rnu'], 64, 'did you mean "run"'],
    [['check', '--lang', 'de'], 64, '--lang'],
    [['run', '--nope'], 64, '--nope'],
    [['run', '--config', '/nope.yaml'], 78, '/nope.yaml'],
  ])('%j is one line and exit %d', async (flags, code, word) => {
    const home = tempDir();
    const ended = await runToEnd(
      commands.agent,
      flags[0] === 'check' ? [...flags, '--config', home] : flags,
    );
    expect(ended.code).toBe(code);
    expect(ended.errors.trim().split('\n')).toHaveLength(1);
    expect(ended.errors).toContain(word);
  });

  it.each([
    ['colector: { url: ws://a }', 'did you mean "collector"'],
    ['collector: { url: "http://a" }', 'collector.url'],
    ['collector: { url: ws://127.0.0.1:1 }', 'enrol this workstation'],
    ['a: [', 'not YAML'],
  ])('a configuration of %j is refused with its key', async (text, word) => {
    const config = join(tempDir(), 'agent.yaml');
    writeFileSync(config, text);
    const ended = await runToEnd(commands.agent, ['run', '--config', config]);
    expect([ended.code, ended.errors]).toEqual([78, expect.stringContaining(word)]);
  });

  it('says so when its folder cannot be written', async () => {
    const home = tempDir();
    mkdirSync(join(home, 'x'));
    writeFileSync(join(home, 'data'), 'a file');
    const config = join(home, 'agent.yaml');
    writeFileSync(config, `collector: { publicKey: ${'A'.repeat(43)} }`);
    const ended = await runToEnd(commands.agent, ['run', '--config', config]);
    expect([ended.code, ended.errors]).toEqual([78, expect.stringContaining('dataDir')]);
  });
});
