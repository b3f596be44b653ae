import type { Mode, Timers } from '@ppe-pulse/protocol';
import { standingAt, type ModeSources, type Standing } from './planned-mode.ts';

/** What keeping the mode works with. */
export interface ModeKeeperParts {
  readonly sources: () => ModeSources;
  /** The clock that the plan goes by. */
  readonly nowMs: () => number;
  readonly timers: Timers;
  /** The mode, or what may be begun, is another one. */
  readonly changed: (now: Standing, before: Standing) => void;
}

/** A sleep of the PC and a clock that is put right are found within this, while a change is ahead. */
const LOOK_MS = 1_000;
/** The same while the plan foresees none: only the clock itself could bring one. */
const IDLE_LOOK_MS = 10_000;
/** Timers may come a little early: the next look is not before this. */
const SHORTEST_MS = 5;

/**
 * Follows the plan by the clock. It never waits for long: timers stand still in a PC's sleep and know
 * nothing of a clock that was put right, so the moment is looked at and not waited for.
 */
export class ModeKeeper {
  readonly #parts: ModeKeeperParts;
  #standing: Standing;
  #timer: unknown;
  #isRunning = false;

  constructor(parts: ModeKeeperParts) {
    this.#parts = parts;
    this.#standing = standingAt(parts.sources(), parts.nowMs());
  }

  /** In force. */
  get mode(): Mode {
    return this.#standing.mode;
  }

  /** What may be begun now. */
  get begun(): Mode {
    return this.#standing.begun;
  }

  /** Until everything may be begun again; undefined when that is not foreseen. */
  get backInMs(): number | undefined {
    const inMs = this.#standing.backAtMs - this.#parts.nowMs();
    return Number.isFinite(inMs) ? Math.max(0, inMs) : undefined;
  }

  start(): void {
    this.#isRunning = true;
    this.look();
  }

  stop(): void {
    this.#isRunning = false;
    this.#parts.timers.clear(this.#timer);
  }

  /** Looks at the moment: by the clock, and whenever the plan, the place or a person's word changed. */
  look(): void {
    const nowMs = this.#parts.nowMs();
    const before = this.#standing;
    const now = standingAt(this.#parts.sources(), nowMs);
    this.#standing = now;
    if (this.#isRunning) {
      this.#parts.timers.clear(this.#timer);
      this.#timer = this.#parts.timers.set(() => this.look(), untilNext(now, nowMs));
    }
    if (now.mode !== before.mode || now.begun !== before.begun) this.#parts.changed(now, before);
  }
}

function untilNext({ nextChangeMs }: Standing, nowMs: number): number {
  if (!Number.isFinite(nextChangeMs)) return IDLE_LOOK_MS;
  return Math.min(LOOK_MS, Math.max(SHORTEST_MS, nextChangeMs - nowMs));
}
