import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import type { Child } from '../support/processes.ts';
import { part } from './line.ts';

/** Machines of a ППЭ and of the situation centre, each a network namespace of the test's own. */
export const machines = ['centre', 'hq', 'room', 'stranger'] as const;
export type Machine = (typeof machines)[number];

/** The centre and the Штаб are on one line; Штаб, room and a stranger on the LAN of the ППЭ. */
export const addresses = {
  centre: '10.97.1.1',
  hqUplink: '10.97.1.2',
  hq: '10.97.2.1',
  room: '10.97.2.12',
  stranger: '10.97.2.66',
} as const;

/** Runs programs on the machines. */
export interface Lan {
  /** Starts a program there; it ends with the test. */
  start(machine: Machine, command: string, args: readonly string[]): Child;
  /** Runs a program there to its end. */
  run(machine: Machine, command: string, args: readonly string[]): Promise<Ran>;
  /** Name of its network namespace, for what runs in it by other means. */
  spaceOf(machine: Machine): string;
  /** The stranger takes the Штаб's address on the LAN, or gives it back. */
  impersonate(isOn: boolean): void;
}

/** How a program ended. */
export interface Ran {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Longer than most tests: a killed runner leaves nothing behind for long. */
const LIFE_S = 300;
const IP = '/usr/bin/ip';

/**
 * Makes the machines and their cables. All of it goes with the test, also when that fails, and after
 * `lifeS` seconds whatever happens.
 */
export async function openLan(lifeS = LIFE_S): Promise<Lan> {
  const id = randomBytes(3).toString('hex');
  const spaceOf = (name: string): string => `pulse-${name}-${id}`;
  const names = [...machines, 'switch'];
  const guard = spawn('bash', [part('line-guard.sh'), String(lifeS), ...names.map(spaceOf)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const guarded = once(guard, 'exit');
  onTestFinished(async () => {
    guard.stdin.end();
    await guarded;
  });
  for (const name of names) {
    ip('netns', 'add', spaceOf(name));
    ip('-n', spaceOf(name), 'link', 'set', 'lo', 'up');
  }
  const inSwitch = ['-n', spaceOf('switch')];
  ip(...inSwitch, 'link', 'add', 'lan', 'type', 'bridge');
  ip(...inSwitch, 'link', 'set', 'lan', 'up');
  cable(spaceOf('centre'), spaceOf('hq'), 'uplink');
  give(spaceOf('centre'), 'uplink', addresses.centre);
  give(spaceOf('hq'), 'uplink', addresses.hqUplink);
  for (const machine of ['hq', 'room', 'stranger'] as const) {
    const port = `p-${machine}`;
    ip('-n', spaceOf(machine), 'link', 'add', 'lan', 'type', 'veth', 'peer', port);
    ip('-n', spaceOf(machine), 'link', 'set', port, 'netns', spaceOf('switch'));
    ip(...inSwitch, 'link', 'set', port, 'master', 'lan', 'up');
    give(spaceOf(machine), 'lan', addresses[machine]);
  }
  const start = (machine: Machine, command: string, args: readonly string[]): Child =>
    startIn(spaceOf(machine), command, args);
  return {
    start,
    spaceOf,
    run: async (machine, command, args) => {
      const child = start(machine, command, args);
      const code = await child.ended;
      return { code, output: child.output(), errors: child.errors() };
    },
    impersonate: (isOn) => {
      const [taker, giver] = isOn ? ['stranger', 'hq'] : ['hq', 'stranger'];
      ip('-n', spaceOf(giver), 'addr', 'del', `${addresses.hq}/24`, 'dev', 'lan');
      ip('-n', spaceOf(taker), 'addr', 'add', `${addresses.hq}/24`, 'dev', 'lan');
      // The room still knows the other card by this address.
      ip('-n', spaceOf('room'), 'neigh', 'flush', 'dev', 'lan');
    },
  };
}

function cable(from: string, to: string, name: string): void {
  ip('-n', from, 'link', 'add', name, 'type', 'veth', 'peer', name, 'netns', to);
}

function give(space: string, device: string, address: string): void {
  ip('-n', space, 'addr', 'add', `${address}/24`, 'dev', device);
  ip('-n', space, 'link', 'set', device, 'up');
}

function startIn(space: string, command: string, args: readonly string[]): Child {
  // `ip netns exec` becomes the command: the pid is the program's own.
  const child = spawn(IP, ['netns', 'exec', space, command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', TZ: 'UTC' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return {
    process: child,
    output: () => output,
    errors: () => errors,
    ended: once(child, 'close').then(([code]) => (typeof code === 'number' ? code : -1)),
    kill: (signal = 'SIGKILL') => void child.kill(signal),
  };
}

function ip(...args: string[]): void {
  execFileSync(IP, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
