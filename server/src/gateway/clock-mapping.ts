import type { Heartbeat } from '@ppe-pulse/protocol';

/**
 * Puts a connection's heartbeats on the collector's clock. A frame can only be late, never early:
 * the smallest (taken − sent) seen so far is the offset plus the shortest one-way delay. Heartbeats
 * of the current boot go by the monotonic clock, so a step of the PC's wall clock moves nothing;
 * those of earlier boots have only their wall clock.
 */
export class ClockMapping {
  readonly #bootId: string;
  #monotonicOffsetMs: number | null = null;
  #wallOffsetMs: number | null = null;
  #lastWallOffsetMs: number | null = null;

  constructor(bootId: string) {
    this.#bootId = bootId;
  }

  /** Learns from a live heartbeat taken at `takenAtMs`. */
  observe(frame: Heartbeat, takenAtMs: number): void {
    if (frame.delivery !== 'live' || frame.bootId !== this.#bootId) return;
    this.#monotonicOffsetMs = smaller(this.#monotonicOffsetMs, takenAtMs - frame.monotonicMs);
    this.#wallOffsetMs = smaller(this.#wallOffsetMs, takenAtMs - frame.wallMs);
    this.#lastWallOffsetMs = takenAtMs - frame.wallMs;
  }

  /** When the heartbeat was produced, collector's wall clock; never after `takenAtMs`. */
  at(frame: Heartbeat, takenAtMs: number): number {
    if (frame.bootId === this.#bootId && this.#monotonicOffsetMs !== null) {
      return Math.min(takenAtMs, frame.monotonicMs + this.#monotonicOffsetMs);
    }
    return Math.min(takenAtMs, frame.wallMs + (this.#wallOffsetMs ?? 0));
  }

  /** PC's wall clock minus the collector's, as of the newest live heartbeat; null before it. */
  get clockOffsetMs(): number | null {
    return this.#lastWallOffsetMs === null ? null : -this.#lastWallOffsetMs;
  }
}

function smaller(known: number | null, candidate: number): number {
  return known === null ? candidate : Math.min(known, candidate);
}
