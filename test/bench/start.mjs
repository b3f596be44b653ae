/**
 * From the start of the installed agent's process to its first heartbeat at the collector: warm, and cold,
 * its files thrown out of the page cache before, as after the PC was turned on.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pause, percentile, row } from './bench.mjs';
import {
  childrenOf,
  install,
  memoryOf,
  remove,
  startCollector,
  startInstalled,
} from './installed-agent.mjs';

const TIMES = 15;
const ASK_EVERY_MS = 20;
const GIVE_UP_MS = 20_000;
/** The child takes the inventory, and ends when it had nothing to do for a minute. */
const CHILD_LIVES_MS = 55_000;
const LOOK_EVERY_MS = 1_000;

export async function run({ short }) {
  const collector = await startCollector();
  const agent = await install(collector);
  const times = short ? 2 : TIMES;
  try {
    // The first start writes files down and takes the inventory: it is no start like the others.
    const withChild = await memoryWithChild(agent, short ? 5_000 : CHILD_LIVES_MS);
    const warm = [];
    const cold = [];
    for (let at = 0; at < times; at += 1) {
      warm.push(await firstHeartbeatMs(collector, agent));
      forget(agent.home);
      cold.push(await firstHeartbeatMs(collector, agent));
    }
    const name = (how) => `start to first heartbeat, ${how}`;
    const note = `median of ${times}`;
    const p90 = (samples) => ({ note: `${note}, p90 ${percentile(samples, 0.9).toFixed(0)}` });
    return [
      row(name('warm'), percentile(warm, 0.5), 'ms', p90(warm)),
      row(name('cold'), percentile(cold, 0.5), 'ms', { atMost: 400, ...p90(cold) }),
      row('memory with the probe child, first minute', percentile(withChild, 0.5), 'MB', {
        atMost: 80,
        note: `PSS of both, median of ${withChild.length} looks, highest ${Math.max(...withChild).toFixed(1)}`,
      }),
    ];
  } finally {
    await collector.stop();
    remove(agent);
  }
}

/** By the collector's clock, which is this machine's. */
async function firstHeartbeatMs(collector, agent) {
  const startedAtMs = Date.now();
  const running = startInstalled(agent);
  try {
    while (Date.now() - startedAtMs < GIVE_UP_MS) {
      const { lastSeenAt, measuredAt } = await collector.ask(`/api/v1/workstations/${agent.id}`);
      const isNew = Object.values(measuredAt).some((at) => Date.parse(at) >= startedAtMs);
      if (isNew) return Date.parse(lastSeenAt) - startedAtMs;
      await pause(ASK_EVERY_MS);
    }
    throw new Error('the agent sends no heartbeat');
  } finally {
    await running.stop();
  }
}

/** PSS of the agent and its probe child together, MB: pages that both have count once. */
async function memoryWithChild(agent, lastsMs) {
  const running = startInstalled(agent);
  const looks = [];
  try {
    for (const endMs = performance.now() + lastsMs; performance.now() < endMs;) {
      await pause(LOOK_EVERY_MS);
      const both = [running.pid, ...childrenOf(running.pid)].flatMap((pid) => memoryOf(pid) ?? []);
      if (both.length > 1) looks.push(both.reduce((sum, { pssMB }) => sum + pssMB, 0));
    }
  } finally {
    await running.stop();
  }
  return looks;
}

/** Out of the page cache with every file of the agent (posix_fadvise(2), by coreutils' dd). */
function forget(home) {
  for (const each of readdirSync(home, { recursive: true, withFileTypes: true })) {
    if (!each.isFile()) continue;
    const path = join(each.parentPath ?? each.path, each.name);
    spawnSync('dd', [`if=${path}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' });
  }
}
