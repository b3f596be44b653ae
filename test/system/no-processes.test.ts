import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { detailsOf, enrolled } from '../support/agent-process.ts';
import { testCollector } from '../support/collector.ts';
import { commands, start, until } from '../support/processes.ts';

/** The slowest probe of the steady state has a period of a minute. */
const WATCHED_MS = process.env.PPE_PULSE_TEST_FULL === '1' ? 70_000 : 12_000;
/** Looks of the watch: a program takes longer to load. */
const EVERY_MS = 10;

describe.runIf(process.platform === 'linux')('an agent that runs', () => {
  it(
    'starts no process once it is up, whatever it watches of its PC',
    { timeout: WATCHED_MS + 60_000 },
    async () => {
      const collector = await testCollector({}, { PPE_PULSE_AGENTS_INTERVAL_MS: '1000' });
      const { config, id } = await enrolled(collector, {
        inventory: { cron: '' },
        printers: [],
        app: { pid: process.pid },
        scanners: [{ usb: '04a9:190f' }],
        timeZone: 'Asia/Novokuznetsk',
        software: [{ name: 'C library', match: 'libc6' }],
      });
      const agent = start(commands.agent, ['run', '--config', config]);
      const pid = agent.process.pid ?? 0;
      const seen = new Set<number>();
      const look = (): void => descendantsOf(pid).forEach((each) => seen.add(each));
      const details = () => detailsOf(collector, id);
      await until(async () => {
        look();
        const { checks, metrics } = await details();
        const has = (check: string): boolean => checks.some((each) => each.id === check);
        return (
          has('pc.software') && has('clock.zone') && (metrics['app.rss.bytes'] ?? 0) > 10_000_000
        );
      }, 'everything is measured');
      // The child, and what the inventory asks at the start: the watch is not blind.
      expect(seen.size).toBeGreaterThan(0);
      await until(() => {
        look();
        return descendantsOf(pid).length <= 1;
      }, 'only the child is left');
      const known = new Set(seen);
      const endMs = performance.now() + WATCHED_MS;
      while (performance.now() < endMs) {
        look();
        await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      }
      expect([...seen].filter((each) => !known.has(each))).toEqual([]);
      expect((await details()).metrics['pc.cpu.ratio']).toBeGreaterThanOrEqual(0);
    },
  );
});

function descendantsOf(pid: number): number[] {
  let children: number[];
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    children = text
      .split(' ')
      .map(Number)
      .filter((each) => each > 0);
  } catch {
    // It has ended meanwhile.
    return [];
  }
  return children.flatMap((each) => [each, ...descendantsOf(each)]);
}
