import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../support/processes.ts';
import { trees } from '../support/booted-pc.ts';

/** How a program of Windows ended. */
export interface WindowsRun {
  readonly code: number;
  readonly output: string;
}

/** A PC with Windows as far as wine 10 is one: it runs the runtime that is shipped. */
export interface WindowsPc {
  /** A folder of both sides: here by path, there as `Z:\shared`. */
  readonly shared: string;
  /** A file of drive C as this machine sees it. */
  drive(...path: readonly string[]): string;
  /** Runs a program of Windows to its end. */
  run(program: string, ...args: readonly string[]): Promise<WindowsRun>;
  /** The same with the rest of the command line as it is, quotes and all. */
  line(program: string, rest: string): Promise<WindowsRun>;
  stop(): Promise<void>;
}

const RUN_WITHIN_MS = 240_000;
const SET_UP_WITHIN_MS = 120_000;
const PREFIX = 'prefix';

/** Why no Windows can be started here; undefined where one can. */
export function whyNoWindows(): string | undefined {
  if (process.getuid?.() !== 0) return 'a chroot is entered by root alone';
  if (!existsSync(join(trees, 'windows')))
    return 'the tree with wine 10 is missing: test/full/install.sh windows makes it';
  return undefined;
}

/**
 * Starts one: wine 10 of Debian 13 in an overlay, in mount and process namespaces of its own, which end
 * with this process. `node` is the shipped `node.exe`: it keeps the PC on, and takes command lines.
 */
export async function startWindowsPc(node: string): Promise<WindowsPc> {
  const why = whyNoWindows();
  if (why !== undefined) throw new Error(why);
  const base = mkdtempSync(join(tmpdir(), 'ppe-pulse-wine-'));
  const [merged = '', upper = '', rest = '', shared = ''] = ['tree', 'upper', 'rest', 'shared'].map(
    (name) => join(base, name),
  );
  for (const folder of [merged, upper, rest, shared]) mkdirSync(folder);
  copyFileSync(node, join(shared, 'node.exe'));
  writeFileSync(join(shared, 'line.cjs'), LINE);
  const layers = `lowerdir=${join(trees, 'windows')},upperdir=${upper},workdir=${rest}`;
  const apart = ['unshare', '-m', '-p', '--fork', '--kill-child', 'sh', '-c', HOLD, 'sh'];
  const holder = spawn(
    '/usr/bin/setpriv',
    ['--pdeathsig', 'KILL', ...apart, layers, merged, shared],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(holder, 'exit');
  const stop = async (): Promise<void> => {
    holder.kill('SIGKILL');
    await ended;
    rmSync(base, { recursive: true, force: true });
  };
  try {
    const [said] = (await Promise.race([
      once(holder.stdout.setEncoding('utf8'), 'data'),
      ended.then(() => ['']),
    ])) as [string];
    if (said.trim() !== 'ready') throw new Error('the overlay of wine cannot be mounted');
    const pid = childOf(holder.pid ?? 0);
    const wine = { pid, merged, base, shared, stop };
    const pc = pcOf(wine);
    await setUp(pc, wine);
    return pc;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Mounts what a Windows under wine needs, where nobody else sees it. */
const HOLD = `
  mount -t overlay -o "$1" overlay "$2" && mount -t proc proc "$2/proc" &&
  mount --rbind /dev "$2/dev" && mount --rbind /sys "$2/sys" && mount -t tmpfs tmpfs "$2/tmp" &&
  mkdir -p "$2/shared" && mount --bind "$3" "$2/shared" && echo ready && exec sleep infinity`;

/** Windows' command lines are one string: Node hands it over as it is. */
const LINE = `
  const [program, rest] = process.argv.slice(2);
  const { spawnSync } = require('node:child_process');
  const ended = spawnSync(program, [rest], { windowsVerbatimArguments: true, stdio: 'inherit' });
  if (ended.error) console.error(ended.error.message);
  process.exit(ended.status ?? 1);`;

interface Wine {
  readonly pid: number;
  readonly merged: string;
  readonly base: string;
  readonly shared: string;
  readonly stop: () => Promise<void>;
}

function pcOf(wine: Wine): WindowsPc {
  const run = async (program: string, ...args: readonly string[]) =>
    runWine(wine, ['wine', program, ...args]);
  return {
    shared: wine.shared,
    drive: (...path) =>
      join('/proc', String(wine.pid), 'root', wine.merged, PREFIX, 'drive_c', ...path),
    run,
    line: async (program, rest) =>
      run('Z:\\shared\\node.exe', 'Z:\\shared\\line.cjs', program, rest),
    stop: wine.stop,
  };
}

async function setUp(pc: WindowsPc, wine: Wine): Promise<void> {
  const booted = await pc.run('wineboot', '-i');
  const set = await pc.run('winecfg', '-v', 'win10');
  if (booted.code !== 0 || set.code !== 0)
    throw new Error(`wine did not start: ${booted.output} ${set.output}`);
  // Until what the set-up has started is over there would be two managers of services.
  await runWine(wine, ['wineserver', '-w']);
  // Services end with the last ordinary program: this one stays until the PC goes.
  void runWine(wine, ['wine', 'Z:\\shared\\node.exe', '-e', 'setInterval(() => {}, 60000)'], 0);
  await until(
    async () => (await pc.run('net', 'start')).code === 0,
    'services can be asked for',
    SET_UP_WITHIN_MS,
  );
}

/** Words go to a file: under wine a pipe ends in «open EBADF». No limit for a `withinMs` of 0. */
async function runWine(
  wine: Wine,
  command: readonly string[],
  withinMs = RUN_WITHIN_MS,
): Promise<WindowsRun> {
  const file = join(wine.base, `${process.hrtime.bigint()}.txt`);
  const out = openSync(file, 'w');
  const env = {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/tmp',
    WINEPREFIX: `/${PREFIX}`,
    WINEDEBUG: '-all',
    WINEDLLOVERRIDES: 'mscoree,mshtml=',
    DISPLAY: '',
    // A Russian Windows: batch files and consoles of code page 866.
    LC_ALL: 'ru_RU.UTF-8',
    TZ: 'UTC',
    // Nobody presses a key at the end of a batch file here.
    PPE_PULSE_NO_PAUSE: '1',
  };
  const inside = ['-t', String(wine.pid), '-m', '-p', '--', 'chroot', wine.merged, ...command];
  const child = spawn('/usr/bin/nsenter', inside, {
    stdio: ['ignore', out, out],
    env,
    timeout: withinMs,
    killSignal: 'SIGKILL',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  closeSync(out);
  return { code: code ?? -1, output: existsSync(file) ? textOf(readFileSync(file)) : '' };
}

/** A file gets what Windows' own programs say in its code page, what Node says in UTF-8: line by line. */
function textOf(bytes: Buffer): string {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const lines = bytes.toString('latin1').split('\n');
  return lines
    .map((line) => {
      const raw = Buffer.from(line, 'latin1');
      try {
        return utf8.decode(raw);
      } catch {
        return new TextDecoder('windows-1251').decode(raw);
      }
    })
    .join('\n');
}

function childOf(pid: number): number {
  const path = join('/proc', String(pid), 'task', String(pid), 'children');
  return Number(readFileSync(path, 'utf8').trim().split(' ')[0]);
}
