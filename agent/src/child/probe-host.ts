import { fork, spawn, type ChildProcess } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../platform/clock.ts';
import { DeadlineError } from '../platform/deadline.ts';
import { readText } from '../platform/files.ts';
import type { Log } from '../platform/log.ts';
import type { JobName, JobReply, JobRequest, Jobs } from './jobs.ts';
import { KillRecord } from './quarantine.ts';

/** The job got the child killed too often and is not tried now. */
export class QuarantineError extends Error {
  constructor(job: string) {
    super(`${job} keeps hanging and is not tried for a while`);
    this.name = 'QuarantineError';
  }
}

/** The child ended, or may not be started yet, for no fault of this job. */
export class ChildGoneError extends Error {
  constructor(job: string) {
    super(`the probe child was not there for ${job}`);
    this.name = 'ChildGoneError';
  }
}

/** The name of the one file that is installed. */
const SHIPPED_FILE = 'agent.mjs';
/** An idle child gives its memory back after this. */
const IDLE_MS = 60_000;

/**
 * Of the service's flags these hold for its child, too: where the system forbids memory that is both
 * written and run, Node starts with `--jitless` only. The bound of the heap is the service's own.
 */
const childFlags = new Set([
  '--jitless',
  '--optimize-for-size',
  '--max-semi-space-size=1',
  '--disable-sigusr1',
]);

interface Pending {
  readonly job: JobName;
  /** What is quarantined: the job, and which thing it was asked for. */
  readonly key: string;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
  hasStarted: boolean;
}

/** What the host needs. `script` is the compiled child. */
export interface ProbeHostParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly script?: string;
}

/**
 * The one killable child process: everything native and everything that starts programs runs there.
 * A worker thread would not do: one in a blocking native call takes seconds to end.
 */
export class ProbeHost {
  readonly #parts: ProbeHostParts;
  readonly #record = new KillRecord();
  readonly #pending = new Map<number, Pending>();
  #child: ChildProcess | undefined;
  #nextId = 1;
  #idleTimer: NodeJS.Timeout | undefined;
  #kills = 0;
  #hasBegun = false;

  constructor(parts: ProbeHostParts) {
    this.#parts = parts;
  }

  /** Of the child that runs now. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Times the child had to be killed. */
  get kills(): number {
    return this.#kills;
  }

  /**
   * Asks the child. Rejects with a `DeadlineError` when it did not answer in time and was killed for
   * it, a `QuarantineError`, a `ChildGoneError`, or what the work itself threw.
   */
  run<J extends JobName>(
    job: J,
    input: Jobs[J]['input'],
    deadlineMs: number,
  ): Promise<Jobs[J]['output']> {
    const nowMs = this.#parts.clock.monotonicMs();
    const key = keyOf(job, input);
    if (this.#record.isQuarantined(key, nowMs)) return Promise.reject(new QuarantineError(job));
    if (!this.#child && this.#record.waitMs(nowMs) > 0)
      return Promise.reject(new ChildGoneError(job));
    clearTimeout(this.#idleTimer);
    const child = (this.#child ??= this.#start());
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#overdue(id, deadlineMs), deadlineMs);
      this.#pending.set(id, {
        job,
        key,
        // The child does this job's work and answers its output.
        resolve: (output) => resolve(output as Jobs[J]['output']),
        reject,
        timer,
        hasStarted: false,
      });
      child.send({ id, job, input } satisfies JobRequest, (error) => {
        if (error) this.#settle(id)?.reject(new ChildGoneError(job));
      });
    });
  }

