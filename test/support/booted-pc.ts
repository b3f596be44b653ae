import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { until } from './processes.ts';

const root = join(import.meta.dirname, '..', '..');
/** Where the trees of `npm test -- --full` are kept. */
export const trees = join(root, 'node_modules', '.cache', 'ppe-pulse-parts', 'trees');

/** How a program on the PC ended; both streams in the order they came. */
export interface PcRun {
  readonly code: number;
  readonly output: string;
}

/** What is different for one PC. */
export interface PcOptions {
  /** Debian 12 as it is, with xz for whoever unpacks an archive, or with rpm and no dpkg. */
  readonly tree?: 'booted' | 'booted-server' | 'booted-rpm';
  /** Name of a network namespace; without it the PC has only its loopback. */
  readonly network?: string;
  /** Takes part in this machine's network: a collector of the test's listens on its loopback. */
  readonly sharesNetwork?: boolean;
  /** Folders of this machine by their paths there: a flash drive. */
  readonly drives?: Readonly<Record<string, string>>;
}

/** A PC of its own files: Debian 12, systemd as PID 1, no Node, and no network but the one given. */
export interface BootedPc {
  /** Its PID 1, as this machine counts. */
  readonly pid: number;
  run(command: string, ...args: readonly string[]): Promise<PcRun>;
  /** Runs lines of sh to their end, whatever it is, with what is typed at the keyboard meanwhile. */
  typed(script: string, keys?: string): Promise<PcRun>;
  /** Runs lines of sh and answers what they printed; throws when they fail. */
  sh(script: string): Promise<string>;
  /** A file of the PC as this machine sees it. */
  path(inside: string): string;
  /** Everything that lasts over a restart, sorted; folders end with a slash. */
  files(): Promise<string[]>;
  /** Asks it to power off; true when PID 1 ended by itself. */
  powerOff(): Promise<boolean>;
  /** Takes it away, whatever state it is in. */
  stop(): Promise<void>;
}

const BOOT_WITHIN_MS = 90_000;
const RUN_WITHIN_MS = 180_000;
const ENV = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', TERM: 'dumb' };
/** Other file systems, what a restart empties, and the drives. */
const FLEETING = ['proc', 'sys', 'dev', 'run', 'tmp', 'var/tmp', 'media'];

/** Why no PC can be booted here; undefined where one can. */
export function whyNotBooted(tree: PcOptions['tree'] = 'booted'): string | undefined {
  if (process.getuid?.() !== 0) return 'a PC is booted by root alone';
  if (!existsSync('/usr/bin/systemd-nspawn'))
    return 'systemd-nspawn is missing (package systemd-container)';
  if (!existsSync(join(trees, tree)))
    return `a tree of Debian 12 is missing: test/full/install.sh ${tree} makes it`;
  return undefined;
}

/**
 * Boots a copy of the kept tree: an overlay in a mount namespace of its own, under systemd-nspawn. All of
 * it ends with this process, also when that is killed. Rejects with the console's last words.
 */
export async function bootPc(options: PcOptions = {}): Promise<BootedPc> {
  const why = whyNotBooted(options.tree);
  if (why !== undefined) throw new Error(why);
  const base = mkdtempSync(join(tmpdir(), 'ppe-pulse-pc-'));
  const machine = spawn(
    '/usr/bin/setpriv',
    ['--pdeathsig', 'KILL', ...bootCommand(base, options)],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...ENV, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' },
    },
  );
  const ended = once(machine, 'exit');
  let console = '';
  for (const stream of [machine.stdout, machine.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (console += text));
  const stop = async (): Promise<void> => {
    if (!hasEnded(machine)) {
      const first = firstOf(machine);
      if (first !== undefined) process.kill(first, 'SIGKILL');
      machine.kill('SIGKILL');
      await ended;
    }
    await leaveCgroup(basename(base));
    rmSync(base, { recursive: true, force: true });
  };
  try {
    await until(() => firstOf(machine) !== undefined || hasEnded(machine), 'PID 1', BOOT_WITHIN_MS);
    const pid = firstOf(machine);
    if (pid === undefined) throw new Error('systemd-nspawn ended');
    const pc = pcOf(pid, ended, stop);
    await until(() => isUp(pc), 'the PC is up', BOOT_WITHIN_MS);
    return pc;
  } catch (error) {
    await stop();
    throw new Error(`the PC does not boot: ${console.slice(-1_500)}`, { cause: error });
  }
}

