/**
 * The installed agent beside what others put onto a PC, in one run: Debian's prometheus-node-exporter,
 * zabbix-agent2 and netdata, each asked or sending every 5 s. They send other sets of figures; what is
 * compared is what a PC pays. Each is started here, in a folder of its own, and ended by its process.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause, row } from './bench.mjs';
import {
  childrenOf,
  install,
  memoryOf,
  remove,
  startCollector,
  startInstalled,
} from './installed-agent.mjs';

const packages = join(import.meta.dirname, '..', '..', 'dist', 'packages');
const ASK_EVERY_MS = 5_000;
/** The agent's first collection is after a minute, an idle child ends after another. */
const WARM_UP_MS = 150_000;
const MEASURED_MS = 300_000;
/** CLK_TCK of every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const ZABBIX_ITEMS = [
  'system.cpu.util',
  'vm.memory.size[available]',
  'vfs.fs.size[/,free]',
  'net.if.in[lo]',
  'system.uptime',
];

const quiet = { stdio: 'ignore' };

const others = [
  {
    name: 'prometheus-node-exporter',
    needs: '/usr/bin/prometheus-node-exporter',
    start: ({ port }) =>
      spawn('prometheus-node-exporter', [`--web.listen-address=127.0.0.1:${port}`], quiet),
    ask: ({ port }) => fetch(`http://127.0.0.1:${port}/metrics`).then((answer) => answer.text()),
  },
  {
    name: 'zabbix-agent2',
    needs: '/usr/sbin/zabbix_agent2',
    start: ({ home, port }) => {
      const path = join(home, 'zabbix.conf');
      const settings = {
        Server: '127.0.0.1',
        ListenIP: '127.0.0.1',
        ListenPort: port,
        Hostname: 'bench',
        LogType: 'console',
        ControlSocket: join(home, 'zabbix.sock'),
        PluginSocket: join(home, 'plugin.sock'),
      };
      writeFileSync(path, lines(settings));
      return spawn('zabbix_agent2', ['-f', '-c', path], quiet);
    },
    ask: async ({ port }) => {
      for (const item of ZABBIX_ITEMS) await askZabbix(port, item);
    },
  },
  {
    name: 'netdata',
    package: 'netdata-core',
    needs: '/usr/sbin/netdata',
    start: ({ home, port }) => {
      const path = join(home, 'netdata.conf');
      writeFileSync(path, netdataSettings(home, port));
      return spawn('netdata', ['-D', '-c', path], quiet);
    },
  },
];

export async function run({ short }) {
  for (const { name, package: its = name, needs } of others) if (!existsSync(needs)) fetchOne(its);
  const home = mkdtempSync(join(tmpdir(), 'ppe-pulse-bench-'));
  const collector = await startCollector();
  const agent = await install(collector);
  const running = startInstalled(agent);
  const started = [];
  try {
    for (const other of others) {
      const place = { home: join(home, other.name), port: await freePort() };
      mkdirSync(place.home);
      started.push({ ...other, place, child: other.start(place) });
    }
    const all = [{ name: 'this agent', pid: running.pid }].concat(
      started.map(({ name, child }) => ({ name, pid: child.pid })),
    );
    await askFor(started, short ? 15_000 : WARM_UP_MS);
    const before = all.map(({ pid }) => cpuSeconds(pid));
    const lastsMs = short ? 30_000 : MEASURED_MS;
    await askFor(started, lastsMs);
    const taken = all.map(({ name, pid }, at) => ({
      name,
      rssMB: treeOf(pid).reduce((sum, each) => sum + (memoryOf(each)?.rssMB ?? 0), 0),
      cpuSecondsPerHour: ((cpuSeconds(pid) - before[at]) * 3.6e6) / lastsMs,
      packageMB: packageSize(others.find((each) => each.name === name)) / 1e6,
    }));
    return taken.flatMap((each) => rowsOf(each, taken[0]));
  } finally {
    await running.stop();
    for (const { child } of started) await end(child);
    await collector.stop();
    remove(agent);
    rmSync(home, { recursive: true, force: true });
  }
}

function rowsOf({ name, ...figures }, own) {
  const ratio = (figure) => {
    const note = `${(own[figure] / figures[figure]).toFixed(2)} of it is the agent’s`;
    return name === 'this agent' || !(own[figure] > 0 && figures[figure] > 0) ? {} : { note };
  };
  const isOwn = name === 'this agent';
  const rows = [
    row(`${name}: RSS with what it started`, figures.rssMB, 'MB', ratio('rssMB')),
    row(`${name}: CPU at 5 s`, figures.cpuSecondsPerHour, 's/h', {
      ...ratio('cpuSecondsPerHour'),
      ...(isOwn ? { atMost: 18 } : {}),
    }),
  ];
  if (Number.isNaN(figures.packageMB)) {
    console.log(
      `not measured: the package of ${name}, make it with npm run package -- deb --no-updates`,
    );
    return rows;
  }
  const size = { ...ratio('packageMB'), ...(isOwn ? { atMost: 28 } : {}) };
  return [...rows, row(`${name}: package`, figures.packageMB, 'MB', size)];
}

async function askFor(started, lastsMs) {
  const endMs = performance.now() + lastsMs;
  while (performance.now() < endMs) {
    const nextMs = performance.now() + ASK_EVERY_MS;
    // One that does not answer yet is asked again.
    await Promise.allSettled(started.map(({ ask, place }) => ask?.(place)));
    await pause(Math.max(0, Math.min(nextMs, endMs) - performance.now()));
  }
}

/** Header of its protocol: name, flags, length of the text, four bytes of nothing. */
async function askZabbix(port, item) {
  const text = Buffer.from(item);
  const head = Buffer.alloc(13);
  head.write('ZBXD\u0001');
  head.writeUInt32LE(text.length, 5);
  const socket = connect(port, '127.0.0.1');
  socket.write(Buffer.concat([head, text]));
  socket.resume();
  await once(socket, 'close');
}

