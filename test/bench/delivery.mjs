/** Delivery under a region's load: what a heartbeat costs, a restart, an hour of backlog. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause, row, startPart } from './bench.mjs';

/** A region: 3,000 workstations; the backlog comes from a hundred more. */
const WORKSTATIONS = 3_000;
const RETURNING = 100;
/** An hour at 5 s. */
const HOUR = 720;
/** How long the collector is away. */
const AWAY_MS = 5_000;
const COLLECTOR_FLAGS = ['--max-semi-space-size=4'];

export async function run({ short }) {
  const home = mkdtempSync(join(tmpdir(), 'ppe-pulse-delivery-'));
  try {
    return [
      ...(await cost(home, short)),
      ...(await restart(home, short)),
      ...(await backlog(home, short)),
    ];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** The same 600 heartbeats a second into the whole collector and into a sink that only parses. */
async function cost(home, short) {
  const seconds = short ? 8 : 30;
  const sink = await paced(['sink.mjs', ['parse', '0', join(home, 'sink.key')]], seconds);
  const dataDir = join(home, 'cost');
  await enrol(dataDir, WORKSTATIONS);
  const whole = await paced(['region.mjs', [dataDir], COLLECTOR_FLAGS], seconds);
  return [
    row('sink that parses, 600/s', sink, 'µs/heartbeat'),
    row('ingest until durable, 600/s', whole, 'µs/heartbeat'),
    row('ingest of the sink that parses', whole / sink, 'ratio', { note: 'paced, not saturated' }),
  ];
}

async function paced([name, flags, execArgv], seconds) {
  const server = startPart(name, flags, execArgv);
  const load = startPart('load.mjs');
  try {
    const { url } = await server.ask({ do: 'address' });
    await load.ask({ do: 'join', url, count: WORKSTATIONS, handshake: name === 'region.mjs' });
    await load.ask({ do: 'pace', perSecond: 600, seconds: 3 });
    await server.ask({ do: 'reset' });
    const { sent } = await load.ask({ do: 'pace', perSecond: 600, seconds });
    return (await server.ask({ do: 'read' })).cpuMicros / sent;
  } finally {
    await load.stop();
    await server.stop();
  }
}

/** A planned restart, and a kill with the collector away for 5 s, under 3,000 simulated agents. */
async function restart(home, short) {
  const dataDir = join(home, 'restart');
  const port = await freePort();
  const serve = () => startPart('region.mjs', [dataDir, String(port)], COLLECTOR_FLAGS);
  let server = serve();
  const fleet = startPart('simulated.mjs');
  try {
    const { url, token } = await server.ask({ do: 'address' });
    const { workstations } = await fleet.ask({
      do: 'start',
      to: url,
      token,
      sites: 100,
      rooms: short ? 8 : 22,
    });
    await pause(10_000);
    await server.ask({ do: 'end' });
    await server.stop();
    server = serve();
    await server.ask({ do: 'address' });
    const planned = await lossOf(fleet, 0);
    await pause(5_000);
    await server.stop();
    await pause(AWAY_MS);
    server = serve();
    await server.ask({ do: 'address' });
    const killed = await lossOf(fleet, 1);
    return [
      row('simulated agents', workstations, ''),
      ...lossRows('planned restart', planned),
      ...lossRows(`killed, away ${AWAY_MS / 1_000} s`, killed),
    ];
  } finally {
    await fleet.stop();
    await server.stop();
  }
}

async function lossOf(fleet, at) {
  for (let waited = 0; waited < 90; waited += 1) {
    const loss = (await fleet.ask({ do: 'read' })).losses[at];
    if (loss?.allBackMs !== undefined) return loss;
    await pause(1_000);
  }
  throw new Error('not all agents came back in 90 s');
}

function lossRows(name, loss) {
  console.log(`${name}: connects per 100 ms from the first on: ${loss.histogram.join(' ')}`);
  return [
    row(`${name}: connects per 100 ms, peak of mean`, loss.peakToMean, 'ratio', { atMost: 3 }),
    row(`${name}: the last agent is back`, loss.allBackMs / 1_000, 's after the loss'),
  ];
}

/** An hour of a hundred agents comes while a region goes on. */
async function backlog(home, short) {
  const dataDir = join(home, 'backlog');
  await enrol(dataDir, WORKSTATIONS + RETURNING);
  const server = startPart('region.mjs', [dataDir], COLLECTOR_FLAGS);
  const load = startPart('load.mjs');
  const returning = startPart('backlog.mjs');
  try {
    const { url, token } = await server.ask({ do: 'address' });
    await load.ask({ do: 'join', url, count: WORKSTATIONS, handshake: true });
    await load.ask({ do: 'boards', url, count: 1, token });
    await load.ask({ do: 'pace', perSecond: 600, seconds: 3 });
    const calm = await load.ask({ do: 'pace', perSecond: 600, seconds: short ? 4 : 15 });
    const heartbeats = short ? HOUR / 6 : HOUR;
    const question = { url, from: WORKSTATIONS, count: RETURNING, heartbeats };
    const [drained, busy] = await Promise.all([
      returning.ask(question),
      load.ask({ do: 'pace', perSecond: 600, seconds: Math.ceil(heartbeats / 20) }),
    ]);
    const name = `backlog of ${short ? '10 min' : '1 h'} × ${RETURNING}`;
    return [
      row(`${name}: drained`, drained.drainedMs / 1_000, 's', {
        note: `${drained.perSecond}/s an agent`,
      }),
      row('live → board p99 before it', calm.p99Ms, 'ms'),
      row('live → board p99 during it', busy.p99Ms, 'ms', { atMost: 2_000 }),
    ];
  } finally {
    await returning.stop();
    await load.stop();
    await server.stop();
  }
}

async function enrol(dataDir, workstations) {
  const part = startPart('enrol.mjs');
  await part.ask({ dataDir, workstations });
  await part.stop();
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
