import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** A program run to its end. */
export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs a program to its end; both of its outputs in one. */
export function ran(
  program: string,
  args: readonly string[],
  how: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Ran {
  const ended = spawnSync(program, args, { ...how, encoding: 'utf8', maxBuffer: 64_000_000 });
  return { code: ended.status ?? -1, output: `${ended.stdout}${ended.stderr}` };
}

/** Runs a program that must end well. */
export function done(...given: Parameters<typeof ran>): void {
  const { code, output } = ran(...given);
  if (code !== 0)
    throw new Error(`${given[0]} ${given[1].join(' ')} ended with ${code}: ${output}`);
}

/** True where a program is installed. */
export function hasProgram(name: string): boolean {
  return ran('sh', ['-c', `command -v ${name}`]).code === 0;
}

/** Makes packages of what is built, loosely packed unless `isWhole`; answers the path of the last one. */
export function makePackage(
  kind: string,
  out: string,
  isWhole = false,
  more: readonly string[] = [],
): string {
  if (!existsSync(join(root, 'agent', 'dist', 'shipped', 'agent.mjs')))
    throw new Error('agent/dist/shipped is missing: npm run build');
  const script = join(root, 'deploy', 'package', 'package.mjs');
  const keys = more.includes('--update-root') ? [] : ['--no-updates'];
  const whole = isWhole ? [] : ['--quick'];
  const flags = ['--no-build', ...whole, ...keys, '--out', out, ...more, kind];
  // As where no language is set: tools that follow it open no folder with Cyrillic letters then.
  const env = { ...process.env, LC_ALL: 'C' };
  const { code, output } = ran(process.execPath, [script, ...flags], { env });
  const path = /^(\/.*) [\d.]+ MB$/m.exec(output)?.[1];
  if (code !== 0 || path === undefined) throw new Error(`${kind}: ${output}`);
  return path;
}

/** Builds the agent once more as another version, for `--from` and for updates; answers its folder. */
export function buildAgentAs(version: string, folder: string): string {
  const bundler = join(root, 'node_modules', 'rolldown', 'bin', 'cli.mjs');
  done(process.execPath, [bundler, '-c', 'rolldown.shipped.mjs'], {
    cwd: join(root, 'agent'),
    env: { ...process.env, PPE_PULSE_BUILD_DIR: folder, PPE_PULSE_BUILD_VERSION: version },
  });
  const text = readFileSync(join(folder, 'manifest.json'), 'utf8');
  if ((JSON.parse(text) as { version: string }).version !== version)
    throw new Error(`${folder} is not of version ${version}`);
  return folder;
}

export function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Everything below a folder by path, files and folders, sorted; below those that are named nothing. */
export function everythingIn(folder: string, without: readonly string[] = []): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !without.some((each) => path === each || path.startsWith(`${each}/`)))
    .toSorted();
}
