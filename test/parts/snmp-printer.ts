import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chmodSync, existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { hasPart } from '../support/has-part.ts';

/** True where Debian's snmpsim is installed. */
export const hasSnmpSimulator = hasPart(existsSync('/usr/bin/snmpsimd'), 'snmpsim');

/** What the simulated printer says of itself. */
export interface SnmpState {
  /** `hrPrinterDetectedErrorState`, two bytes in hex. */
  readonly errorBits: string;
  /** `hrDeviceStatus`: 2 running, 3 warning, 5 down. */
  readonly device: number;
  /** `hrPrinterStatus`: 3 idle, 4 printing, 1 other. */
  readonly printer: number;
  readonly cover: number;
  readonly tonerPercent: number;
  /** Sheets; −3 is «some». */
  readonly tray: number;
  readonly lifeCount: number;
}

export const goodPrinter: SnmpState = {
  errorBits: '0000',
  device: 2,
  printer: 3,
  cover: 4,
  tonerPercent: 62,
  tray: 250,
  lifeCount: 15_321,
};

/** A printer with the Printer-MIB, by snmpsim. */
export interface SnmpPrinter {
  readonly port: number;
  readonly community: string;
  /** Takes effect with the next request. */
  be(state: Partial<SnmpState>): void;
  kill(): void;
}

/** Starts one on a free loopback port; it goes with the test. */
export async function startSnmpPrinter(): Promise<SnmpPrinter> {
  const home = tempDir();
  const port = await freeUdpPort();
  chmodSync(home, 0o755);
  for (const folder of ['data', 'cache']) mkdirSync(join(home, folder));
  chmodSync(join(home, 'cache'), 0o777);
  const path = join(home, 'data', 'printer.snmprec');
  let versions = 0;
  const be = (state: Partial<SnmpState>): void => {
    writeFileSync(path, recording({ ...goodPrinter, ...state }));
    // The simulator looks at whole seconds of the file's time: two changes in one must differ.
    versions += 1;
    const atSeconds = Math.floor(Date.now() / 1_000) + 10 * versions;
    utimesSync(path, atSeconds, atSeconds);
  };
  be({});
  const flags = [
    `--data-dir=${join(home, 'data')}`,
    `--cache-dir=${join(home, 'cache')}`,
    `--agent-udpv4-endpoint=127.0.0.1:${port}`,
    '--process-user=nobody',
    '--process-group=nogroup',
  ];
  const child = spawn('snmpsimd', flags, { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ask = ['-v2c', '-c', 'printer', '-t', '0.5', '-r', '0', `127.0.0.1:${port}`];
  await until(
    () => spawnSync('snmpget', [...ask, '1.3.6.1.2.1.1.3.0']).status === 0,
    'snmpsim answers',
    30_000,
  );
  return { port, community: 'printer', be, kill: () => void child.kill('SIGKILL') };
}

/** Numbers have a fixed width: the simulator sees a change by itself while the length stays. */
function recording(state: SnmpState): string {
  const rows: [string, string, string | number][] = [
    ['1.3.6.1.2.1.1.1.0', '4', 'Test printer'],
    ['1.3.6.1.2.1.1.3.0', '67', '123456'],
    ['1.3.6.1.2.1.25.3.2.1.5.1', '2', state.device],
    ['1.3.6.1.2.1.25.3.5.1.1.1', '2', state.printer],
    ['1.3.6.1.2.1.25.3.5.1.2.1', '4x', state.errorBits],
    ['1.3.6.1.2.1.43.6.1.1.3.1.1', '2', state.cover],
    ['1.3.6.1.2.1.43.8.2.1.10.1.1', '2', fixed(state.tray, 4)],
    ['1.3.6.1.2.1.43.10.2.1.4.1.1', '65', fixed(state.lifeCount, 8)],
    ['1.3.6.1.2.1.43.11.1.1.8.1.1', '2', '100'],
    ['1.3.6.1.2.1.43.11.1.1.9.1.1', '2', fixed(state.tonerPercent, 4)],
  ];
  return rows.map((row) => `${row.join('|')}\n`).join('');
}

function fixed(value: number, digits: number): string {
  const sign = value < 0 ? '-' : '';
  return sign + String(Math.abs(value)).padStart(digits - sign.length, '0');
}

function freeUdpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.on('error', reject);
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}
