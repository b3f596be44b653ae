import { readFile } from 'node:fs/promises';
import type { ProcessUse } from '../../platform/process-use.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';

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
  readonly deadlineMs = 5_000;
  readonly #app: WatchedApp;
  readonly #use: (pid: number) => Promise<ProcessUse | undefined>;

  constructor(app: WatchedApp, use: (pid: number) => Promise<ProcessUse | undefined>) {
    this.#app = app;
    this.#use = use;
  }

  async measure(): Promise<ProbeOutcome> {
    if (this.#app.pid === undefined && this.#app.pidFile === undefined) return { kind: 'nothing' };
    const pid = this.#app.pid ?? (await readPid(this.#app.pidFile ?? ''));
    const use = pid === undefined ? undefined : await this.#use(pid);
    // A process that is not there was looked for and not found: measured, and bad.
    if (!use) return { kind: 'measured', metrics: { 'app.running.count': 0 } };
    return {
      kind: 'measured',
      metrics: {
        'app.running.count': 1,
        'app.cpu.ratio': use.cpuRatio,
        'app.rss.bytes': use.rssBytes,
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