/** The overlay is mounted where nobody else sees it: it goes with the process. */
function bootCommand(base: string, options: PcOptions): string[] {
  const { tree = 'booted', network, sharesNetwork = false, drives = {} } = options;
  const [merged = '', upper = '', rest = ''] = ['tree', 'upper', 'rest'].map((name) =>
    join(base, name),
  );
  for (const folder of [merged, upper, rest]) mkdirSync(folder);
  const layers = `lowerdir=${join(trees, tree)},upperdir=${upper},workdir=${rest}`;
  const flags = [
    '--boot',
    '--register=no',
    '--keep-unit',
    '--console=read-only',
    '--machine=exam-pc',
    '--resolv-conf=off',
    '--timezone=off',
    '--link-journal=no',
    ...(network === undefined ? [] : [`--network-namespace-path=${join('/run/netns', network)}`]),
    ...(network === undefined && !sharesNetwork ? ['--private-network'] : []),
    ...Object.entries(drives).map(([inside, here]) => `--bind=${here}:${inside}`),
  ];
  // A group of its own: two PCs in one would take each other's processes for theirs.
  const script = `
    mkdir "$1" && echo $$ >"$1/cgroup.procs" && shift &&
    mount -t overlay -o "$1" overlay "$2" && shift &&
    exec systemd-nspawn -q -D "$@"`;
  const group = join(cgroups(), basename(base));
  return ['unshare', '-m', 'sh', '-c', script, 'sh', group, layers, merged, ...flags];
}

/** Where groups of processes are made: alone, or beside the hierarchies of old. */
function cgroups(): string {
  const path = '/sys/fs/cgroup';
  return existsSync(join(path, 'cgroup.procs')) ? path : join(path, 'unified');
}

/** Groups are folders without files: each goes when its last process has ended, the innermost first. */
async function leaveCgroup(name: string): Promise<void> {
  const top = join(cgroups(), name);
  await until(() => isCgroupGone(top), `the end of ${top}`, 10_000);
}

function isCgroupGone(path: string): boolean {
  if (!existsSync(path)) return true;
  const inside = readdirSync(path, { withFileTypes: true }).filter((each) => each.isDirectory());
  if (inside.some((each) => !isCgroupGone(join(path, each.name)))) return false;
  try {
    rmdirSync(path);
    return true;
  } catch {
    // A process of it is still ending.
    return false;
  }
}

function pcOf(pid: number, ended: Promise<unknown>, stop: () => Promise<void>): BootedPc {
  const run = async (command: string, ...args: readonly string[]): Promise<PcRun> =>
    runInside(pid, [command, ...args]);
  const typed = async (script: string, keys = ''): Promise<PcRun> =>
    runInside(pid, ['sh', '-c', script], keys);
  const sh = async (script: string): Promise<string> => {
    const { code, output } = await run('sh', '-c', script);
    if (code !== 0) throw new Error(`${script}\nended with ${code}: ${output}`);
    return output;
  };
  return {
    pid,
    run,
    typed,
    sh,
    path: (inside) => join('/proc', String(pid), 'root', inside),
    files: async () => {
      const fleeting = FLEETING.map((each) => `-path ./${each}`).join(' -o ');
      const list = `cd / && find . \\( ${fleeting} \\) -prune -o -type d -printf '%p/\\n' -o -print`;
      return (await sh(list)).trim().split('\n').sort();
    },
    powerOff: async () => {
      await run('systemctl', 'poweroff');
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(false), BOOT_WITHIN_MS);
      });
      const isOff = await Promise.race([ended.then(() => true), late]);
      clearTimeout(timer);
      return isOff;
    },
    stop,
  };
}

async function runInside(pid: number, command: readonly string[], keys = ''): Promise<PcRun> {
  const flags = ['-t', String(pid), '-m', '-u', '-i', '-p', '-n', '-C', '--'];
  const child = spawn('/usr/bin/nsenter', [...flags, ...command], {
    stdio: 'pipe',
    env: ENV,
    timeout: RUN_WITHIN_MS,
    killSignal: 'SIGKILL',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  // A program that reads nothing ends before its input is written.
  child.stdin.on('error', () => undefined).end(keys);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? -1, output };
}

/** A unit that failed is for the test to see. */
async function isUp(pc: BootedPc): Promise<boolean> {
  const { output } = await pc.run('systemctl', 'is-system-running');
  return /^(running|degraded)$/m.test(output);
}

/** PID 1 of the PC as this machine counts: the child of nspawn whose own count is 1. */
function firstOf({ pid }: ChildProcess): number | undefined {
  const read = (...path: string[]): string => {
    try {
      return readFileSync(join('/proc', ...path), 'utf8');
    } catch {
      // Gone between two looks.
      return '';
    }
  };
  const found = read(String(pid), 'task', String(pid), 'children')
    .split(' ')
    .filter((each) => each !== '')
    .find((each) => {
      const status = read(each, 'status');
      return /^NSpid:\t\d+\t1$/m.test(status) && /^Name:\tsystemd$/m.test(status);
    });
  return found === undefined ? undefined : Number(found);
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
