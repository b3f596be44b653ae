import { ChildGoneError, QuarantineError, type ProbeHost } from '../child/probe-host.ts';
import { DeadlineError } from './deadline.ts';
import type { Clock } from './clock.ts';
import { isAlive, processUse, type ProcessTimes, type ProcessUse } from './process-use.ts';

/** Use of a process by its pid; undefined when there is none. Rejects when it cannot be told. */
export type ReadProcessUse = (pid: number) => Promise<ProcessUse | undefined>;

const TIMES_DEADLINE_MS = 2_000;
const PIDUSAGE_DEADLINE_MS = 7_000;
/** pidusage starts programs on Windows: where it must be asked, then this rarely. */
const PIDUSAGE_EVERY_MS = 5 * 60_000;

/** The way that costs nothing: a file of `/proc` by pidusage, a call of Windows in the child. */
export function processWatch(host: ProbeHost, clock: Clock): ReadProcessUse {
  if (process.platform !== 'win32') return processUse;
  const watch = new WindowsProcessWatch(host, clock);
  return (pid) => watch.read(pid);
}

/** Windows counts for each process; what it took is the difference of two looks. */
export class WindowsProcessWatch {
  readonly #host: Pick<ProbeHost, 'run'>;
  readonly #clock: Clock;
  #before: { readonly pid: number; readonly times: ProcessTimes } | undefined;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(host: Pick<ProbeHost, 'run'>, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
  }

  async read(pid: number): Promise<ProcessUse | undefined> {
    let times: ProcessTimes | undefined;
    try {
      times = await this.#host.run('processTimes', pid, TIMES_DEADLINE_MS);
    } catch (error) {
      const isChild = [DeadlineError, ChildGoneError, QuarantineError].some(
        (kind) => error instanceof kind,
      );
      if (isChild) throw error;
      return this.#byPidusage(pid);
    }
    const before = this.#before;
    this.#before = times && { pid, times };
    if (!times) return undefined;
    return useBetween(before?.pid === pid ? before.times : undefined, times);
  }

  /** For a program that is protected from being looked at: between two questions only that it runs. */
  async #byPidusage(pid: number): Promise<ProcessUse | undefined> {
    if (!isAlive(pid)) return undefined;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#askedAtMs < PIDUSAGE_EVERY_MS) return {};
    this.#askedAtMs = nowMs;
    return this.#host.run('processUse', pid, PIDUSAGE_DEADLINE_MS);
  }
}

/** Use between two looks, or since the start where the first look is another process's or none. */
export function useBetween(before: ProcessTimes | undefined, now: ProcessTimes): ProcessUse {
  const isSame = before !== undefined && before.ageMs < now.ageMs && before.cpuMs <= now.cpuMs;
  const cpuMs = now.cpuMs - (isSame ? before.cpuMs : 0);
  const passedMs = now.ageMs - (isSame ? before.ageMs : 0);
  const { rssBytes } = now;
  return passedMs > 0 ? { cpuRatio: cpuMs / passedMs, rssBytes } : { rssBytes };
}
