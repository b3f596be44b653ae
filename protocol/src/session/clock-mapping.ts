import type { Heartbeat } from '../messages/agent.ts';

/** A moment on both of the listener's clocks. */
export interface Moment {
  /** Wall clock, ms since 1970 UTC. */
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** The PC's clock moved against its wall clock by more than this: it slept, uncounted. */
const SLEPT_MS = 2_000;
/** A time further back than this is a clock that was never set. */
const HISTORY_MS = 90 * 86_400_000;

/**
 * Puts the heartbeats of one boot on the listener's clock. A frame can only be late, never early:
 * the smallest (taken − sent) seen so far is the offset plus the shortest one-way delay. Heartbeats
 * of this boot go by the monotonic clocks of both sides, so that a step of either wall clock moves
 * nothing; those of earlier boots by what their sender knows, else by their wall clock.
 */
export class ClockMapping {
  readonly bootId: string;
  #monotonicOffsetMs: number | null = null;
  #wallOffsetMs: number | null = null;
  #lastWallOffsetMs: number | null = null;

  constructor(bootId: string) {
    this.bootId = bootId;
  }

  /** Learns from a live heartbeat taken at `taken`. */
  observe(frame: Heartbeat, taken: Moment): void {
    if (frame.delivery !== 'live' || frame.bootId !== this.bootId) return;
    const monotonicOffsetMs = taken.monotonicMs - frame.monotonicMs;
    const wallOffsetMs = taken.wallMs - frame.wallMs;
    // A late frame is late on both clocks; a PC that slept is so on the monotonic one only.
    const hasSlept =
      this.#monotonicOffsetMs !== null &&
      this.#lastWallOffsetMs !== null &&
      monotonicOffsetMs - this.#monotonicOffsetMs > SLEPT_MS &&
      Math.abs(wallOffsetMs - this.#lastWallOffsetMs) < SLEPT_MS / 2;
    this.#monotonicOffsetMs = smaller(hasSlept ? null : this.#monotonicOffsetMs, monotonicOffsetMs);
    this.#wallOffsetMs = smaller(this.#wallOffsetMs, wallOffsetMs);
    this.#lastWallOffsetMs = wallOffsetMs;
  }

  /** When the heartbeat was produced, listener's wall clock; never after it was taken. */
  at(frame: Heartbeat, taken: Moment): number {
    return Math.max(
      taken.wallMs - HISTORY_MS,
      Math.min(taken.wallMs, this.#producedAt(frame, taken)),
    );
  }

  /** PC's wall clock minus the listener's, as of the newest live heartbeat; null before it. */
  get clockOffsetMs(): number | null {
    return this.#lastWallOffsetMs === null ? null : -this.#lastWallOffsetMs;
  }

  #producedAt(frame: Heartbeat, taken: Moment): number {
    if (frame.bootId === this.bootId && this.#monotonicOffsetMs !== null) {
      const ageMs = taken.monotonicMs - (frame.monotonicMs + this.#monotonicOffsetMs);
      return taken.wallMs - ageMs;
    }
    return frame.producedAtMs ?? frame.wallMs + (this.#wallOffsetMs ?? 0);
  }
}

function smaller(known: number | null, candidate: number): number {
  return known === null ? candidate : Math.min(known, candidate);
}
