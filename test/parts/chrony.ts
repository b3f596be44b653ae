import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import type { Line } from './line.ts';
import { hasPart } from '../support/has-part.ts';

/** A time server of the test. */
export interface Chrony {
  readonly host: string;
  readonly port: number;
}

export interface ChronyOptions {
  /** Seconds that the server is ahead of the machine; behind it when negative. */
  readonly aheadSeconds?: number;
  /** At the far end of a line instead of on loopback. */
  readonly line?: Line;
  /** False for a server that admits that its clock is not set. */
  readonly isSynchronised?: boolean;
}

const CHRONYD = '/usr/sbin/chronyd';
const FAKETIME = 'faketime/libfaketime.so.1';
const LIBRARIES = '/usr/lib';
/** Time servers of a line have it for themselves. */
const PORT_ON_LINE = 11_123;

/** True when a time server can be started. In CI its absence is a failure, not a skip. */
export function hasChrony(): boolean {
  const isThere =
    process.getuid?.() === 0 && existsSync(CHRONYD) && faketimeLibrary() !== undefined;
  return hasPart(isThere, 'chrony with faketime, run as root,');
}

/**
 * Debian's chronyd, answering by the machine's clock or one that faketime moves. It sets no clock
 * (`-x`) and is killed with the test.
 */
export async function startChrony(options: ChronyOptions = {}): Promise<Chrony> {
  const { aheadSeconds = 0, line, isSynchronised = true } = options;
  const host = line?.farAddress ?? '127.0.0.1';
  const port = line ? PORT_ON_LINE : await freeUdpPort();
  const directory = tempDir();
  const config = join(directory, 'chrony.conf');
  const local = isSynchronised ? ['local stratum 8'] : [];
  const pidFile = `pidfile ${join(directory, 'chronyd.pid')}`;
  writeFileSync(
    config,
    [...local, `port ${port}`, `bindaddress ${host}`, 'allow all', 'cmdport 0', pidFile, ''].join(
      '\n',
    ),
  );
  // Not the command `faketime`: that stays a parent, and killing it leaves chronyd behind.
  const shift = `FAKETIME=${aheadSeconds < 0 ? '' : '+'}${aheadSeconds}s`;
  const env = aheadSeconds === 0 ? [] : [`LD_PRELOAD=${faketimeLibrary() ?? ''}`, shift];
  const args = [...env, CHRONYD, '-x', '-d', '-u', 'root', '-f', config];
  const child = line ? line.start('far', 'env', args).process : startHere('env', args);
  let log = '';
  child.stderr?.on('data', (text: Buffer) => (log += text.toString()));
  child.stdout?.on('data', (text: Buffer) => (log += text.toString()));
  await until(() => log.includes('starting') || child.exitCode !== null, 'chronyd starts');
  if (child.exitCode !== null) throw new Error(`chronyd ended: ${log}`);
  return { host, port };
}

/** A UDP port of loopback that nobody has now. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** In the folder of the machine's architecture. */
function faketimeLibrary(): string | undefined {
  return readdirSync(LIBRARIES)
    .map((each) => join(LIBRARIES, each, FAKETIME))
    .find((each) => existsSync(each));
}

function startHere(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
