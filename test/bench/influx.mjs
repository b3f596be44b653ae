/** The same questions through InfluxDB 1.x, on a smaller set, printed beside DuckDB's. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../server/dist/log.js';
import { DuckdbStore } from '../../server/dist/series/duckdb/duckdb-store.js';
import { InfluxStore } from '../../server/dist/series/influx/influx-store.js';
import { heartbeat, workstation } from './workstations.mjs';
import { pause, percentile, row } from './bench.mjs';

const BINARY = '/usr/bin/influxd';
const START = Date.parse('2024-05-14T00:00:00Z');
const WORKSTATIONS = 300;
const DAY = 86_400_000;

export async function run({ short }) {
  if (!existsSync(BINARY)) return [];
  const home = mkdtempSync(join(tmpdir(), 'ppe-pulse-bench-'));
  const [http, rpc] = [await freePort(), await freePort()];
  const config = join(home, 'influxdb.conf');
  mkdirSync(join(home, 'buffer'));
  writeFileSync(
    config,
    `reporting-disabled = true\nbind-address = "127.0.0.1:${rpc}"\n[meta]\n  dir = "${home}/meta"\n[data]\n  dir = "${home}/data"\n  wal-dir = "${home}/wal"\n  query-log-enabled = false\n[http]\n  bind-address = "127.0.0.1:${http}"\n  log-enabled = false\n[monitor]\n  store-enabled = false\n`,
  );
  const server = spawn(BINARY, ['-config', config], { stdio: 'ignore' });
  try {
    await pause(1_500);
    const log = createLog('warn');
    const influx = new InfluxStore(
      {
        url: `http://127.0.0.1:${http}`,
        database: 'bench',
        username: '',
        password: '',
        directory: join(home, 'buffer'),
        bufferBytes: 1e9,
        rawDays: 3_650,
        minuteDays: 3_650,
        wallMs: () => START + 2 * DAY,
      },
      log,
    );
    const duck = new DuckdbStore(
      {
        directory: join(home, 'duck'),
        memoryLimitBytes: 256e6,
        threads: 2,
        horizonMs: 4 * DAY,
        diskBudgetBytes: 1e13,
      },
      log,
    );
    const rounds = short ? 120 : 720;
    const rows = [];
    for (const [name, store] of [
      ['InfluxDB', influx],
      ['DuckDB', duck],
    ])
      rows.push(...(await measure(name, store, rounds)));
    return rows;
  } finally {
    server.kill('SIGKILL');
    await once(server, 'exit');
    rmSync(home, { recursive: true, force: true });
  }
}

async function measure(name, store, rounds) {
  await store.open();
  const ids = Array.from({ length: WORKSTATIONS }, (_, number) => workstation(number).id);
  const startedMs = performance.now();
  for (let round = 0; round < rounds; round += 2) {
    const batch = [round, round + 1].flatMap((each) =>
      ids.map((workstationId, at) => {
        const { mode, metrics } = heartbeat('f'.repeat(16), each + 1, 0);
        const atMs = START + each * 5_000 + at;
        return {
          workstationId,
          bootId: 'f'.repeat(16),
          seq: each + 1,
          atMs,
          takenAtMs: atMs,
          mode,
          verdict: 'ok',
          metrics,
        };
      }),
    );
    await store.append(batch);
  }
  while (store.status().bufferedRows > 0) await pause(20);
  const tookMs = performance.now() - startedMs;
  const toMs = START + rounds * 5_000;
  const timed = async (work) => {
    const fromMs = performance.now();
    await work();
    return performance.now() - fromMs;
  };
  const one = [];
  for (let at = 0; at < 30; at += 1) {
    one.push(
      await timed(() =>
        store.series({
          metric: 'net.rtt.ms',
          workstationIds: [ids[at * 7]],
          fromMs: Math.max(START, toMs - 900_000),
          toMs,
          points: 300,
        }),
      ),
    );
  }
  const region = await timed(() =>
    store.percentiles({ metric: 'net.rtt.ms', fromMs: START, toMs }),
  );
  await store.close();
  const size = `${((rounds * WORKSTATIONS) / 1e3).toFixed(0)} k heartbeats`;
  return [
    row(
      `${name}: heartbeats stored a second, 600 a batch`,
      (rounds * WORKSTATIONS) / (tookMs / 1_000),
      '1/s',
    ),
    row(`${name}: one workstation, 15 min, p99, ${size}`, percentile(one, 0.99), 'ms'),
    row(`${name}: region p5/p50/p95 a minute, ${size}`, region, 'ms'),
  ];
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
