import type { ElapsedClock } from '../platform/clock.ts';
import type { LinkProbe } from '../probes/link/link-probe.ts';

/** An exchange that is worse by no more is as good: crystals drift so far apart in hours. */
const DRIFT_MS = 50;

/**
 * The collector's clock by the best knowledge of this boot: kept over lost connections, since the PC's
 * elapsed clock goes on. Drift of ordinary crystals is some 20 ms an hour.
 */
export class CollectorTime {
  readonly #clock: ElapsedClock;
  /** Collector's clock minus `elapsedMs`, undefined while this boot was never connected. */
  #offsetMs: number | undefined;
  #boundMs: number | undefined;

  constructor(clock: ElapsedClock) {
    this.#clock = clock;
  }

  /** The first word of a connection: right but for the way it took, so it only fills a gap. */
  greeted(serverTimeMs: number): void {
    this.#offsetMs ??= serverTimeMs - this.#clock.elapsedMs();
  }

  /**
   * What the exchanges of the connection say now. The first exchange over a bad line knows little: what
   * it does not contradict stays.
   */
  learn(probe: Pick<LinkProbe, 'collectorClock'>): void {
    const found = probe.collectorClock();
    if (!found) return;
    const offsetMs = found.collectorMs - this.#clock.elapsedMs();
    if (this.#offsetMs !== undefined && this.#boundMs !== undefined) {
      const isSame = Math.abs(this.#offsetMs - offsetMs) <= this.#boundMs + found.boundMs;
      if (isSame && found.boundMs - this.#boundMs > DRIFT_MS) return;
    }
    this.#offsetMs = offsetMs;
    this.#boundMs = found.boundMs;
  }

  /** Collector's clock minus the elapsed clock; undefined while nothing is known. */
  get offset(): { readonly offsetMs: number; readonly boundMs: number | undefined } | undefined {
    if (this.#offsetMs === undefined) return undefined;
    return { offsetMs: this.#offsetMs, boundMs: this.#boundMs };
  }

  /** The collector's wall clock now; the PC's own while nothing is known. */
  nowMs(): number {
    if (this.#offsetMs === undefined) return this.#clock.wallMs();
    return this.#clock.elapsedMs() + this.#offsetMs;
  }
}
