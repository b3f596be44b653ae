/** One exchange with the collector. PC's times are monotonic, the collector's are its wall clock. */
export interface ClockExchange {
  readonly sentMs: number;
  readonly receivedMs: number;
  readonly collectorReceivedMs: number;
  readonly collectorSentMs: number;
}

/** Exchanges that are kept: the best of them decides. */
const KEPT = 16;

/**
 * The collector's clock as seen from here: the exchange with the shortest round trip of the last 16
 * wins (Cristian's rule; a queue makes a trip longer, never shorter). Works on the monotonic clock,
 * so a step of the PC's wall clock shows at once and spoils nothing.
 */
export class ClockEstimate {
  #exchanges: { readonly rttMs: number; readonly offsetMs: number }[] = [];

  add(exchange: ClockExchange): void {
    const { sentMs, receivedMs, collectorReceivedMs, collectorSentMs } = exchange;
    const rttMs = receivedMs - sentMs - (collectorSentMs - collectorReceivedMs);
    if (!(rttMs >= 0)) return;
    const offsetMs = (collectorReceivedMs - sentMs + (collectorSentMs - receivedMs)) / 2;
    this.#exchanges = [...this.#exchanges.slice(1 - KEPT), { rttMs, offsetMs }];
  }

  /** Forgets everything: a new connection may lead to another collector. */
  clear(): void {
    this.#exchanges = [];
  }

  /** PC's wall clock minus the collector's, and the bound of the error: half the best round trip. */
  skew(wallMs: number, monotonicMs: number): { skewMs: number; boundMs: number } | undefined {
    const best = this.#exchanges.reduce<{ rttMs: number; offsetMs: number } | undefined>(
      (found, each) => (found === undefined || each.rttMs < found.rttMs ? each : found),
      undefined,
    );
    if (!best) return undefined;
    return { skewMs: wallMs - (monotonicMs + best.offsetMs), boundMs: best.rttMs / 2 };
  }

  /** Median round trip, ms; undefined before the first. */
  medianRttMs(): number | undefined {
    const sorted = this.#exchanges.map((each) => each.rttMs).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  }
}
