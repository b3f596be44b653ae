/** One exchange with the collector. PC's times are monotonic, the collector's are its wall clock. */
export interface ClockExchange {
  readonly sentMs: number;
  readonly receivedMs: number;
  readonly collectorReceivedMs: number;
  readonly collectorSentMs: number;
}

/** Exchanges that are kept: the best of them decides. */
const KEPT = 16;
/** The collector tells whole milliseconds, and crystals drift 8 ms apart while 16 exchanges pass. */
const TOLERANCE_MS = 10;

interface Sample {
  readonly rttMs: number;
  readonly offsetMs: number;
}

/**
 * The collector's clock as seen from here: the exchange with the shortest round trip of the last 16
 * wins (Cristian's rule; a queue makes a trip longer, never shorter). Works on the monotonic clock,
 * so a step of the PC's wall clock shows at once and spoils nothing. Linux' monotonic clock stands
 * still while the PC sleeps: what contradicts the newest exchange is from before and goes.
 */
export class ClockEstimate {
  #exchanges: Sample[] = [];

  add(exchange: ClockExchange): void {
    const { sentMs, receivedMs, collectorReceivedMs, collectorSentMs } = exchange;
    const rttMs = receivedMs - sentMs - (collectorSentMs - collectorReceivedMs);
    if (!(rttMs >= 0)) return;
    const offsetMs = (collectorReceivedMs - sentMs + (collectorSentMs - receivedMs)) / 2;
    const newest = { rttMs, offsetMs };
    const agreeing = this.#exchanges.filter((each) => isConsistent(each, newest));
    this.#exchanges = [...agreeing.slice(1 - KEPT), newest];
  }

  /** Forgets everything: a new connection may lead to another collector. */
  clear(): void {
    this.#exchanges = [];
  }

  /** PC's wall clock minus the collector's, and the bound of the error: half the best round trip. */
  skew(wallMs: number, monotonicMs: number): { skewMs: number; boundMs: number } | undefined {
    const collector = this.collectorClock(monotonicMs);
    if (!collector) return undefined;
    return { skewMs: wallMs - collector.collectorMs, boundMs: collector.boundMs };
  }

  /** The collector's wall clock at a monotonic time, and the bound of the error. */
  collectorClock(monotonicMs: number): { collectorMs: number; boundMs: number } | undefined {
    const best = this.#exchanges.reduce<Sample | undefined>(
      (found, each) => (found === undefined || each.rttMs < found.rttMs ? each : found),
      undefined,
    );
    if (!best) return undefined;
    return { collectorMs: monotonicMs + best.offsetMs, boundMs: best.rttMs / 2 };
  }

  /** Median round trip, ms; undefined before the first. */
  medianRttMs(): number | undefined {
    const sorted = this.#exchanges.map((each) => each.rttMs).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  }
}

/** The true offset lies within half a round trip of each: both cannot be true where none is common. */
function isConsistent(one: Sample, other: Sample): boolean {
  return Math.abs(one.offsetMs - other.offsetMs) <= (one.rttMs + other.rttMs) / 2 + TOLERANCE_MS;
}
