import type { ElapsedClock } from '../platform/clock.ts';

/** Less than this is the way of the welcome, not a clock. */
const NO_ERROR_MS = 50;

/**
 * The collector's time by the relay's best knowledge: what the uplink measured in this run, else the
 * PC's wall clock put right by the error that it had when the collector was last heard.
 */
export class HqTime {
  readonly #clock: Pick<ElapsedClock, 'wallMs' | 'elapsedMs'>;
  /** Collector's clock minus the time since this start. */
  #offsetMs: number;
  #isKnown = false;
  #errorBeforeMs = 0;

  /** `wallOffsetMs`: collector's clock minus the PC's wall clock, as an earlier run knew it. */
  constructor(clock: Pick<ElapsedClock, 'wallMs' | 'elapsedMs'>, wallOffsetMs: number) {
    this.#clock = clock;
    this.#offsetMs = clock.wallMs() + wallOffsetMs - clock.elapsedMs();
  }

  /** True once the collector was heard in this run. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** What must be added to times that were told before the collector was heard in this run. */
  get errorBeforeMs(): number {
    return this.#errorBeforeMs;
  }

  /** Collector's clock minus the PC's wall clock now: what is kept for the next run. */
  get wallOffsetMs(): number {
    return this.nowMs() - this.#clock.wallMs();
  }

  nowMs(): number {
    return this.#clock.elapsedMs() + this.#offsetMs;
  }

  /** The collector's clock was seen to be `collectorMs` now. */
  learn(collectorMs: number): void {
    const offsetMs = collectorMs - this.#clock.elapsedMs();
    const errorMs = offsetMs - this.#offsetMs;
    if (!this.#isKnown && Math.abs(errorMs) > NO_ERROR_MS) this.#errorBeforeMs = errorMs;
    this.#isKnown = true;
    this.#offsetMs = offsetMs;
  }
}
