import type { Timers } from '@ppe-pulse/protocol';
import type { Log } from '../platform/log.ts';
import { codeOf } from '../platform/errors.ts';
import type { Keeper } from './keeper.ts';

/** One heartbeat was written and sent. */
export interface Beat {
  /** Until the next one. */
  readonly intervalMs: number;
  /** How the link stands, in a word. */
  readonly link: string;
}

/** What a start leaves behind is collected when every probe has looked once. */
const COLLECT_FIRST_MS = 20_000;
/** Between two full collections of garbage. */
const COLLECT_EVERY_MS = 3_600_000;
/** So many beats may be late, and a little more, before the heart counts as stopped. */
const LATE_BEATS = 3;
const LATE_MS = 5_000;

/** What the shell works with. */
export interface ShellParts {
  readonly keeper: Keeper;
  readonly log: Log;
  readonly timers: Timers;
  readonly monotonicMs: () => number;
  readonly collect: () => void | Promise<void>;
}

/** True while heartbeats come as they should. */
export function isBeating(nowMs: number, last: { atMs: number; intervalMs: number }): boolean {
  return nowMs - last.atMs <= LATE_BEATS * last.intervalMs + LATE_MS;
}

/**
 * What surrounds a running agent: tells the keeper that it lives, and keeps its memory flat. The word
 * «alive» comes from a timer of the event loop, and only while heartbeats go on: a loop that hangs and
 * a heart that stopped are silent alike, and the keeper starts the agent again.
 */
export class ServiceShell {
  readonly #parts: ShellParts;
  #last: { atMs: number; intervalMs: number };
  #link = '';
  #timer: unknown;
  #collectAtMs: number;
  #hasWarned = false;

  constructor(parts: ShellParts, intervalMs: number) {
    this.#parts = parts;
    const atMs = parts.monotonicMs();
    this.#collectAtMs = atMs + COLLECT_FIRST_MS;
    this.#last = { atMs, intervalMs };
  }

  /** The agent is up: from now on it is watched. */
  up(): void {
    this.#parts.keeper.ready();
    this.#watch();
  }

  /** After each heartbeat: the longest while until the next one begins here. */
  beat({ intervalMs, link }: Beat): void {
    const { keeper, monotonicMs, timers } = this.#parts;
    const atMs = monotonicMs();
    this.#last = { atMs, intervalMs };
    this.#hasWarned = false;
    if (link !== this.#link) keeper.say(`link ${link}`);
    this.#link = link;
    if (atMs < this.#collectAtMs) return;
    this.#collectAtMs = atMs + COLLECT_EVERY_MS;
    // The heartbeat's frame leaves first.
    timers.set(() => void this.#collect(), 0);
  }

  stopping(): void {
    this.#parts.timers.clear(this.#timer);
    this.#parts.keeper.stopping();
  }

  #watch(): void {
    const { keeper, timers, log, monotonicMs } = this.#parts;
    if (keeper.watchdogMs === undefined) return;
    if (isBeating(monotonicMs(), this.#last)) keeper.alive();
    else if (!this.#hasWarned) {
      this.#hasWarned = true;
      log.error(this.#last, 'heartbeats have stopped: the service manager will start me again');
    }
    this.#timer = timers.set(() => this.#watch(), keeper.watchdogMs / 2);
  }

  async #collect(): Promise<void> {
    const { log, collect } = this.#parts;
    const before = process.memoryUsage.rss();
    try {
      await collect();
    } catch (error) {
      // A V8 that gives its collector to nobody: memory grows a little, and the budget watches it.
      log.warn({ error: codeOf(error) }, 'memory cannot be collected');
      return;
    }
    log.debug({ before, after: process.memoryUsage.rss() }, 'memory was collected');
  }
}
