import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { codeOf } from '../platform/errors.ts';

/** What becomes of the standard output. Over `maxBytes` the program is killed in every case. */
export type CommandOutput =
  /** Handed back as text. */
  | { readonly kind: 'kept'; readonly maxBytes: number }
  /** Counted as it passes: pictures and sound of people never stay in memory. */
  | { readonly kind: 'counted'; readonly maxBytes: number }
  /** Shown to `onChunk` as it passes and not kept; the chunk must not be kept there either. */
  | {
      readonly kind: 'passed';
      readonly maxBytes: number;
      readonly onChunk: (chunk: Buffer) => void;
    };

/** One program to run. */
export interface Command {
  readonly program: string;
  /** Handed over one by one: no shell ever reads them. */
  readonly args: readonly string[];
  readonly deadlineMs: number;
  /** Written to its standard input, which is then closed. */
  readonly input?: string;
  readonly output: CommandOutput;
  /** Added to `PATH` and `LC_ALL=C`; nothing else of the agent's own environment goes along. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the program as the deadline does. */
  readonly signal?: AbortSignal;
}

/** How it went. */
export type CommandOutcome =
  | {
      readonly kind: 'ended';
      /** Exit code, 128 + number of the signal that ended it. */
      readonly code: number;
      /** Empty unless the output is `kept`. */
      readonly stdout: string;
      /** The first 16 kB. */
      readonly stderr: string;
      /** Of the standard output. */
      readonly bytes: number;
      readonly tookMs: number;
    }
  /** It could not be started: `ENOENT`, `EACCES`, also `EAGAIN` on a PC that is out of processes. */
  | { readonly kind: 'notFound'; readonly code: string }
  /** Killed at the deadline or by the signal, with what it had said until then. */
  | { readonly kind: 'deadline'; readonly stderr: string; readonly bytes: number }
  /** Killed for too much output. */
  | { readonly kind: 'tooMuch'; readonly bytes: number; readonly tookMs: number };

/** Programs say in a line what went wrong; the rest is read and dropped. */
const MAX_STDERR_BYTES = 16_384;
/** A background process of the program may hold its pipes open; its own words are here by then. */
const LINGER_MS = 250;
const SIGNAL_BASE = 128;

/**
 * Runs a program to its end, its deadline, or its last allowed byte. Never rejects. It is in a group
 * of its own, and the whole group is killed. A process that the kernel does not let go (a USB
 * transfer that hangs) is left behind rather than waited for.
 */
export function runCommand(command: Command): Promise<CommandOutcome> {
  if (command.signal?.aborted) return Promise.resolve({ kind: 'deadline', stderr: '', bytes: 0 });
  return new Promise((resolve) => {
    const startMs = performance.now();
    const tookMs = (): number => performance.now() - startMs;
    const started = start(command);
    if ('code' in started) {
      resolve({ kind: 'notFound', code: started.code });
      return;
    }
    const { child } = started;
    const output = new OutputReader(command.output);
    const errors = new OutputReader({ kind: 'kept', maxBytes: MAX_STDERR_BYTES });
    let lingering: NodeJS.Timeout | undefined;
    let isOver = false;
    const finish = (outcome: CommandOutcome): void => {
      // Its number may already be somebody else's: nothing is killed twice.
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      clearTimeout(lingering);
      command.signal?.removeEventListener('abort', giveUp);
      // Also after a normal end: what it left in the background ends with it.
      release(child);
      resolve(outcome);
    };
    const giveUp = (): void =>
      finish({ kind: 'deadline', stderr: errors.text(), bytes: output.bytes });
    const timer = setTimeout(giveUp, command.deadlineMs);
    command.signal?.addEventListener('abort', giveUp, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      if (!output.take(chunk)) finish({ kind: 'tooMuch', bytes: output.bytes, tookMs: tookMs() });
    });
    child.stderr.on('data', (chunk: Buffer) => void errors.take(chunk));
    child.on('error', (error) => finish({ kind: 'notFound', code: codeOf(error) }));
    const ended = (code: number | null, signal: NodeJS.Signals | null): void =>
      finish({
        kind: 'ended',
        code: code ?? SIGNAL_BASE + (signal ? constants.signals[signal] : 0),
        stdout: output.text(),
        stderr: errors.text(),
        bytes: output.bytes,
        tookMs: tookMs(),
      });
    child.on('exit', (code, signal) => {
      lingering = setTimeout(ended, LINGER_MS, code, signal);
    });
    child.on('close', ended);
  });
}

type PipedChild = ChildProcessByStdio<Writable, Readable, Readable>;

function start(command: Command): { readonly child: PipedChild } | { readonly code: string } {
  try {
    const child = spawn(command.program, command.args, {
      shell: false,
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own, so that programs started by it can be ended too.
      detached: process.platform !== 'win32',
      windowsHide: true,
      // Messages and numbers are parsed: they must not be in the PC's language.
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', ...command.env },
    });
    // It may have ended before it read anything.
    child.stdin.on('error', () => undefined);
    child.stdin.end(command.input ?? '');
    return { child };
  } catch (error) {
    // Node refuses a NUL in an argument before the system could.
    return { code: codeOf(error) };
  }
}

function release(child: PipedChild): void {
  killGroup(child);
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    child.kill('SIGKILL');
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left.
  }
}

/** Takes output up to a limit. */
class OutputReader {
  readonly #output: CommandOutput;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(output: CommandOutput) {
    this.#output = output;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** False when there was more than the limit: what is over it is cut off. */
  take(chunk: Buffer): boolean {
    const room = this.#output.maxBytes - this.#bytes;
    const isFitting = chunk.length <= room;
    const taken = isFitting ? chunk : chunk.subarray(0, room);
    this.#bytes += taken.length;
    if (taken.length > 0) {
      if (this.#output.kind === 'kept') this.#chunks.push(taken);
      else if (this.#output.kind === 'passed') this.#output.onChunk(taken);
    }
    return isFitting;
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
