import type { HeartbeatWitness } from './agent.ts';
import { CollectorLosses, type CollectorLoss } from './collector-losses.ts';
import { Latencies } from './latency.ts';
import type { JournalRecord } from './memory-journal.ts';

/** What a run has done so far. */
export interface SimulationCounters {
  readonly produced: number;
  readonly acked: number;
  /** Dropped unacked because a journal was full. */
  readonly dropped: number;
  /** Sockets that are live now, and sockets that were ever opened and welcomed. */
  readonly live: number;
  readonly opened: number;
  readonly welcomed: number;
  /** Close codes of sockets that the simulator did not end itself. */
  readonly closes: Readonly<Record<string, number>>;
  /** From the heartbeat to its ack, real milliseconds; undefined before the first. */
  readonly ackMs: {
    readonly p50: number | undefined;
    readonly p99: number | undefined;
    readonly max: number;
  };
  readonly losses: readonly CollectorLoss[];
}

/** Connects that are remembered with their moment; older ones are only counted. */
const MAX_CONNECTS = 100_000;

/** Counts what a run does. Times are real milliseconds since its start. */
export class Tally implements HeartbeatWitness {
  readonly #nowMs: () => number;
  readonly #latencies = new Latencies();
  readonly #losses = new CollectorLosses();
  readonly #closes = new Map<number, number>();
  #connectsMs: number[] = [];
  #produced = 0;
  #acked = 0;
  #dropped = 0;
  #opened = 0;
  #welcomed = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  get live(): number {
    return this.#losses.live;
  }

  /** Neither acked nor dropped. */
  get open(): number {
    return this.#produced - this.#acked - this.#dropped;
  }

  /** Moments of the newest connects, in order. */
  get connectsMs(): readonly number[] {
    return this.#connectsMs;
  }

  produced(): void {
    this.#produced += 1;
  }

  acked(_agentId: string, record: JournalRecord): void {
    this.#acked += 1;
    this.#latencies.add(this.#nowMs() - record.producedMonotonicMs);
  }

  dropped(): void {
    this.#dropped += 1;
  }

  opened(): void {
    this.#opened += 1;
    const nowMs = this.#nowMs();
    this.#losses.opened(nowMs);
    this.#connectsMs.push(nowMs);
    if (this.#connectsMs.length > 2 * MAX_CONNECTS)
      this.#connectsMs = this.#connectsMs.slice(MAX_CONNECTS);
  }

  welcomed(): void {
    this.#welcomed += 1;
    this.#losses.welcomed(this.#nowMs());
  }

  lost(byUs: boolean): void {
    if (byUs) this.#losses.ended();
    else this.#losses.lost(this.#nowMs());
  }

  closed(code: number): void {
    this.#closes.set(code, (this.#closes.get(code) ?? 0) + 1);
  }

  /** Forgets the latencies so far: a bench measures by phases. */
  clearLatencies(): void {
    this.#latencies.clear();
  }

  counters(): SimulationCounters {
    return {
      produced: this.#produced,
      acked: this.#acked,
      dropped: this.#dropped,
      live: this.#losses.live,
      opened: this.#opened,
      welcomed: this.#welcomed,
      closes: Object.fromEntries(this.#closes),
      ackMs: {
        p50: this.#latencies.quantileMs(0.5),
        p99: this.#latencies.quantileMs(0.99),
        max: this.#latencies.maxMs,
      },
      losses: this.#losses.list(),
    };
  }
}
