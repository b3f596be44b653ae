import { uptime } from 'node:os';

/** Where time comes from at the edges; logic gets numbers. */
export interface Clock {
  /** The PC's wall clock, ms since 1970 UTC. May be wrong and may step. */
  wallMs(): number;
  /** Milliseconds since the agent's start, for timers. Never steps; Linux stops it in sleep. */
  monotonicMs(): number;
}

/** A clock that counts the PC's sleep, too. */
export interface ElapsedClock extends Clock {
  /** Milliseconds since the agent's start, sleep of the PC included. Never steps back. */
  elapsedMs(): number;
  /** Milliseconds slept that were found since the last call of this. */
  takeSleptMs(): number;
}

/** The machine's clocks. */
export function systemClock(): ElapsedClock {
  const startMs = performance.now();
  const monotonicMs = (): number => performance.now() - startMs;
  const sleep = new SleepMeter(monotonicMs, rarely(systemUptimeMs, monotonicMs));
  return {
    wallMs: () => Date.now(),
    monotonicMs,
    elapsedMs: () => sleep.elapsedMs(),
    takeSleptMs: () => sleep.takeSleptMs(),
  };
}

/** Elapsed time is asked for several times a heartbeat; the uptime is a file to read. */
const READ_AGAIN_MS = 20;

/** The same clock, read at most so often; in between it goes on by the other. */
export function rarely(read: () => number, monotonicMs: () => number): () => number {
  let found = { valueMs: Number.NaN, atMs: Number.NEGATIVE_INFINITY };
  return () => {
    const nowMs = monotonicMs();
    if (nowMs - found.atMs >= READ_AGAIN_MS) found = { valueMs: read(), atMs: nowMs };
    return found.valueMs + nowMs - found.atMs;
  };
}

/** NaN where the system does not tell it: then no sleep is found. */
function systemUptimeMs(): number {
  try {
    return uptime() * 1_000;
  } catch {
    return Number.NaN;
  }
}

/** Uptime is told in steps of 10 ms, and the two are read one after the other: less is no sleep. */
const SHORTEST_SLEEP_MS = 1_000;
/** The process may be stopped between two readings of clocks: then they do not belong together. */
const SAME_MOMENT_MS = 100;

/**
 * Finds the PC's sleep: the time for which its uptime went on and its monotonic clock did not. Only
 * what opens between two looks counts, so two clocks that drift apart slowly never add up to one.
 */
export class SleepMeter {
  readonly #monotonicMs: () => number;
  readonly #uptimeMs: () => number;
  #aheadMs = Number.NaN;
  #sleptMs = 0;
  #untoldMs = 0;
  #highestMs = 0;

  /** Takes two clocks: one that stops in sleep and one that does not. */
  constructor(monotonicMs: () => number, uptimeMs: () => number) {
    this.#monotonicMs = monotonicMs;
    this.#uptimeMs = uptimeMs;
    this.#look();
  }

  elapsedMs(): number {
    const nowMs = this.#look();
    this.#highestMs = Math.max(this.#highestMs, nowMs + this.#sleptMs);
    return this.#highestMs;
  }

  takeSleptMs(): number {
    this.#look();
    const sleptMs = this.#untoldMs;
    this.#untoldMs = 0;
    return sleptMs;
  }

  /** Adds the sleep since the last look; answers the monotonic time of this one. */
  #look(): number {
    const beforeMs = this.#monotonicMs();
    const upMs = this.#uptimeMs();
    const nowMs = this.#monotonicMs();
    // The next look will do as well: what was slept stays open until then.
    if (nowMs - beforeMs > SAME_MOMENT_MS || !Number.isFinite(upMs)) return nowMs;
    const openedMs = upMs - nowMs - this.#aheadMs;
    if (openedMs > SHORTEST_SLEEP_MS) {
      this.#sleptMs += openedMs;
      this.#untoldMs += openedMs;
    }
    this.#aheadMs = upMs - nowMs;
    return nowMs;
  }
}
