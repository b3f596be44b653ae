import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** The compiled commands; tests of processes run what people run. */
export const commands = {
  collector: join(root, 'server', 'dist', 'bundle', 'main.js'),
  agent: join(root, 'agent', 'dist', 'bundle', 'main.js'),
  up: join(root, 'deploy', 'up.mjs'),
} as const;

/** A child process of a test and what it printed. */
export interface Child {
  readonly process: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  /** Resolves with the exit code, −1 for a signal. */
  readonly ended: Promise<number>;
  kill(signal?: NodeJS.Signals): void;
}

/** Starts a command; it is killed with the test, also when that fails. */
export function start(
  script: string,
  flags: readonly string[],
  env: Record<string, string> = {},
): Child {
  if (!existsSync(script)) throw new Error(`${script} is missing: npm run build`);
  const child = spawn(process.execPath, [script, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...env },
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return {
    process: child,
    output: () => output,
    errors: () => errors,
    ended: once(child, 'close').then(([code]) => (typeof code === 'number' ? code : -1)),
    kill: (signal = 'SIGKILL') => void child.kill(signal),
  };
}

/** Runs a command to its end. */
export async function runToEnd(
  script: string,
  flags: readonly string[],
  env: Record<string, string> = {},
) {
  const child = start(script, flags, env);
  const code = await child.ended;
  return { code, output: child.output(), errors: child.errors() };
}

/** A collector answers 1,200 requests a minute to one address. */
const POLL_MS = 60;

/** Polls until `condition` holds or says what did not come. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  withinMs = 45_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not in ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Address and token of a collector process, once it listens. */
export async function listening(
  dataDir: string,
  child: Child,
): Promise<{ url: string; adminToken: string }> {
  const read = (name: string): string => {
    const path = join(dataDir, name);
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  };
  await until(
    () => child.errors().includes('collector is up') || child.process.exitCode !== null,
    'the collector listens',
  );
  if (child.process.exitCode !== null) throw new Error(`the collector ended: ${child.errors()}`);
  return { url: read('collector.address'), adminToken: read('admin.token') };
}
