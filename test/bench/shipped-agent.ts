import { spawn, type ChildProcess } from 'node:child_process';
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

/** The runtime that is shipped, as the bench found it; this machine's where it cannot be had. */
export function shippedRuntime(): Runtime {
  const node = process.env.PPE_PULSE_BENCH_NODE ?? '';
  return node === ''
    ? { name: `Node ${process.versions.node}, shipped flags`, node: process.execPath, flags: FLAGS }
    : { name: 'Node 24, shipped flags', node, flags: FLAGS };
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
