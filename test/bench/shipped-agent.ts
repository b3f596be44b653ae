import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import type { Collector } from '../../server/src/collector.ts';
import { enrolled } from '../support/agent-process.ts';
import { commands } from '../support/processes.ts';

/** V8 flags of the shipped service: an idle process otherwise keeps what it once needed. */
const FLAGS = [
  '--jitless',
  '--optimize-for-size',
  '--max-semi-space-size=1',
  '--max-old-space-size=48',
];

/** A Node and the flags that it is started with. */
export interface Runtime {
  readonly name: string;
  readonly node: string;
  readonly flags: readonly string[];
}

/** This machine's Node as it is, for comparison. */
export const ownRuntime: Runtime = {
  name: `Node ${process.versions.node}, no flags`,
  node: process.execPath,
  flags: [],
};

/** The runtime that is shipped, from the npm registry; this machine's where it cannot be had. */
export function shippedRuntime(): Runtime {
  const found = spawnSync('npx', ['--yes', '-p', 'node@24', '-c', 'command -v node'], {
    encoding: 'utf8',
    timeout: 120_000,
  });
  const node = found.stdout.trim().split('\n').at(-1) ?? '';
  if (found.status !== 0 || !existsSync(node))
    return {
      name: `Node ${process.versions.node}, shipped flags`,
      node: process.execPath,
      flags: FLAGS,
    };
  return { name: 'Node 24, shipped flags', node, flags: FLAGS };
}

/** An enrolled agent that runs as a service would; it is killed with the test. */
export interface RunningAgent {
  readonly id: string;
  readonly process: ChildProcess;
}

/** Starts one for an organizer's room, with these settings. */
export async function startAgent(
  collector: Collector,
  runtime: Runtime,
  settings: object,
): Promise<RunningAgent> {
  const place = { role: 'organizer', roomCode: '0012' };
  const { config, id } = await enrolled(collector, settings, place);
  const child = spawn(runtime.node, [...runtime.flags, commands.agent, 'run', '--config', config], {
    stdio: 'ignore',
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', TZ: 'UTC' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { id, process: child };
}
