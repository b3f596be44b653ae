/** Gateway, whole path and boards under a region's load. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause, percentile, row, startPart } from './bench.mjs';

/** A region: 100 ППЭ, 3,000 workstations. */
const WORKSTATIONS = 3_000;

export async function run({ short }) {
  const home = mkdtempSync(join(tmpdir(), 'ppe-pulse-bench-'));
  try {
    return [...(await sinks(home, short)), ...(await region(home, short))];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** The same flood into a bare sink and into the gateway, in turn, several times. */
async function sinks(home, short) {
  const frames = short ? 60_000 : 150_000;
  const rounds = short ? 1 : 3;
  const microsOf = async (kind) => {
    const server = startPart('sink.mjs', [kind, String(WORKSTATIONS), join(home, `${kind}.key`)]);
    const load = startPart('load.mjs');
    try {
      const { url } = await server.ask({ do: 'address' });
      await load.ask({ do: 'join', url, count: WORKSTATIONS, handshake: kind !== 'bare' });
      await load.ask({ do: 'flood', frames: 30_000 });
      await server.ask({ do: 'reset' });
      await load.ask({ do: 'flood', frames });
      await pause(300);
      const { frames: taken, cpuMicros } = await server.ask({ do: 'read' });
      return cpuMicros / taken;
    } finally {
      await load.stop();
      await server.stop();
    }
  };
  const ratios = [];
  let micros = { bare: 0, gateway: 0 };
  for (let round = 0; round < rounds; round += 1) {
    micros = { bare: await microsOf('bare'), gateway: await microsOf('gateway') };
    ratios.push(micros.bare / micros.gateway);
  }
  return [
    row('bare ws sink, saturated', micros.bare, 'µs/frame'),
    row('gateway + validate + fold, saturated', micros.gateway, 'µs/frame'),
    row('gateway of the bare sink (median)', percentile(ratios, 0.5), 'ratio', { atLeast: 0.5 }),
  ];
}

/** The whole collector with DuckDB: 600/s, 3,000/s, boards. */
async function region(home, short) {
  const seconds = short ? 8 : 30;
  const dataDir = join(home, 'region');
  const enrol = startPart('enrol.mjs');
  await enrol.ask({ dataDir, workstations: WORKSTATIONS });
  await enrol.stop();
  // The flags that `npm run up` starts it with.
  const server = startPart('region.mjs', [dataDir], ['--max-semi-space-size=4']);
  const load = startPart('load.mjs');
  try {
    const { url, token } = await server.ask({ do: 'address' });
    const { joinedMs } = await load.ask({ do: 'join', url, count: WORKSTATIONS, handshake: true });
    const paced = async (perSecond) => {
      await load.ask({ do: 'pace', perSecond, seconds: 3 });
      await server.ask({ do: 'reset' });
      const sent = await load.ask({ do: 'pace', perSecond, seconds });
      return { ...sent, ...(await server.ask({ do: 'read' })) };
    };
    const none = await paced(600);
    await load.ask({ do: 'boards', url, count: 1, token });
    const one = await paced(600);
    await load.ask({ do: 'boards', url, count: 49, token });
    const fifty = await paced(600);
    const full = await paced(3_000);
    return [
      row('3,000 agents joined, mutual challenge', joinedMs, 'ms'),
      row('whole path at 600/s, no board', none.cpuShare * 100, '% of a core', { atMost: 15 }),
      row('whole path at 600/s, one board', one.cpuShare * 100, '% of a core', { atMost: 15 }),
      row('whole path at 600/s, 50 boards', fifty.cpuShare * 100, '% of a core'),
      row('CPU for 50 boards of CPU for one', fifty.cpuShare / one.cpuShare, 'ratio', {
        atMost: 1.5,
      }),
      row('event-loop delay p99 at 600/s', one.loopP99Ms, 'ms', { atMost: 10 }),
      row('heartbeat → board frame p99 at 600/s', one.p99Ms, 'ms', {
        atMost: 300,
        note: 'tick 250 ms + 50',
      }),
      row('memory of the collector at 600/s', one.rssMB, 'MB', { atMost: 250 }),
      row('whole path at 3,000/s, 50 boards', full.cpuMicros / full.sent, 'µs/heartbeat', {
        atMost: 60,
      }),
      row('heartbeat → board frame p99 at 3,000/s', full.p99Ms, 'ms', { atMost: 300 }),
    ];
  } finally {
    await load.stop();
    await server.stop();
  }
}
