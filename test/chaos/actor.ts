import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Keeper } from './keeper.ts';

/** How an actor's process is started. */
export interface ActorSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Of the run: nothing is started once it is over. */
  readonly keeper: Keeper;
  /** What it prints is added to this file. */
  readonly logPath: string;
  /** It ended and nobody had asked for it. */
  readonly onOwnEnd: (code: number | null) => void;
}

/** A stop that takes longer than this is no stop: it is killed, and that is counted. */
const STOP_WITHIN_MS = 15_000;

/** A process that is killed, stopped, woken and started again. */
export class Actor {
  readonly #spec: ActorSpec;
  #process: ChildProcess | undefined;
  #isEndAsked = false;
  /** Asked to end, and had to be killed in the end. */
  hungStops = 0;

  constructor(spec: ActorSpec) {
    this.#spec = spec;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  start(): void {
    if (this.#process) throw new Error(`${this.#spec.name} runs already`);
    const { command, args, env, logPath, keeper } = this.#spec;
    if (keeper.isClosing) throw new Error(`the run is over: ${this.#spec.name} is not started`);
    const log = openSync(logPath, 'a');
    const child = spawn(command, args, {
      stdio: ['ignore', log, log],
      env: {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        TZ: 'UTC',
        ...env,
        ...keeper.env,
      },
    });
    closeSync(log);
    this.#process = child;
    this.#isEndAsked = false;
    child.once('exit', (code) => {
      if (this.#process !== child) return;
      this.#process = undefined;
      if (!this.#isEndAsked) this.#spec.onOwnEnd(code);
    });
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks it to end, as a service manager does. */
  async stop(): Promise<void> {
    const child = this.#process;
    const timer = setTimeout(() => {
      if (this.#process !== child) return;
      this.hungStops += 1;
      child?.kill('SIGKILL');
    }, STOP_WITHIN_MS);
    await this.#end('SIGTERM');
    clearTimeout(timer);
  }

  /** SIGSTOP and SIGCONT. */
  pause(): void {
    this.#process?.kill('SIGSTOP');
  }

  resume(): void {
    this.#process?.kill('SIGCONT');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (!child) return;
    this.#isEndAsked = true;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
