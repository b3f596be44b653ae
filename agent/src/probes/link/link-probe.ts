import type { Clock } from '../../platform/clock.ts';
import type { Probe, ProbeOutcome } from '../probe.ts';
import { ClockEstimate, type ClockExchange } from './clock-estimate.ts';

/** Asks the collector for its clock over the agent's own socket; undefined when there is no link. */
export type ExchangeClock = (signal: AbortSignal) => Promise<ClockExchange> | undefined;

/** Round trip to the collector and the PC's clock against its. */
export class LinkProbe implements Probe {
  readonly name = 'link';
  readonly family = 'host';
  /** Each exchange costs the collector as much as a heartbeat: half as many are enough. */
  readonly periodMs = 10_000;
  readonly deadlineMs = 4_000;
  readonly #exchange: ExchangeClock;
  readonly #clock: Clock;
  readonly #estimate = new ClockEstimate();
  #isBusy = false;

  constructor(exchange: ExchangeClock, clock: Clock) {
    this.#exchange = exchange;
    this.#clock = clock;
  }

  /** True while the collector's clock is known. */
  get hasClock(): boolean {
    return this.#estimate.medianRttMs() !== undefined;
  }

  /** The collector's clock now, undefined while it is not known. */
  collectorClock(): { collectorMs: number; boundMs: number } | undefined {
    return this.#estimate.collectorClock(this.#clock.monotonicMs());
  }

  /** A throughput test fills the line: round trips during it say nothing of the line. */
  pause(isBusy: boolean): void {
    this.#isBusy = isBusy;
  }

  /** The connection is lost: the next one may lead to another collector, or come after a sleep. */
  clear(): void {
    this.#estimate.clear();
  }

  async measure(signal: AbortSignal): Promise<ProbeOutcome> {
    if (this.#isBusy) return { kind: 'measured', metrics: {} };
    const asked = this.#exchange(signal);
    if (!asked) {
      this.clear();
      return { kind: 'nothing' };
    }
    this.#estimate.add(await asked);
    const skew = this.#estimate.skew(this.#clock.wallMs(), this.#clock.monotonicMs());
    const rttMs = this.#estimate.medianRttMs();
    return {
      kind: 'measured',
      metrics: {
        ...(rttMs === undefined ? {} : { 'net.rtt.ms': rttMs }),
        ...(skew ? { 'clock.skew.ms': skew.skewMs, 'clock.bound.ms': skew.boundMs } : {}),
      },
    };
  }
}
