import type { LiveState } from '@ppe-pulse/protocol';
import { dayClockOf } from '../incidents/day-clock.ts';
import { STALE_AFTER_MS } from '../live/freshness.ts';
import type { LiveSource } from '../live/live-source.ts';

/** What the clock reads. */
export interface ClockSource {
  readonly state: Pick<LiveState, 'serverTimeMs' | 'overview'>;
  readonly line: Pick<LiveSource['line'], 'lastFrameMs' | 'heldAgeMs'>;
}

const TICK_MS = 1_000;

/**
 * One clock for all ages of the tiles: ticks once a second, and only what shows another text renders.
 * By the collector's time, never by the wall PC's.
 */
export class WallClock {
  readonly #source: ClockSource;
  readonly #monotonicMs: () => number;
  readonly #listeners = new Set<() => void>();
  #nowMs: number;

  constructor(source: ClockSource, monotonicMs: () => number) {
    this.#source = source;
    this.#monotonicMs = monotonicMs;
    this.#nowMs = this.#read();
  }

  /** Ticks until the returned function is called. */
  readonly start = (): (() => void) => {
    const timer = setInterval(() => this.tick(), TICK_MS);
    return () => clearInterval(timer);
  };

  tick(): void {
    this.#nowMs = this.#read();
    for (const listener of this.#listeners) listener();
  }

  /** How long ago that was as the day counts it: on a played day faster than on the wall. */
  ageMs(sinceMs: number): number {
    const { spanMs } = dayClockOf(this.#source.state.overview);
    return spanMs(Math.max(0, this.#nowMs - sinceMs));
  }

  /** For `useSyncExternalStore`. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #read(): number {
    const { lastFrameMs, heldAgeMs } = this.#source.line;
    // A film says itself how far it is past its last frame.
    const frameAgeMs = heldAgeMs ?? this.#monotonicMs() - (lastFrameMs ?? this.#monotonicMs());
    // A stale picture is history: its ages stand still with it.
    return this.#source.state.serverTimeMs + Math.min(STALE_AFTER_MS, Math.max(0, frameAgeMs));
  }
}
