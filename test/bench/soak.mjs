/** Half an hour of a region: the collector's memory must not grow. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause, percentile, row, startPart } from './bench.mjs';

const MINUTES = 30;
const LOOK_MS = 5_000;

export async function run({ short }) {
  const minutes = short ? 3 : MINUTES;
  const home = mkdtempSync(join(tmpdir(), 'ppe-pulse-soak-'));
  const server = startPart('region.mjs', [join(home, 'data')], ['--max-semi-space-size=4']);
  const fleet = startPart('simulated.mjs');
  try {
    const { url, token } = await server.ask({ do: 'address' });
    const { workstations } = await fleet.ask({
      do: 'start',
      to: url,
      token,
      sites: 100,
      rooms: 22,
    });
    const rss = [];
    const endMs = performance.now() + minutes * 60_000;
    while (performance.now() < endMs) {
      await pause(LOOK_MS);
      rss.push((await server.ask({ do: 'read' })).rssMB);
    }
    const third = Math.floor(rss.length / 3);
    const middle = percentile(rss.slice(third, 2 * third), 0.5);
    const last = percentile(rss.slice(2 * third), 0.5);
    const { produced, acked, dropped, ackMs } = await fleet.ask({ do: 'read' });
    return [
      row(`workstations, ${minutes} min`, workstations, ''),
      row('heartbeats produced', produced, ''),
      row('not acked yet or dropped', produced - acked + dropped, '', { note: 'a second of them' }),
      row('ack p99', ackMs.p99 ?? Number.NaN, 'ms'),
      row('memory of the collector, middle third', middle, 'MB'),
      row('memory of the collector, last third', last, 'MB'),
      row('last third of middle third', last / middle, 'ratio', { atMost: 1.05 }),
    ];
  } finally {
    await fleet.stop();
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
