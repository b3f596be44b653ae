import { readFile } from 'node:fs/promises';
import type { ReadProcessUse } from '../../platform/process-watch.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import { isZombie } from './process-state.ts';

/** Which process to watch. */
export interface WatchedApp {
  readonly pid?: number;
  /** A file with the pid as its text, read at every measurement: the program may be restarted. */
  readonly pidFile?: string;
}

/** The exam program's process: does it run, and what does it take. */
export class AppProbe implements Probe {
  readonly name = 'app';
  readonly family = 'app';
  readonly periodMs = 10_000;
  /** On Windows a protected program is looked at by PowerShell, rarely. */
  readonly deadlineMs = 9_500;
  readonly #app: WatchedApp;
  readonly #use: ReadProcessUse;

  constructor(app: WatchedApp, use: ReadProcessUse) {
    this.#app = app;
    this.#use = use;
  }

  async measure(): Promise<ProbeOutcome> {
    if (this.#app.pid === undefined && this.#app.pidFile === undefined) return { kind: 'nothing' };
    const pid = this.#app.pid ?? (await readPid(this.#app.pidFile ?? ''));
    const isThere = pid !== undefined && !(await isZombie(pid));
    const use = isThere ? await this.#use(pid) : undefined;
    // A process that is not there was looked for and not found: measured, and bad.
    if (!use) return { kind: 'measured', metrics: { 'app.running.count': 0 } };
    return {
      kind: 'measured',
      metrics: {
        'app.running.count': 1,
        ...(use.cpuRatio === undefined ? {} : { 'app.cpu.ratio': use.cpuRatio }),
        ...(use.rssBytes === undefined ? {} : { 'app.rss.bytes': use.rssBytes }),
      },
    };
  }
}

async function readPid(path: string): Promise<number | undefined> {
  try {
    const pid = Number((await readFile(path, 'utf8')).trim());
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    // No file: the program has not started, or has removed it at its end.
    return undefined;
  }
}
