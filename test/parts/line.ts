import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { hasPart } from '../support/has-part.ts';

/** A line between two ends that nobody else is on: the PC is `near`, the server is `far`. */
export interface Line {
  readonly nearAddress: string;
  readonly farAddress: string;
  /**
   * Shapes both directions, Mbit/s; undefined lets everything through. Counted are IP packets, on a
   * line without delay also their 14 bytes of Ethernet.
   */
  rate(megabits: number | undefined): void;
  /** Packets dropped at random in each direction, percent. */
  loss(percent: number): void;
  /** Pulls the plug of the far end. */
  cut(): void;
  join(): void;
  /** One way; only of a line that was opened with `delayMs`. */
  delay(delayMs: number, jitterMs?: number): void;
  /** Starts a Node script at one end; it ends with the test. Its output is JSON lines. */
  run(end: LineEnd, script: string, args: readonly string[]): LineScript;
  /** Starts any command at one end. */
  start(end: LineEnd, command: string, args: readonly string[]): LineScript;
}

export type LineEnd = 'near' | 'far';

/** A script at one end of the line. */
export interface LineScript {
  readonly process: ChildProcess;
  /** The next JSON line that was not taken yet; rejects when the script ends before. */
  next(): Promise<unknown>;
  /** Writes a JSON line to the script's stdin. */
  tell(message: unknown): void;
  errors(): string;
}

export interface LineOptions {
  /** One way. Without it the line is a veth pair and has the delay of the kernel, about 0.1 ms. */
  readonly delayMs?: number;
  readonly jitterMs?: number;
}

interface Ends {
  readonly namespace: Readonly<Record<LineEnd, string>>;
  readonly device: Readonly<Record<LineEnd, string>>;
  readonly address: Readonly<Record<LineEnd, string>>;
}

/** Longer than any test, so that a killed runner leaves nothing behind for long. */
const LIFE_S = 150;
const ends: readonly LineEnd[] = ['near', 'far'];
/** Where Debian has them. */
const IP = '/usr/bin/ip';
const PYTHON = '/usr/bin/python3';
const tools = ['/dev/net/tun', IP, PYTHON, '/usr/sbin/tc', '/usr/sbin/nft'];

/** True when lines can be made: root and tools. In CI their absence is a failure, not a skip. */
export function hasLine(): boolean {
  const isThere = process.getuid?.() === 0 && tools.every((path) => existsSync(path));
  return hasPart(isThere, 'a line (ip, tc, nft, run as root)');
}

/**
 * Makes a line: two network namespaces, joined by a veth pair or, with a delay, by two TUN devices
 * and a process between them; TBF for the rate, nft for the loss. TCP is CUBIC, as of most servers
 * and Windows: BBR would hide loss. All of it goes with the test, also when that fails.
 */
export async function openLine(options: LineOptions = {}): Promise<Line> {
  const id = randomBytes(3).toString('hex');
  const isDelayed = options.delayMs !== undefined;
  const subnet = isDelayed ? '10.98.1' : '10.99.1';
  const made: Ends = {
    namespace: { near: `pulse-near-${id}`, far: `pulse-far-${id}` },
    device: { near: `pln${id}`, far: `plf${id}` },
    address: { near: `${subnet}.1`, far: `${subnet}.2` },
  };
  const { namespace } = made;
  const guard = spawn(
    'bash',
    [part('line-guard.sh'), String(LIFE_S), namespace.near, namespace.far],
    { stdio: ['pipe', 'ignore', 'ignore'] },
  );
  const guarded = once(guard, 'exit');
  onTestFinished(async () => {
    guard.stdin.end();
    await guarded;
  });
  for (const end of ends) {
    ip('netns', 'add', namespace[end]);
    ip('-n', namespace[end], 'link', 'set', 'lo', 'up');
    nft(made, end, 'add table inet line');
    nft(made, end, 'add chain inet line input { type filter hook input priority 0; }');
  }
  const tun = isDelayed ? await openTuns(made, options) : undefined;
  if (!isDelayed) openVeths(made);
  for (const end of ends) useCubic(made, end);
  return lineOf(made, tun);
}

/** Absolute path of a file beside this one. */
export function part(name: string): string {
  return join(import.meta.dirname, name);
}

