/** The store under the series bench, in a process of its own. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { createLog } from '../../server/dist/log.js';
import { DuckdbStore } from '../../server/dist/series/duckdb/duckdb-store.js';
import { openDuck } from '../../server/dist/series/duckdb/duckdb.js';
import { layoutStatements, rawTables } from '../../server/dist/series/duckdb/schema.js';
import { heartbeat, workstation } from './workstations.mjs';
import { pause, servePart } from './bench.mjs';

const directory = process.argv[2];
const DAY = 86_400_000;
const START = Date.parse('2024-05-14T00:00:00Z');
const WORKSTATIONS = 3_000;
const ids = Array.from({ length: WORKSTATIONS }, (_, number) => workstation(number).id);
let store;

servePart(async (question) => {
  if (question.do === 'fill') return fill(question.heartbeats);
  if (question.do === 'open') return open();
  if (question.do === 'ask') return ask(question.times);
  return commit(question.seconds);
});

/** Half of the heartbeats on a day that is then closed, half on the day after it. */
async function fill(heartbeats) {
  mkdirSync(join(directory, 'raw'), { recursive: true });
  const duck = await openDuck({
    memoryLimitBytes: 1e9,
    threads: 2,
    spillDirectory: join(directory, 'spill'),
  });
  const half = heartbeats / 2;
  for (const day of [0, 1]) {
    const date = new Date(START + day * DAY).toISOString().slice(0, 10);
    await duck.run(`ATTACH '${join(directory, 'raw', `${date}.duckdb`)}' AS d`);
    for (const statement of layoutStatements('d', rawTables())) await duck.run(statement);
    await duck.run(
      `CREATE TEMP TABLE ws AS SELECT * FROM (VALUES ${ids.map((id, at) => `(${at}, ${BigInt(`0x${id.slice(2)}`)}::UBIGINT)`).join(',')}) t(n, key)`,
    );
    const stepMs = Math.floor(DAY / (half / WORKSTATIONS));
    const from = `FROM range(${half}) t(i) JOIN ws ON ws.n = i % ${WORKSTATIONS}`;
    const at = `(${START + day * DAY} + (i // ${WORKSTATIONS}) * ${stepMs} + i % ${Math.min(WORKSTATIONS, stepMs)})::BIGINT`;
    await duck.run(
      `INSERT INTO d.heartbeat SELECT key, ${day + 1}, i // ${WORKSTATIONS} + 1, ${at}, ${at} + 20, 0, 0 ${from}`,
    );
    for (const table of rawTables().slice(1, 3)) {
      const values = table.columns.slice(2).map(({ name }) => valueFor(name));
      await duck.run(`INSERT INTO d.${table.name} SELECT key, ${at}, ${values.join(', ')} ${from}`);
    }
    await duck.run('DROP TABLE ws');
    await duck.run('CHECKPOINT d');
    await duck.run('DETACH d');
  }
  duck.close();
  return { closedDay: '2024-05-14', closedHeartbeats: half, closedRows: half * 2 };
}

/** Opens the store and closes the first day. */
async function open() {
  store = new DuckdbStore(
    { directory, memoryLimitBytes: 256e6, threads: 2, horizonMs: 4 * DAY, diskBudgetBytes: 1e13 },
    createLog('warn'),
  );
  await store.open();
  const startedMs = performance.now();
  await store.maintain(START + 1.5 * DAY, { rawDays: 14, minuteDays: 366, diskBudgetBytes: 1e13 });
  return { sortMs: performance.now() - startedMs };
}

/** Noise like a real machine's, in the digits that the catalogue keeps. */
function valueFor(column) {
  if (column.startsWith('net_down'))
    return `CASE WHEN i % 360000 < 3000 THEN round(random() * 1e7) END`;
  if (column.endsWith('errors_perSecond') || column.endsWith('loss_ratio')) return '0.0';
  if (column.endsWith('disk_usedRatio')) return '0.6879';
  if (column.endsWith('atio')) return 'round(0.2 + random() * 0.3, 3)';
  if (column.endsWith('seconds')) return `(i // ${WORKSTATIONS}) * 5.0`;
  if (column.endsWith('freeBytes')) return 'round(8.4e10 + random() * 1e6)';
  if (column.endsWith('bytes') || column.endsWith('Bytes'))
    return 'round((4e9 + random() * 1e8) / 4096) * 4096';
  if (column.endsWith('bytesPerSecond')) return 'round(random() * 1e6)';
  return 'round(20 + random() * 10, 1)';
}

async function ask(times) {
  const middle = START + DAY * 0.4;
  const span = (fromMs, hours) => ({
    metric: 'net.rtt.ms',
    fromMs,
    toMs: fromMs + hours * 3_600_000,
  });
  const timed = async (work) => {
    const startedMs = performance.now();
    await work();
    return performance.now() - startedMs;
  };
  const one = (at, day) =>
    store.series({
      ...span(middle + day * DAY, 0.25),
      workstationIds: [ids[(at * 97) % WORKSTATIONS]],
      points: 300,
    });
  const site = (at, day) =>
    store.series({
      ...span(middle + day * DAY, 0.25),
      workstationIds: ids.slice((at % 90) * 30, (at % 90) * 30 + 30),
      points: 300,
    });
  await one(0, 0);
  await one(0, 1);
  const answers = { workstation: [], site: [], region: [] };
  for (let at = 0; at < times; at += 1) {
    answers.workstation.push(await timed(() => one(at, at % 2)));
    answers.site.push(await timed(() => site(at, at % 2)));
    if (at % 6 === 0)
      answers.region.push(await timed(() => store.percentiles(span(START + (at % 2) * DAY, 8))));
  }
  return answers;
}

/** Commits 600 heartbeats a second onto the open day. */
async function commit(seconds) {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  const tookMs = [];
  for (let second = 0; second < seconds; second += 1) {
    const rows = Array.from({ length: 600 }, (_, at) => {
      const seq = 1e6 + second;
      const { mode, metrics } = heartbeat('f'.repeat(16), seq + at, 0);
      const atMs = START + DAY * 1.45 + second * 1_000 + at;
      return {
        workstationId: ids[(second * 600 + at) % WORKSTATIONS],
        bootId: 'f'.repeat(16),
        seq,
        atMs,
        takenAtMs: atMs,
        mode,
        verdict: 'ok',
        metrics,
      };
    });
    const beforeMs = performance.now();
    const outcome = await store.append(rows);
    if (outcome.kind !== 'durable') throw new Error(JSON.stringify(outcome));
    tookMs.push(performance.now() - beforeMs);
    await pause(Math.max(0, startedMs + (second + 1) * 1_000 - performance.now()));
  }
  const used = process.cpuUsage(cpu);
  return {
    tookMs,
    cpuShare: (used.user + used.system) / 1_000 / (performance.now() - startedMs),
    loopP99Ms: Math.max(0, delay.percentile(99) / 1e6 - 10),
    rssMB: process.memoryUsage.rss() / 1e6,
  };
}
