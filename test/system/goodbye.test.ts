import { describe, expect, it } from 'vitest';
import { detailsOf, enrolled, isHeard } from '../support/agent-process.ts';
import { testCollector } from '../support/collector.ts';
import { commands, runToEnd, start, until } from '../support/processes.ts';

describe('ppe-agent goodbye', () => {
  it(
    'tells the situation centre why a workstation falls silent, and the journal goes on',
    { timeout: 60_000 },
    async () => {
      const collector = await testCollector({}, { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' });
      const { config, id } = await enrolled(collector, { printers: [] });
      const agent = start(commands.agent, ['run', '--config', config]);
      const standing = async (): Promise<string> => (await detailsOf(collector, id)).reason;
      await until(async () => (await detailsOf(collector, id)).checks.length > 1, 'a heartbeat');
      const told = await runToEnd(commands.agent, [
        'goodbye',
        'stageOffline',
        '--return',
        '3h',
        '--config',
        config,
      ]);
      expect(told).toMatchObject({ code: 0, errors: '' });
      await until(async () => (await standing()) === 'stageOffline', 'its reason on the board');
      const lag = async (): Promise<number> => {
        const { output } = await runToEnd(commands.agent, ['status', '--json', '--config', config]);
        return (JSON.parse(output) as { status: { journalLag: number } }).status.journalLag;
      };
      await until(async () => (await lag()) >= 3, 'a journal that grows');
      expect(await isHeard(collector, id)).toBe(false);
      agent.kill('SIGTERM');
      await agent.ended;
      // Started again it is back at once: the pause was of that run.
      start(commands.agent, ['run', '--config', config]);
      await until(() => isHeard(collector, id), 'its return');
    },
  );

  it('is one clear line for a wrong word, a wrong time, and when no service runs', async () => {
    const collector = await testCollector();
    const { config } = await enrolled(collector, { printers: [] });
    const run = (...args: string[]) =>
      runToEnd(commands.agent, ['goodbye', ...args, '--config', config]);
    expect(await run('lunch')).toMatchObject({
      code: 64,
      errors: expect.stringContaining('sleep, stageOffline'),
    });
    expect(await run('sleep', '--return', 'soon')).toMatchObject({
      code: 64,
      errors: expect.stringContaining('30m or 3h'),
    });
    expect(await run('sleep')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('no running service'),
    });
  }, 30_000);
});
