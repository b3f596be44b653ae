import { setTimeout as pause } from 'node:timers/promises';
import { describe, it, onTestFinished } from 'vitest';
import { detailsOf } from '../support/agent-process.ts';
import { testCollector } from '../support/collector.ts';
import { until } from '../support/processes.ts';
import { hasCamera, startCamera } from '../parts/camera.ts';
import { isShort, tell } from './figures.ts';
import { ProcessTree } from './process-tree.ts';
import { ownRuntime, shippedRuntime, startAgent, type Runtime } from './shipped-agent.ts';
import { hasStation, startStation } from './station.ts';

/** The inventory, the first searches and an idle child's minute are over after this. */
const WARM_UP_MS = isShort ? 5_000 : 120_000;
const STEADY_MS = isShort ? 12_000 : 600_000;
const COMPARED_MS = 60_000;
/** Short enough to see most programs themselves; those that it does not see are counted as well. */
const LOOK_MS = 100;
/** Adding up the pages of a process stops it for a moment. */
const MEMORY_EVERY_LOOKS = 50;

interface Taken {
  readonly cpuPercent: number;
  readonly highestRssMB: number;
  /** Main and child together, also in the first minutes: the child does its work there. */
  readonly highestPssMB: number;
  readonly highestChildMB: number;
  readonly spawnedAtFirst: number;
  readonly spawnedPerMinute: number;
}

const shipped = shippedRuntime();
/** As a camera of a room sends, for longer than it is watched. */
const cameraSettings = { width: 1_280, height: 720, kbits: 2_000, lifeSeconds: 1_800 };

// Each part that is missing is named by the bench; a short run leaves the long ones out.
describe.skipIf(!hasStation)(
  'an agent with every probe (cups, snmpsim, pulseaudio, openssl, nut)',
  () => {
    it.skipIf(isShort)('without a camera', async () => {
      const settings = await startStation();
      const taken = await measure(shipped, settings, STEADY_MS);
      report('no camera', taken, { runtime: shipped, cpuPercent: 0.5, lastsMs: STEADY_MS });
    });

    it.skipIf(!hasCamera())(
      'with a camera of 2 Mbit/s watched without a pause (gstreamer)',
      async () => {
        const settings = await startStation();
        const camera = await startCamera({ onTestFinished }, cameraSettings);
        const cameras = [{ url: camera.url, watch: 'always' }];
        const taken = await measure(shipped, { ...settings, cameras }, STEADY_MS);
        report('camera', taken, { runtime: shipped, cpuPercent: 2, lastsMs: STEADY_MS });
      },
    );

    it.skipIf(isShort)('on this machine’s own Node, for comparison', async () => {
      const taken = await measure(ownRuntime, await startStation(), COMPARED_MS);
      report('no camera', taken, { runtime: ownRuntime, lastsMs: COMPARED_MS });
    });
  },
);

async function measure(runtime: Runtime, settings: object, lastsMs: number): Promise<Taken> {
  const collector = await testCollector();
  const agent = await startAgent(collector, runtime, settings);
  await until(
    async () => (await detailsOf(collector, agent.id)).metrics['pc.cpu.ratio'] !== undefined,
    'the agent measures',
  );
  const tree = new ProcessTree(agent.process.pid ?? 0);
  const first = await watch(tree, WARM_UP_MS);
  const steady = await watch(tree, lastsMs);
  const minutes = lastsMs / 60_000;
  return {
    cpuPercent: steady.cpuPercent,
    highestRssMB: Math.max(first.rssMB, steady.rssMB),
    highestPssMB: Math.max(first.pssMB, steady.pssMB),
    highestChildMB: Math.max(first.childMB, steady.childMB),
    spawnedAtFirst: first.spawned,
    spawnedPerMinute: steady.spawned / minutes,
  };
}

/** Follows the tree for a while: CPU as a mean, memory at its highest. */
async function watch(tree: ProcessTree, lastsMs: number) {
  const startMs = performance.now();
  const startCpu = tree.cpuSeconds();
  const startSpawned = tree.spawned;
  const highest = { rssMB: 0, pssMB: 0, childMB: 0 };
  for (let looks = 0; performance.now() - startMs < lastsMs; looks += 1) {
    tree.look();
    if (looks % MEMORY_EVERY_LOOKS === 0) {
      const { mainRssMB, mainPssMB, childrenPssMB } = tree.memory();
      highest.rssMB = Math.max(highest.rssMB, mainRssMB);
      highest.pssMB = Math.max(highest.pssMB, mainPssMB + childrenPssMB);
      highest.childMB = Math.max(highest.childMB, childrenPssMB);
    }
    await pause(LOOK_MS);
  }
  const cpuSeconds = tree.cpuSeconds() - startCpu;
  return {
    ...highest,
    cpuPercent: (cpuSeconds * 100_000) / (performance.now() - startMs),
    spawned: tree.spawned - startSpawned,
  };
}

function report(
  what: string,
  taken: Taken,
  run: { readonly runtime: Runtime; readonly lastsMs: number; readonly cpuPercent?: number },
): void {
  const name = (figure: string): string => `agent, ${run.runtime.name}, ${what}: ${figure}`;
  const isJudged = run.cpuPercent !== undefined;
  const atMost = (limit: number): object => (isJudged ? { atMost: limit } : {});
  // A mean over minutes has a target; the first seconds have a start in them.
  const mean = isShort || run.cpuPercent === undefined ? {} : { atMost: run.cpuPercent };
  const note = `${run.lastsMs / 1_000} s after ${WARM_UP_MS / 1_000} s`;
  tell(name('CPU'), taken.cpuPercent, '% of a core', { ...mean, note });
  tell(name('RSS'), taken.highestRssMB, 'MB', { ...atMost(80), note: 'highest' });
  tell(name('PSS with child'), taken.highestPssMB, 'MB', {
    ...atMost(110),
    note: `highest, ${taken.highestChildMB.toFixed(0)} MB of it the child's`,
  });
  tell(name('processes'), taken.spawnedPerMinute, 'a minute', {
    ...atMost(0),
    note: `${taken.spawnedAtFirst} in the first ${WARM_UP_MS / 1_000} s`,
  });
}
