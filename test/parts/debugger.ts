import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { until } from '../support/processes.ts';

/** A runtime that is started, and how its own words show that it is up. */
export interface Asked {
  readonly node: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly isUp: (said: string) => boolean;
  /** It is not asked before it has one. */
  readonly hasChild?: boolean;
}

/** What Node says when its debugger listens. */
const LISTENS = /Debugger listening/;
/** Its own port is one for the whole machine: tests run beside each other. */
const ANY_PORT = '--inspect-port=0';

/** A process that was asked for Node's debugger, and its child. */
export interface Shown {
  /** Addresses that each of the processes listens on, as the kernel writes them. */
  readonly listening: () => readonly (readonly string[])[];
  /** What they have said. */
  readonly said: () => string;
  readonly isAlive: () => boolean;
}

/** Starts it and asks it, and the child that it has, for the debugger by the signal of Node's. */
export async function askForDebugger(asked: Asked): Promise<Shown> {
  const { node, args, env = {}, isUp, hasChild = false } = asked;
  const child = spawn(node, [ANY_PORT, ...args], {
    env: { PATH: '/usr/bin:/bin', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  const pid = child.pid ?? 0;
  const isThere = (): boolean => isUp(said) && (!hasChild || childrenOf(pid).length > 0);
  await until(() => !isAlive() || isThere(), `${node} is up`);
  if (!isAlive()) throw new Error(`${node} ended: ${said}`);
  const all = [pid, ...childrenOf(pid)];
  for (const each of all) process.kill(each, 'SIGUSR1');
  return { listening: () => all.map((each) => socketsOf(each)), said: () => said, isAlive };
}

/** The same for a runtime that nothing forbids it: until its debugger listens. */
export async function waitForDebugger(node: string, flags: readonly string[]): Promise<Shown> {
  const script = 'console.error("up"); setInterval(() => {}, 1000)';
  const isUp = (said: string): boolean => said.includes('up');
  const witness = await askForDebugger({ node, args: [...flags, '-e', script], isUp });
  await until(() => LISTENS.test(witness.said()), 'the debugger of the witness');
  return witness;
}

function childrenOf(pid: number): number[] {
  const found = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? [];
  return found.map(Number);
}

/** Sockets of a process that listen for TCP, by the kernel's own list. */
function socketsOf(pid: number): string[] {
  const inodes = new Set(readdirSync(`/proc/${pid}/fd`).map((fd) => inodeOf(pid, fd)));
  const LISTEN = '0A';
  return ['tcp', 'tcp6'].flatMap((name) =>
    readFileSync(`/proc/${pid}/net/${name}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === LISTEN && inodes.has(fields[9]))
      .map((fields) => fields[1] ?? ''),
  );
}

function inodeOf(pid: number, fd: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
  } catch {
    // Closed between two looks.
    return undefined;
  }
}
