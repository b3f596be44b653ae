/**
 * A day of an installed agent in 24 minutes: clocks and timers of the agent and of its collector run
 * sixty times faster, its journal, log, child and collections are the real ones. Its memory must
 * stand. CPU is not told: a second of it is a real one.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pause, percentile, row } from './bench.mjs';
import { install, memoryOf, remove, startCollector, startInstalled } from './installed-agent.mjs';

const FASTER = 60;
const DAY_S = 86_400;
/** What a start leaves is collected after a minute of the agent's own time; then it is warm. */
const WARM_UP_SHARE = 1 / 8;
/** Odd: it keeps step with nothing that the agent does. */
const LOOK_MS = 730;
const faster = ['--import', pathToFileURL(join(import.meta.dirname, 'faster-clock.mjs')).href];

export async function run({ short }) {
  const lastsS = short ? DAY_S / 8 : DAY_S;
  process.env.PPE_PULSE_BENCH_FASTER = String(FASTER);
  const collector = await startCollector(faster);
  // Throughput is tested from the Штаб.
  const agent = await install(collector, {}, 'hq');
  const running = startInstalled(agent, {
    execArgv: faster,
    env: { PPE_PULSE_BENCH_FASTER: String(FASTER) },
  });
  try {
    const looks = await watch(running.pid, lastsS);
    const { checks, journalLag, metrics } = await collector.ask(`/api/v1/workstations/${agent.id}`);
    const hasDownloaded = metrics['net.down.bytesPerSecond'] !== undefined;
    const isHeard = checks.some(({ id, verdict }) => id === 'heartbeat' && verdict === 'ok');
    return rowsOf(looks, { hours: lastsS / 3_600, isHeard, hasDownloaded, journalLag });
  } finally {
    delete process.env.PPE_PULSE_BENCH_FASTER;
    await running.stop();
    await collector.stop();
    remove(agent);
  }
}

/** Memory of the agent by the hours of its own time. */
async function watch(pid, lastsS) {
  const looks = [];
  const startMs = performance.now();
  for (;;) {
    const hours = ((performance.now() - startMs) * FASTER) / 3.6e6;
    if (hours * 3_600 >= lastsS) return looks;
    const memory = memoryOf(pid);
    if (!memory) throw new Error('the agent has ended');
    looks.push({ hours, ...memory });
    await pause(LOOK_MS);
  }
}

function rowsOf(looks, { hours, isHeard, hasDownloaded, journalLag }) {
  const warm = looks.filter((look) => look.hours >= hours * WARM_UP_SHARE);
  const last = warm.slice(-Math.ceil(warm.length / 6));
  const median = (of, name) =>
    percentile(
      of.map((look) => look[name]),
      0.5,
    );
  const name = (figure) => `installed agent, ${hours} h in ${(hours * 60) / FASTER} min: ${figure}`;
  return [
    row(name('RSS at the end'), median(last, 'rssMB'), 'MB', { atMost: 60 }),
    row(name('of it anonymous'), median(last, 'anonymousMB'), 'MB'),
    row(name('RSS slope'), slope(warm) * 24, 'MB a day', {
      note: `after ${hours * WARM_UP_SHARE} h, least squares`,
    }),
    row(name('highest RSS'), Math.max(...looks.map(({ highestMB }) => highestMB)), 'MB', {
      atMost: 110,
      note: hasDownloaded ? 'with throughput tests' : 'no throughput test came',
    }),
    row(name('heard at the end'), isHeard ? 1 : 0, '', { atLeast: 1, note: `lag ${journalLag}` }),
  ];
}

/** MB an hour by least squares. */
function slope(looks) {
  const mean = (values) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const hours = mean(looks.map((look) => look.hours));
  const rss = mean(looks.map((look) => look.rssMB));
  const together = looks.map((look) => (look.hours - hours) * (look.rssMB - rss));
  return mean(together) / mean(looks.map((look) => (look.hours - hours) ** 2));
}