  /** Ends the child. Work in it is given up. */
  stop(): void {
    clearTimeout(this.#idleTimer);
    const child = this.#child;
    this.#child = undefined;
    if (child) killTree(child);
    this.#abandon(undefined);
  }

  #start(): ChildProcess {
    this.#hasBegun = false;
    const { script, args } = childScript(this.#parts.script);
    const child = fork(script, args, {
      execArgv: process.execArgv.filter((flag) => childFlags.has(flag)),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // A group of its own, so that the programs it started end with it.
      detached: process.platform !== 'win32',
    });
    child.on('message', (reply) => this.#replied(reply as JobReply));
    child.on('error', (error) => this.#gone(child, error));
    child.on('exit', () => this.#gone(child));
    child.unref();
    child.channel?.unref();
    return child;
  }

  #replied(reply: JobReply): void {
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    if (reply.kind === 'started') {
      pending.hasStarted = true;
      this.#hasBegun = true;
      return;
    }
    this.#settle(reply.id);
    this.#record.answered();
    if (reply.kind === 'done') pending.resolve(reply.output);
    else pending.reject(new Error(`${pending.job}: ${reply.error}`));
    if (this.#pending.size === 0) {
      this.#idleTimer = setTimeout(() => this.stop(), IDLE_MS);
      this.#idleTimer.unref();
    }
  }

  /** Native code blocks the whole child: the one to blame is the last that began. */
  #overdue(id: number, afterMs: number): void {
    const late = this.#pending.get(id);
    if (!late) return;
    const begun = [...this.#pending.values()].filter((each) => each.hasStarted);
    const guilty = late.hasStarted ? late : (begun.at(-1) ?? late);
    this.#kills += 1;
    this.#record.killed(guilty.key, this.#parts.clock.monotonicMs());
    this.#parts.log.warn({ job: guilty.job, afterMs }, 'the probe child hung and was killed');
    this.#settle(id)?.reject(new DeadlineError(`job ${late.job}`, afterMs));
    const child = this.#child;
    this.#child = undefined;
    if (child) killTree(child);
    this.#abandon(guilty);
  }

  #gone(child: ChildProcess, error?: Error): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    const guilty = [...this.#pending.values()].filter((each) => each.hasStarted).at(-1);
    // A crash in native code is no better than a hang.
    const nowMs = this.#parts.clock.monotonicMs();
    const isStillborn = !guilty && !this.#hasBegun;
    if (guilty) this.#record.killed(guilty.key, nowMs);
    if (isStillborn) this.#record.failedToStart(nowMs);
    if (guilty || isStillborn || error)
      this.#parts.log.warn({ job: guilty?.job, error: error?.message }, 'the probe child ended');
    this.#abandon(guilty);
  }

  #abandon(guilty: Pending | undefined): void {
    for (const [id, each] of this.#pending) {
      this.#settle(id);
      each.reject(each === guilty ? new DeadlineError(each.job, 0) : new ChildGoneError(each.job));
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending) clearTimeout(pending.timer);
    this.#pending.delete(id);
    return pending;
  }
}

/** What is installed is one file, which is its own child; elsewhere the child is a file beside this one. */
function childScript(given: string | undefined): { script: string; args: string[] } {
  if (given !== undefined) return { script: given, args: [] };
  const own = fileURLToPath(import.meta.url);
  return basename(own) === SHIPPED_FILE
    ? { script: own, args: ['probe-child'] }
    : { script: join(dirname(own), 'probe-child.js'), args: [] };
}

/** One dead queue must not take the others with it. */
function keyOf(job: JobName, input: unknown): string {
  return typeof input === 'string' ? `${job} ${input}` : job;
}

/** Ends the child and the programs that it started. */
function killTree(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  // Programs that a job started are groups of their own: they are ended one by one.
  for (const each of descendantsOf(pid)) {
    try {
      process.kill(each, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself meanwhile.
    child.kill('SIGKILL');
  }
}

/** Processes that a process started, and those that they started; none where Linux does not tell. */
function descendantsOf(pid: number): number[] {
  const text = readText(`/proc/${pid}/task/${pid}/children`) ?? '';
  const children = text
    .split(' ')
    .map(Number)
    .filter((each) => each > 0);
  return children.flatMap((each) => [each, ...descendantsOf(each)]);
}
