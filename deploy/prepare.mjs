/** Installing packages and building, each only when something changed. Plain Node, no packages. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const workspaces = ['protocol', 'agent', 'server', 'board'];

/** `npm ci` when packages are missing or older than the lock. */
export function installIfNeeded(root) {
  const installed = timeOf(join(root, 'node_modules', '.package-lock.json'));
  if (installed >= timeOf(join(root, 'package-lock.json'))) return;
  console.log('installing packages…');
  // No package here needs a script to run: prebuilt binaries come inside the packages.
  run(root, 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Compiles and bundles when any source is newer than the last build. */
export function buildIfNeeded(root) {
  const stamp = join(root, 'node_modules', '.cache', 'ppe-pulse', 'built');
  const sources = workspaces.flatMap((name) => [
    join(root, name, 'src'),
    join(root, name, 'package.json'),
    join(root, name, 'tsconfig.json'),
    join(root, name, 'index.html'),
    join(root, name, 'hq.html'),
    join(root, name, 'vite.config.ts'),
    join(root, name, 'rolldown.config.mjs'),
    join(root, name, 'rolldown.shipped.mjs'),
    join(root, name, 'rolldown.instead.mjs'),
    join(root, name, 'rolldown.left-out.mjs'),
  ]);
  const newest = Math.max(...[...sources, join(root, 'tsconfig.json')].map(newestIn));
  const outputs = [
    'server/dist/bundle/main.js',
    'agent/dist/bundle/main.js',
    'agent/dist/shipped/agent.mjs',
    'agent/dist/shipped/launcher.mjs',
    'board/dist/index.html',
    'board/dist/hq.html',
  ];
  const isComplete = outputs.every((path) => existsSync(join(root, path)));
  if (isComplete && timeOf(stamp) > newest) return;
  console.log('building…');
  run(root, process.execPath, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    '-b',
    ...workspaces,
  ]);
  const bundler = join(root, 'node_modules', 'rolldown', 'bin', 'cli.mjs');
  const bundles = [
    ['agent', 'rolldown.config.mjs'],
    ['agent', 'rolldown.shipped.mjs'],
    ['server', 'rolldown.config.mjs'],
  ];
  for (const [workspace, config] of bundles)
    run(join(root, workspace), process.execPath, [bundler, '-c', config], 'quiet');
  // The board's page, then the one of the Штаб into the same folder.
  for (const mode of ['production', 'hq']) {
    run(join(root, 'board'), process.execPath, [
      join(root, 'node_modules', 'vite', 'bin', 'vite.js'),
      'build',
      '--mode',
      mode,
      '--logLevel',
      'warn',
    ]);
  }
  mkdirSync(join(stamp, '..'), { recursive: true });
  writeFileSync(stamp, '');
}

/** Runs a command and ends this process with its code when it fails. `quiet` shows errors only. */
export function run(cwd, command, args, output = 'shown') {
  const isWindowsNpm = process.platform === 'win32' && command === 'npm';
  const ended = spawnSync(isWindowsNpm ? 'npm.cmd' : command, args, {
    cwd,
    stdio: output === 'quiet' ? ['ignore', 'ignore', 'inherit'] : 'inherit',
    shell: isWindowsNpm,
  });
  if (ended.status === 0) return;
  console.error(`${[command, ...args].join(' ')} failed (${ended.error?.message ?? ended.status})`);
  process.exit(ended.status ?? 1);
}

function newestIn(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
