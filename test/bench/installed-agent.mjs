/** The agent as it is installed on Linux: its runtime, flags and folders; and a collector for it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runtimeOf } from '../../deploy/package/runtime.mjs';
import { startPart } from './bench.mjs';

const root = join(import.meta.dirname, '..', '..');
const shipped = join(root, 'agent', 'dist', 'shipped');

/** A collector in a process of its own, and what stands behind its interface. */
export async function startCollector(execArgv = []) {
  const home = mkdtempSync(join(tmpdir(), 'ppe-pulse-bench-'));
  const part = startPart('region.mjs', [join(home, 'data')], execArgv);
  const { url, token } = await part.ask({ do: 'address' });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const ask = async (path, body) => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(url.replace('ws', 'http') + path, { ...init, headers });
    return answer.json();
  };
  return {
    url,
    ask,
    pid: part.pid,
    async stop() {
      await part.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Installs the built agent into a fresh folder and enrols it in that role. */
export async function install(collector, settings = {}, role = 'organizer') {
  const home = mkdtempSync(join(tmpdir(), 'ppe-pulse-bench-'));
  const { version } = JSON.parse(readFileSync(join(shipped, 'manifest.json'), 'utf8'));
  const { node, koffi } = runtimeOf(root, `linux-${process.arch}`);
  mkdirSync(join(home, 'versions', version), { recursive: true });
  const put = (from, to) => cpSync(from, join(home, to));
  put(node, 'node');
  put(koffi, 'koffi.node');
  put(join(shipped, 'launcher.mjs'), 'launcher.mjs');
  for (const file of ['agent.mjs', 'manifest.json'])
    put(join(shipped, file), join('versions', version, file));
  writeFileSync(join(home, 'update-root.json'), '{"version":1,"threshold":2,"keys":[]}\n');
  const config = join(home, 'agent.yaml');
  const dataDir = join(home, 'data');
  const { publicKey } = await collector.ask('/api/v1/collector');
  const page = { port: 0 };
  const whole = { collector: { url: collector.url, publicKey }, dataDir, page, ...settings };
  writeFileSync(config, JSON.stringify(whole));
  const env = { PATH: process.env.PATH, TZ: 'UTC', PPE_PULSE_DATA_DIR: dataDir };
  const launcher = join(home, 'launcher.mjs');
  const said = spawnSync(join(home, 'node'), [launcher, 'identity', '--json', '--config', config], {
    env,
    encoding: 'utf8',
  });
  if (said.status !== 0) throw new Error(`the agent does not start: ${said.stderr}`);
  const own = JSON.parse(said.stdout);
  const placement = { siteCode: '0042', roomCode: '0012', role, duty: 'main' };
  await collector.ask('/api/v1/workstations', { publicKey: own.publicKey, placement });
  return { home, config, env, launcher, id: own.agentId, node: join(home, 'node') };
}

/** V8 flags of the service, as its unit has them. */
function serviceFlags() {
  const unit = readFileSync(join(root, 'deploy', 'systemd', 'ppe-pulse-agent.service'), 'utf8');
  const line = /^ExecStart=\S+ (.*) \S+launcher\.mjs/m.exec(unit)?.[1] ?? '';
  return line.split(' ');
}

/** Starts what is installed, as its unit does. */
export function startInstalled(agent, { execArgv = [], env = {} } = {}) {
  const args = [...serviceFlags(), ...execArgv, agent.launcher, 'run', '--config', agent.config];
  const child = spawn(agent.node, args, { stdio: 'ignore', env: { ...agent.env, ...env } });
  return {
    pid: child.pid,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(late);
    },
  };
}

export function remove(agent) {
  rmSync(dirname(agent.config), { recursive: true, force: true });
}

/** What a process holds now, MB; undefined when it has ended. */
export function memoryOf(pid) {
  try {
    const pages = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return {
      rssMB: kilobytes(pages, 'Rss'),
      pssMB: kilobytes(pages, 'Pss'),
      anonymousMB: kilobytes(pages, 'Anonymous'),
      highestMB: kilobytes(status, 'VmHWM'),
    };
  } catch {
    return undefined;
  }
}

/** Processes that it started. */
export function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

function kilobytes(text, name) {
  return (Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) * 1_024) / 1e6;
}
