/** The agent as a process beside a real collector: memory, CPU, processes that it starts. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pause, row, startPart } from './bench.mjs';

const agentMain = join(import.meta.dirname, '..', '..', 'agent', 'dist', 'bundle', 'main.js');
/** V8 flags of the shipped service: an idle process otherwise keeps what it once needed. */
const FLAGS = [
  '--jitless',
  '--optimize-for-size',
  '--max-semi-space-size=1',
  '--max-old-space-size=48',
];
const CLOCK_TICKS = 100;

export async function run({ short }) {
  if (process.platform !== 'linux') return [];
  const seconds = short ? 30 : 600;
  const home = mkdtempSync(join(tmpdir(), 'ppe-pulse-bench-'));
  const server = startPart('region.mjs', [join(home, 'collector')]);
  const node24 = findNode24();
  try {
    const { url, token } = await server.ask({ do: 'address' });
    const rows = [];
    const runs = [
      { name: `Node ${process.versions.node}, no flags`, node: process.execPath, flags: [] },
      ...(node24 ? [{ name: 'Node 24, shipped flags', node: node24, flags: FLAGS }] : []),
    ];
    for (const [at, each] of runs.entries()) {
      const isShipped = each.flags.length > 0;
      // Only the shipped runtime has a target: the other is there for comparison.
      const lasts = isShipped ? seconds : Math.min(seconds, 60);
      const figures = await measure({
        ...each,
        url,
        token,
        home: join(home, String(at)),
        seconds: lasts,
      });
      rows.push(
        row(
          `agent, ${each.name}: memory after ${lasts} s`,
          figures.rssMB,
          'MB',
          isShipped ? { atMost: 80 } : {},
        ),
        row(
          `agent, ${each.name}: CPU`,
          figures.cpuShare * 100,
          '% of a core',
          isShipped ? { atMost: 0.5 } : {},
        ),
        row(`agent, ${each.name}: processes started`, figures.children, 'seen'),
      );
    }
    return rows;
  } finally {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

async function measure({ node, flags, url, token, home, seconds }) {
  const config = `${home}.yaml`;
  const base = { dataDir: home };
  writeFileSync(config, JSON.stringify(base));
  const told = spawnSync(node, [agentMain, 'identity', '--json', '--config', config]);
  const { publicKey } = JSON.parse(String(told.stdout));
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const http = url.replace('ws', 'http');
  const placement = { siteCode: '0001', roomCode: '7777', role: 'hq', duty: 'main' };
  const enrolled = await fetch(`${http}/api/v1/workstations`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ publicKey, placement }),
  });
  const { collector } = await enrolled.json();
  writeFileSync(
    config,
    JSON.stringify({
      ...base,
      collector: { url, publicKey: collector.publicKey },
      app: { pid: process.pid },
    }),
  );
  const agent = spawn(node, [...flags, agentMain, 'run', '--config', config], { stdio: 'ignore' });
  try {
    await pause(15_000);
    const before = cpuSeconds(agent.pid);
    const startedMs = performance.now();
    let children = 0;
    while (performance.now() - startedMs < seconds * 1_000) {
      children += childrenOf(agent.pid);
      await pause(250);
    }
    const cpuShare = (cpuSeconds(agent.pid) - before) / ((performance.now() - startedMs) / 1_000);
    return { cpuShare, rssMB: rssMB(agent.pid), children };
  } finally {
    agent.kill('SIGKILL');
  }
}

function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (
    (Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14])) /
    CLOCK_TICKS
  );
}

function rssMB(pid) {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kilobytes) * 1_024) / 1e6;
}

function childrenOf(pid) {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
    const path = `/proc/${pid}/task/${thread}/children`;
    return (
      sum +
      (existsSync(path) ? readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).length : 0)
    );
  }, 0);
}

/** The shipped runtime, from the npm registry; undefined when it cannot be had. */
function findNode24() {
  const found = spawnSync('npx', ['--yes', '-p', 'node@24', '-c', 'command -v node'], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  const path = found.stdout?.trim().split('\n').at(-1) ?? '';
  return found.status === 0 && path !== process.execPath && existsSync(path) ? path : undefined;
}