function netdataSettings(home, port) {
  const folders = ['cache', 'lib', 'log', 'run'].map((each) => join(home, each));
  for (const folder of folders) mkdirSync(folder);
  const [cache, lib, log, runs] = folders;
  return [
    '[global]',
    'run as user = root',
    'update every = 5',
    '[directories]',
    `cache = ${cache}`,
    `lib = ${lib}`,
    `log = ${log}`,
    '[db]',
    'mode = ram',
    'update every = 5',
    '[web]',
    `bind to = 127.0.0.1:${port}`,
    '[ml]',
    'enabled = no',
    '[health]',
    'enabled = no',
    '[plugins]',
    'apps = no',
    'python.d = no',
    'go.d = no',
    '[env]',
    `NETDATA_RUN_DIR = ${runs}`,
    '',
  ].join('\n');
}

const lines = (settings) =>
  Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');

/** A process and what it started. */
function treeOf(pid) {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map(Number);
    const children = threads.length > 0 ? childrenOfThreads(pid, threads) : [];
    return [pid, ...children.flatMap(treeOf)];
  } catch {
    return [];
  }
}

function childrenOfThreads(pid, threads) {
  return threads.flatMap((thread) =>
    thread === pid
      ? childrenOf(pid)
      : readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
          .split(' ')
          .filter(Boolean)
          .map(Number),
  );
}

/** CPU of a tree, also of children that have ended. */
function cpuSeconds(pid) {
  return treeOf(pid).reduce((sum, each) => {
    const text = readFileSync(`/proc/${each}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = [11, 12, 13, 14].reduce((all, at) => all + Number(fields[at]), 0);
    return sum + ticks / TICKS_PER_SECOND;
  }, 0);
}

/** Of the package as it is fetched; NaN where ours was not made. */
function packageSize(other) {
  if (!other) {
    const made = existsSync(packages) ? readdirSync(packages) : [];
    const deb = made.find((each) => each.endsWith('amd64.deb'));
    return deb === undefined ? Number.NaN : statSync(join(packages, deb)).size;
  }
  const told = spawnSync('apt-cache', ['show', other.package ?? other.name], { encoding: 'utf8' });
  return Number(/^Size: (\d+)$/m.exec(told.stdout)?.[1]);
}

function fetchOne(name) {
  const how = ['install', '-y', '--no-install-recommends', name];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const ended = spawnSync('apt-get', how, { stdio: 'ignore', env });
  if (ended.status !== 0) throw new Error(`${name} cannot be installed: apt-get install ${name}`);
}

/** One that nobody listens on, below 32,768: zabbix takes no other. */
async function freePort() {
  for (;;) {
    const server = createServer().listen(randomInt(20_000, 32_000), '127.0.0.1');
    const isFree = await once(server, 'listening').catch(() => undefined);
    if (!isFree) continue;
    const { port } = server.address();
    server.close();
    await once(server, 'close');
    return port;
  }
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(late);
}