function lineOf(made: Ends, tun: ChildProcess | undefined): Line {
  const start = (end: LineEnd, command: string, args: readonly string[]): LineScript =>
    startAt(made.namespace[end], command, args);
  return {
    nearAddress: made.address.near,
    farAddress: made.address.far,
    rate: (megabits) => {
      for (const end of ends) shape(made, end, megabits);
    },
    loss: (percent) => {
      for (const end of ends) {
        nft(made, end, 'flush chain inet line input');
        if (percent === 0) continue;
        const share = percent < 100 ? `numgen random mod 10000 < ${Math.round(percent * 100)}` : '';
        nft(made, end, `add rule inet line input iifname ${made.device[end]} ${share} drop`);
      }
    },
    cut: () => ip('-n', made.namespace.far, 'link', 'set', made.device.far, 'down'),
    join: () => {
      ip('-n', made.namespace.far, 'link', 'set', made.device.far, 'up');
      // Routes went with the device, and the system's new one has the system's congestion control.
      useCubic(made, 'far');
    },
    delay: (delayMs, jitterMs = 0) => {
      if (!tun) throw new Error('this line has no delay: open it with delayMs');
      tun.stdin?.write(`${delayMs} ${jitterMs}\n`);
    },
    run: (end, script, args) => start(end, process.execPath, [part(script), ...args]),
    start,
  };
}

function openVeths({ namespace, device, address }: Ends): void {
  const peer = ['peer', 'name', device.far, 'netns', namespace.far];
  ip('link', 'add', device.near, 'netns', namespace.near, 'type', 'veth', ...peer);
  for (const end of ends) {
    ip('-n', namespace[end], 'addr', 'add', `${address[end]}/24`, 'dev', device[end]);
    // One packet at a time: loss would otherwise take 64 KB in one go.
    ip('-n', namespace[end], 'link', 'set', device[end], 'gso_max_segs', '1');
    ip('-n', namespace[end], 'link', 'set', device[end], 'up');
  }
}

async function openTuns(made: Ends, options: LineOptions): Promise<ChildProcess> {
  const { namespace, device } = made;
  const flags = [options.delayMs ?? 0, options.jitterMs ?? 0, LIFE_S].map(String);
  const ofEnds = [namespace.near, namespace.far, device.near, device.far];
  const tun = spawn(PYTHON, [part('slow-link.py'), ...ofEnds, ...flags], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  tun.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  onTestFinished(() => void tun.kill('SIGKILL'));
  await Promise.race([
    once(tun.stdout, 'data'),
    once(tun, 'exit').then(() => {
      throw new Error(`slow-link.py ended: ${errors}`);
    }),
  ]);
  return tun;
}

function useCubic({ namespace, device, address }: Ends, end: LineEnd): void {
  const to = end === 'near' ? address.far : address.near;
  ip('-n', namespace[end], 'route', 'replace', to, 'dev', device[end], 'congctl', 'cubic');
}

function shape({ namespace, device }: Ends, end: LineEnd, megabits: number | undefined): void {
  const at = ['netns', 'exec', namespace[end], 'tc', 'qdisc'];
  if (megabits === undefined) {
    ip(...at, 'replace', 'dev', device[end], 'root', 'pfifo', 'limit', '1000');
    return;
  }
  // 3 ms of the rate and two packets at least: a deep bucket makes the beginning too fast.
  const burst = Math.max(3_200, Math.round((megabits * 1e6 * 0.003) / 8));
  const tbf = ['tbf', 'rate', `${megabits}mbit`, 'burst', `${burst}`, 'latency', '100ms'];
  ip(...at, 'replace', 'dev', device[end], 'root', ...tbf);
}

function startAt(namespace: string, command: string, args: readonly string[]): LineScript {
  const child = spawn(IP, ['netns', 'exec', namespace, command, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', TZ: 'UTC' },
  });
  // `ip netns exec` becomes the command: the pid is the script's own.
  onTestFinished(() => void child.kill('SIGKILL'));
  let errors = '';
  let rest = '';
  let hasEnded = false;
  const lines: string[] = [];
  let wake = (): void => undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const found = (rest + text).split('\n');
    rest = found.pop() ?? '';
    lines.push(...found);
    wake();
  });
  child.once('close', () => {
    hasEnded = true;
    wake();
  });
  return {
    process: child,
    errors: () => errors,
    tell: (message) => void child.stdin.write(`${JSON.stringify(message)}\n`),
    next: async () => {
      while (lines.length === 0) {
        if (hasEnded) throw new Error(`${command} ${args.join(' ')} ended: ${errors}`);
        await new Promise<void>((resolve) => (wake = resolve));
      }
      return JSON.parse(lines.shift() ?? '') as unknown;
    },
  };
}

function nft({ namespace }: Ends, end: LineEnd, rule: string): void {
  ip('netns', 'exec', namespace[end], 'nft', rule);
}

function ip(...args: string[]): void {
  execFileSync(IP, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
