import { hasSettled, tailBytesPerSecond } from './throughput-estimate.ts';

/** Arrivals closer than this are counted together: a fast line has thousands a second. */
const ARRIVAL_GRAIN_MS = 5;
/** A line that brings this much in this time is faster than any contract (480 Mbit/s). */
const PLENTY_BYTES = 3_000_000;
const PLENTY_MS = 50;

/** What a test may cost. */
export interface TestBudget {
  readonly maxBytes: number;
  readonly maxMs: number;
}

/** Counts the bytes of a test over all of its connections and says when it is enough. Time is given. */
export class ArrivalMeter {
  readonly #budget: TestBudget;
  readonly #startMs: number;
  #nowMs: number;
  readonly #arrivals: { atMs: number; bytes: number }[] = [];
  #bytes = 0;

  constructor(budget: TestBudget, startMs: number) {
    this.#budget = budget;
    this.#startMs = startMs;
    this.#nowMs = startMs;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** True when the test should end: budget spent, speed settled, or plenty. */
  add(bytes: number, nowMs: number): boolean {
    this.#bytes += bytes;
    this.#nowMs = nowMs;
    const last = this.#arrivals.at(-1);
    if (last && nowMs - last.atMs < ARRIVAL_GRAIN_MS) last.bytes += bytes;
    else this.#arrivals.push({ atMs: nowMs, bytes });
    const passedMs = nowMs - this.#startMs;
    const isOver = this.#bytes >= this.#budget.maxBytes || passedMs >= this.#budget.maxMs;
    const isPlenty = this.#bytes >= PLENTY_BYTES && passedMs <= PLENTY_MS;
    return isOver || isPlenty || hasSettled(this.#arrivals, this.#startMs, nowMs);
  }

  /** Speed of the tail, bytes a second; undefined when too little came. */
  bytesPerSecond(): number | undefined {
    return tailBytesPerSecond(this.#arrivals, this.#startMs, this.#nowMs);
  }
}

/** Outcome of a throughput test. */
export type ThroughputOutcome =
  | { readonly kind: 'measured'; readonly bytesPerSecond: number; readonly bytes: number }
  | {
      readonly kind: 'failed';
      readonly reason: 'noAnswer' | 'refusedByCollector' | 'tooShort' | 'lineBusy';
    };

/** The outcome of what a meter has counted. */
export function outcomeOf(meter: {
  readonly bytes: number;
  bytesPerSecond(): number | undefined;
}): ThroughputOutcome {
  const bytesPerSecond = meter.bytesPerSecond();
  return bytesPerSecond === undefined
    ? { kind: 'failed', reason: 'tooShort' }
    : { kind: 'measured', bytesPerSecond, bytes: meter.bytes };
}
