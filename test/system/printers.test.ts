import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { api, testCollector } from '../support/collector.ts';
import { detailsOf, enrolled } from '../support/agent-process.ts';
import { commands, runToEnd, start, until } from '../support/processes.ts';
import { hasCups, startCups } from '../parts/cups.ts';

/** Words that would tell who printed what. */
const TELLING = ['Ivanov', 'Иванов', 'EGE-2024-russkij', 'sheet.txt', 'root@', 'lp-user'];

describe.runIf(hasCups)('printers, from a real queue to the collector', () => {
  it(
    'a fault shows on the API within two periods, and no title, user or file name goes anywhere',
    { timeout: 60_000 },
    async () => {
      const cups = await startCups();
      cups.addQueue('usb1');
      const collector = await testCollector({}, { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' });
      const printers = [{ ipp: cups.uri('usb1') }];
      const { config, id, home } = await enrolled(
        collector,
        { printers, log: { level: 'trace' } },
        { role: 'organizer', roomCode: '0012' },
      );
      const agent = start(commands.agent, ['run', '--config', config]);
      const printer = async () =>
        (await detailsOf(collector, id)).checks.find((each) => each.id === 'printer.state');
      await until(async () => (await printer())?.reason === 'idleUnproven', 'an idle queue');

      cups.say('usb1', 'PAGE: 1 1\nexit 0');
      cups.print('usb1', 'Иванов Иван EGE-2024-russkij Ivanov');
      await until(async () => (await printer())?.verdict === 'ok', 'a page came out');
      cups.say('usb1', 'STATE: +media-jam-error');
      cups.print('usb1', 'Ivanov second EGE-2024-russkij');
      const faultAtMs = performance.now();
      await until(async () => (await printer())?.reason === 'jam', 'the jam');
      expect(performance.now() - faultAtMs).toBeLessThan(20_000);
      const details = await detailsOf(collector, id);
      expect(details.verdict).toBe('fail');
      expect(details.metrics['printer.queue.jobs']).toBe(1);

      const inspect = await runToEnd(commands.agent, ['inspect', '--json', '--config', config]);
      const check = await runToEnd(commands.agent, ['check', '--config', config]);
      expect(check.output).toContain('замятие бумаги');
      expect(check.code).toBe(2);
      agent.kill('SIGTERM');
      await agent.ended;
      const api1 = await api(collector, `/api/v1/workstations/${id}`);
      const said = [
        agent.errors(),
        inspect.output,
        check.output,
        JSON.stringify(api1.body),
        ...filesIn(home),
      ].join('\n');
      expect(said).toContain('printer.state');
      for (const word of TELLING) expect(said).not.toContain(word);
    },
  );
});

function filesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [readFileSync(path, 'latin1')];
  });
}
