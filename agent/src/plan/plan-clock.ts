import type { Boot } from '../journal/produced-at.ts';
import type { CollectorTime } from '../link/collector-time.ts';
import type { ElapsedClock } from '../platform/clock.ts';

/** What earlier starts of the agent knew of the collector's clock. */
export interface KnownTime {
  /** Collector's clock minus the PC's wall clock, when the last boot that was connected ended. */
  readonly wallOffsetMs: number;
  /** The agent was seen to run until then. */
  readonly notBeforeMs: number;
}

/** What the journal's table of boots knows; undefined when none of them was ever connected. */
export function lastKnownTime(boots: readonly Boot[]): KnownTime | undefined {
  const at = boots.findLastIndex(({ offsetMs }) => offsetMs !== undefined);
  const last = boots[at];
  if (last?.offsetMs === undefined) return undefined;
  const ranMs = boots.slice(at).reduce((sum, { lastMonotonicMs }) => sum + lastMonotonicMs, 0);
  return {
    wallOffsetMs: last.offsetMs - last.startedWallMs,
    notBeforeMs: last.offsetMs + ranMs,
  };
}

/**
 * The clock that the plan goes by. Best the collector's own, as this boot measured it; then the PC's
 * wall clock put right by the error that it had, which is taken once and then counted on, so that no
 * step of it matters; it never stands before what was already seen: a PC whose battery is flat begins
 * where it stopped. Where nothing was ever known the PC's clock is all there is, and is followed.
 */
export class PlanClock {
  readonly #clock: Pick<ElapsedClock, 'wallMs' | 'elapsedMs'>;
  readonly #collectorTime: Pick<CollectorTime, 'offset' | 'nowMs'>;
  readonly #startedAtMs: number | undefined;

  constructor(
    clock: Pick<ElapsedClock, 'wallMs' | 'elapsedMs'>,
    collectorTime: Pick<CollectorTime, 'offset' | 'nowMs'>,
    known: KnownTime | undefined,
  ) {
    this.#clock = clock;
    this.#collectorTime = collectorTime;
    if (known) {
      const nowMs = Math.max(clock.wallMs() + known.wallOffsetMs, known.notBeforeMs);
      this.#startedAtMs = nowMs - clock.elapsedMs();
    }
  }

  /** Collector's clock, ms since 1970 UTC. */
  nowMs(): number {
    if (this.#collectorTime.offset) return this.#collectorTime.nowMs();
    return this.#startedAtMs === undefined
      ? this.#clock.wallMs()
      : this.#startedAtMs + this.#clock.elapsedMs();
  }
}
