import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../support/influxd.ts';
import { until } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { answers } from './cups.ts';

/** A network printer: CUPS' own IPP Everywhere printer. */
export interface IppPrinter {
  readonly uri: string;
  readonly process: ChildProcess;
  /** What its next jobs say (`STATE: +cover-open-error`, `ATTR: marker-levels=7`) and how long they take. */
  next(options: { say?: string; seconds?: number; pages?: number; exit?: number }): void;
  /** Sheets in its tray. */
  paper(sheets: number): Promise<void>;
  /** Toner in percent. */
  toner(percent: number): Promise<void>;
}

/** Starts one on a free loopback port; it goes with the test. */
export async function startIppPrinter(): Promise<IppPrinter> {
  const home = tempDir();
  const port = await freePort();
  mkdirSync(join(home, 'spool'));
  const set = (file: string, text: string): void => writeFileSync(join(home, file), text);
  const next: IppPrinter['next'] = ({ say = '', seconds = 1, pages = 1, exit = 0 }) => {
    set('say', say === '' ? '' : `${say}\n`);
    set('seconds', String(seconds));
    set('pages', String(pages));
    set('exit', String(exit));
  };
  next({});
  set(
    'print.sh',
    `#!/bin/sh
cat ${home}/say >&2
sleep "$(cat ${home}/seconds)"
n=$(cat ${home}/pages)
echo "ATTR: job-impressions=$n job-impressions-completed=$n" >&2
exit "$(cat ${home}/exit)"
`,
  );
  chmodSync(join(home, 'print.sh'), 0o755);
  // It insists on a system bus for DNS-SD; a private one with nobody on it is enough.
  const bus = `unix:path=${home}/bus`;
  const dbus = spawn('dbus-daemon', ['--session', '--nofork', `--address=${bus}`], {
    stdio: 'ignore',
  });
  onTestFinished(() => void dbus.kill('SIGKILL'));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const formats = 'application/pdf,image/pwg-raster,image/jpeg,text/plain,application/octet-stream';
  const flags = ['-p', String(port), '-n', 'localhost', '-r', 'off', '-d', join(home, 'spool')];
  const child = spawn(
    'ippeveprinter',
    [
      ...flags,
      '-k',
      '-f',
      formats,
      '-c',
      join(home, 'print.sh'),
      '-M',
      'Test',
      '-m',
      'One',
      'test',
    ],
    { stdio: 'ignore', env: { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: bus } },
  );
  onTestFinished(() => {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
  });
  await until(() => answers(port), 'ippeveprinter listens');
  const form = async (path: string): Promise<void> => {
    await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  };
  const size = 'iso_a4_210x297mm&type';
  return {
    uri: `ipp://127.0.0.1:${port}/ipp/print`,
    process: child,
    next,
    paper: (sheets) =>
      form(
        `/media?size1=${size}1=stationery&level1=${sheets}&size3=${size}3=stationery&level3=${sheets}`,
      ),
    toner: (percent) => form(`/supplies?supply0=25&supply1=${percent}`),
  };
}
