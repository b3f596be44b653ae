import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { until } from './processes.ts';
import { tempDir } from './temp-dir.ts';

/** A system of its own: systemd as process 1 over a copy of this machine's files, without Node. */
export interface BootedTree {
  /** Its root as this process sees it. */
  readonly path: string;
  /** Runs a shell's line in it as root. */
  run(line: string, input?: string): Promise<{ code: number | null; output: string }>;
}

const NSPAWN = '/usr/bin/systemd-nspawn';
/** What this machine starts by itself is nothing of an exam PC's. */
const OWN_UNITS = 'etc/systemd/system';
const ENVIRONMENT = ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8', 'HOME=/root'];
const BOOT_MS = 60_000;

/** True where one can be booted: as root, with nspawn, with file systems laid over each other. */
export function canBootTrees(): boolean {
  if (process.getuid?.() !== 0 || !existsSync(NSPAWN)) return false;
  return readFileSync('/proc/filesystems', 'utf8').includes('\toverlay');
}

/** Boots one; it is switched off and forgotten with the test. It shares the network of this machine. */
export async function bootTree(): Promise<BootedTree> {
  const path = layOver();
  const booting = spawn(
    NSPAWN,
    ['-D', path, '--boot', '--register=no', '--keep-unit', '--console=read-only'],
    {
      stdio: 'ignore',
      env: { PATH: process.env.PATH ?? '', SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '0' },
    },
  );
  let first: number | undefined;
  onTestFinished(async () => {
    // The end of its process 1 ends all that it started, and nspawn with it.
    if (first === undefined) booting.kill('SIGKILL');
    else spawnSync('kill', ['-9', String(first)]);
    await until(() => booting.exitCode !== null || booting.signalCode !== null, 'nspawn ends');
  });
  first = await firstProcessOf(booting.pid ?? 0);
  const enter = ['-t', String(first), '-m', '-u', '-i', '-p', '--', '/usr/bin/env', '-i'];
  const tree: BootedTree = {
    path,
    run: async (line, input = '') => {
      const child = spawn('/usr/bin/nsenter', [...enter, ...ENVIRONMENT, 'sh', '-c', line], {
        stdio: 'pipe',
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => (output += text));
      child.stdin.on('error', () => undefined).end(input);
      const code = await new Promise<number | null>((done) => child.once('close', done));
      return { code, output };
    },
  };
  await until(
    async () => (await tree.run('systemctl is-active multi-user.target')).code === 0,
    'systemd has booted',
    BOOT_MS,
  );
  return tree;
}

/** The files of this machine below, what is changed above in memory. */
function layOver(): string {
  const home = tempDir();
  const [memory, path] = [join(home, 'memory'), join(home, 'tree')];
  mkdirSync(memory);
  mkdirSync(path);
  mount(['-t', 'tmpfs', 'tmpfs', memory]);
  const [upper, work] = [join(memory, 'upper'), join(memory, 'work')];
  mkdirSync(upper);
  mkdirSync(work);
  mount(['-t', 'overlay', 'overlay', '-o', `lowerdir=/,upperdir=${upper},workdir=${work}`, path]);
  writeFileSync(join(path, 'etc', 'machine-id'), '');
  for (const name of readdirSync(join(path, OWN_UNITS)))
    rmSync(join(path, OWN_UNITS, name), { recursive: true });
  for (const name of ['node', 'npm', 'npx'])
    rmSync(join(path, 'usr', 'bin', name), { force: true });
  rmSync(join(path, 'usr', 'local', 'bin', 'node'), { force: true });
  return path;
}

function mount(args: readonly string[]): void {
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`mount ${args.join(' ')}: ${stderr}`);
  onTestFinished(() => void spawnSync('umount', ['-l', args.at(-1) ?? '']));
}

/** Process 1 of the tree: the child of nspawn that counts itself so. Before it there is a helper. */
async function firstProcessOf(pid: number): Promise<number> {
  const find = (): string | undefined =>
    readProc(`${pid}/task/${pid}/children`)
      .split(' ')
      .find((each) => {
        const status = each === '' ? '' : readProc(`${each}/status`);
        return /^NSpid:\t\d+\t1$/m.test(status) && /^Name:\tsystemd$/m.test(status);
      });
  await until(() => find() !== undefined, 'nspawn starts a system', BOOT_MS);
  return Number(find());
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8').trim();
  } catch {
    // It ended between two looks.
    return '';
  }
}
