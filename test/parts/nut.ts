import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../support/influxd.ts';
import { hasPart } from '../support/has-part.ts';
import { until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { answers } from './cups.ts';

/** Variables of a UPS by NUT's names. */
export type UpsVariables = Readonly<Record<string, string | number>>;

/** NUT's real server with UPSes that are only files. */
export interface Nut {
  readonly host: string;
  readonly port: number;
  /** Writes a UPS's variables anew; its driver reads them within 2 s. */
  set(ups: string, variables: UpsVariables): void;
  /** The driver of one UPS. */
  driver(ups: string): ChildProcess;
  readonly server: ChildProcess;
}

const SERVER = '/lib/nut/upsd';
const DRIVER = '/lib/nut/dummy-ups';
/** Variables older than this are stale to upsd. */
const MAX_AGE_SECONDS = 3;

/** True where Debian's nut-server is installed. */
export function hasNut(): boolean {
  return hasPart(existsSync(SERVER) && existsSync(DRIVER), 'nut-server');
}

/** Starts upsd and a driver for each UPS in a folder of their own; they end with the test. */
export async function startNut(all: Readonly<Record<string, UpsVariables>>): Promise<Nut> {
  const home = tempDir();
  const port = await freePort();
  let second = 0;
  const set = (ups: string, variables: UpsVariables): void => {
    const lines = Object.entries(variables).map(([name, value]) => `${name}: ${value}\n`);
    const path = join(home, `${ups}.dev`);
    writeFileSync(`${path}.new`, lines.join(''));
    // The driver reads a file again when it is of another second, and takes it as it is then.
    second = Math.max(second + 1, Math.floor(Date.now() / 1_000));
    utimesSync(`${path}.new`, second, second);
    renameSync(`${path}.new`, path);
  };
  for (const [ups, variables] of Object.entries(all)) set(ups, variables);
  const sections = Object.keys(all).map(
    (ups) =>
      `[${ups}]\n  driver = dummy-ups\n  port = ${ups}.dev\n  mode = dummy-once\n  pollinterval = 1\n  desc = "In the cupboard"\n`,
  );
  const secret = { mode: 0o640 };
  writeFileSync(join(home, 'ups.conf'), sections.join(''), secret);
  writeFileSync(
    join(home, 'upsd.conf'),
    `LISTEN 127.0.0.1 ${port}\nMAXAGE ${MAX_AGE_SECONDS}\nSTATEPATH ${home}\n`,
    secret,
  );
  writeFileSync(join(home, 'upsd.users'), '', secret);
  const start = (program: string, ...flags: readonly string[]): ChildProcess => {
    const asRoot = process.getuid?.() === 0 ? ['-u', 'root'] : [];
    const child = spawn(program, [...flags, ...asRoot, '-F'], {
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH ?? '',
        NUT_CONFPATH: home,
        NUT_STATEPATH: home,
        NUT_ALTPIDPATH: home,
      },
    });
    const ended = once(child, 'exit');
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    return child;
  };
  const drivers = new Map(Object.keys(all).map((ups) => [ups, start(DRIVER, '-a', ups)]));
  const sockets = [...drivers.keys()].map((ups) => join(home, `dummy-ups-${ups}`));
  await until(() => sockets.every((each) => existsSync(each)), 'the drivers are up');
  const server = start(SERVER);
  await until(() => answers(port), 'upsd listens');
  return {
    host: '127.0.0.1',
    port,
    set,
    server,
    driver: (ups) => {
      const child = drivers.get(ups);
      if (!child) throw new Error(`no driver of ${ups}`);
      return child;
    },
  };
}
