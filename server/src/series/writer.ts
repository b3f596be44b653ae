import { nextBatch } from './batch.ts';
import { Ledger } from './ledger.ts';
import type { AppendOutcome, SeriesRow, SeriesStore } from './store.ts';

/** Timers as a seam: tests drive virtual ones. */
export interface WriterTimers {
  set(callback: () => void, afterMs: number): unknown;
  clear(timer: unknown): void;
}

/** Sizes and rhythm of the writer. */
export interface WriterOptions {
  /** A commit is made this long after the first row of a batch came. */
  readonly commitEveryMs: number;
  /** Rows of one commit; a fuller batch is committed at once, in parts. */
  readonly maxBatchRows: number;
  /** UTC days of one commit, each a file: 30 ms in DuckDB. Three days of a journal and today. */
  readonly maxBatchDays: number;
  /** Rows that wait in memory; beyond it rows are refused and their agents keep them. */
  readonly maxPendingRows: number;
  /** Back-off after a failed commit: doubles from the first to the last, ±50 %. */
  readonly retryFirstMs: number;
  readonly retryLastMs: number;
}

/** What the writer tells its owner. */
export interface WriterListener {
  /** These rows survive anything from now on. */
  durable(rows: readonly SeriesRow[], tookMs: number): void;
  /** A commit did not work; it is tried again. */
  failed(outcome: Exclude<AppendOutcome, { kind: 'durable' }>): void;
}

/** What the writer works with. */
export interface WriterParts {
  readonly store: SeriesStore;
  readonly listener: WriterListener;
  readonly timers: WriterTimers;
  readonly monotonicMs: () => number;
  readonly random: () => number;
}

export const defaultWriterOptions: WriterOptions = {
  commitEveryMs: 1_000,
  maxBatchRows: 20_000,
  maxBatchDays: 4,
  maxPendingRows: 50_000,
  retryFirstMs: 250,
  retryLastMs: 10_000,
};

/** What became of an offered row. */
export type Offer =
  /** It waits for a commit; `durable` will name it. */
  | 'pending'
  /** It is stored already. */
  | 'durable'
  /** There is no room; its agent must keep it. */
  | 'refused';

/** Groups rows into commits, one at a time, and lets each heartbeat in once. */
export class SeriesWriter {
  readonly #parts: WriterParts;
  readonly #options: WriterOptions;
  readonly #ledger = new Ledger();
  readonly #inFlight = new Set<string>();
  #pending: SeriesRow[] = [];
  #timer: unknown;
  #committing: Promise<void> | undefined;
  #failures = 0;
  #waitMs = 0;
  /** What the store said of how long agents should wait. */
  #agentWaitMs = 0;
  #closed = false;

  constructor(parts: WriterParts, options: WriterOptions = defaultWriterOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  /** Reads what is durable already. Must end before the first offer. */
  async load(): Promise<void> {
    for (const range of await this.#parts.store.delivered()) this.#ledger.addRange(range);
  }

  /** Rows taken and not yet durable. */
  get pendingRows(): number {
    return this.#inFlight.size;
  }

  /** How long an agent whose row was refused should wait. */
  get retryAfterMs(): number {
    return Math.max(this.#agentWaitMs, this.#waitMs, this.#options.commitEveryMs);
  }

  offer(row: SeriesRow): Offer {
    if (this.#ledger.has(row.workstationId, row.bootId, row.seq)) return 'durable';
    const identity = identityOf(row);
    if (this.#inFlight.has(identity)) return 'pending';
    if (this.#closed || this.#inFlight.size >= this.#options.maxPendingRows) return 'refused';
    this.#inFlight.add(identity);
    this.#pending.push(row);
    this.#plan();
    return 'pending';
  }

  /** Commits everything that waits now; answers false when the store does not take it. */
  async flush(): Promise<boolean> {
    while (this.#pending.length > 0 || this.#committing) {
      const failuresBefore = this.#failures;
      await (this.#committing ?? this.#startCommit());
      if (this.#failures > failuresBefore) return false;
    }
    return true;
  }

  /** Takes no more rows and makes a last attempt to commit. */
  async close(): Promise<boolean> {
    this.#closed = true;
    const flushed = await this.flush();
    this.#clearTimer();
    return flushed;
  }

  #plan(): void {
    if (this.#committing || this.#pending.length === 0) return;
    if (this.#failures === 0 && this.#pending.length >= this.#options.maxBatchRows) {
      this.#clearTimer();
      void this.#startCommit();
      return;
    }
    this.#timer ??= this.#parts.timers.set(
      () => {
        this.#timer = undefined;
        void this.#startCommit();
      },
      this.#failures === 0 ? this.#options.commitEveryMs : this.#waitMs,
    );
  }

  #startCommit(): Promise<void> {
    this.#clearTimer();
    this.#committing ??= this.#commit().finally(() => {
      this.#committing = undefined;
      if (!this.#closed || this.#failures === 0) this.#plan();
    });
    return this.#committing;
  }

  async #commit(): Promise<void> {
    const rows = nextBatch(this.#pending, {
      maxRows: this.#options.maxBatchRows,
      maxDays: this.#options.maxBatchDays,
    });
    const startedMs = this.#parts.monotonicMs();
    const outcome = await this.#parts.store.append(rows);
    if (outcome.kind !== 'durable') {
      this.#failures += 1;
      // Agents wait as long as the store says; the writer itself looks sooner whether there is room.
      this.#waitMs = this.#backOffMs();
      this.#agentWaitMs = outcome.kind === 'full' ? outcome.retryAfterMs : 0;
      this.#parts.listener.failed(outcome);
      return;
    }
    this.#failures = 0;
    this.#waitMs = 0;
    this.#agentWaitMs = 0;
    // What came during the commit waits with the rest.
    const committed = new Set(rows);
    this.#pending = this.#pending.filter((row) => !committed.has(row));
    for (const row of rows) {
      this.#ledger.add(row);
      this.#inFlight.delete(identityOf(row));
    }
    this.#parts.listener.durable(rows, this.#parts.monotonicMs() - startedMs);
  }

  #backOffMs(): number {
    const { retryFirstMs, retryLastMs } = this.#options;
    const ceiling = Math.min(retryLastMs, retryFirstMs * 2 ** Math.min(this.#failures, 20));
    return ceiling * (0.5 + this.#parts.random());
  }

  #clearTimer(): void {
    if (this.#timer !== undefined) this.#parts.timers.clear(this.#timer);
    this.#timer = undefined;
  }
}

function identityOf(row: SeriesRow): string {
  return `${row.workstationId}/${row.bootId}/${row.seq}`;
}
