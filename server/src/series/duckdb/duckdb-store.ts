import { readdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../config.ts';
import type { Log } from '../../log.ts';
import type {
  AppendOutcome,
  SeriesQuery,
  SeriesRow,
  SeriesStatus,
  SeriesStore,
  PercentileQuery,
  RetentionPolicy,
} from '../store.ts';
import type { EngineApi, EngineOptions, EngineReport } from './engine-api.ts';
import { startEngineWorker, type EngineWorker } from './engine-worker.ts';

/** Settings of the embedded store. */
export interface DuckdbStoreOptions extends EngineOptions {
  /** For warnings; `maintain` gets its own policy. */
  readonly diskBudgetBytes: number;
}

/** Share of the budget at which the warning starts. */
const BUDGET_WARNING = 0.8;
/** Free space of the disk under which everything is at risk. */
const DISK_WARNING_BYTES = 2_000_000_000;
/** Sizes of files are read at most this often. */
const SIZE_TTL_MS = 10_000;
/** A thread that died is started again after this, doubled each time up to the last. */
const RESTART_FIRST_MS = 200;
const RESTART_LAST_MS = 30_000;

/** DuckDB in a worker thread: a file a UTC day, roll-ups by the minute, a file a month. */
export class DuckdbStore implements SeriesStore {
  readonly kind = 'duckdb';
  readonly #options: DuckdbStoreOptions;
  readonly #log: Log;
  #worker: EngineWorker | undefined;
  #restarting: Promise<void> | undefined;
  #restarts = 0;
  #closed = false;
  /** The last commit failed half-way or its answer was lost: rows are looked for before a retry. */
  #inDoubt = false;
  #report: EngineReport = { setAside: [] };
  #sizeReadAtMs = Number.NEGATIVE_INFINITY;
  #bytes = 0;
  #freeBytes = Number.POSITIVE_INFINITY;

  constructor(options: DuckdbStoreOptions, log: Log) {
    this.#options = options;
    this.#log = log;
  }

  async open(): Promise<void> {
    this.#worker = this.#start();
    this.#report = await this.#worker.engine.open();
    for (const file of this.#report.setAside) {
      this.#log.error(
        { file },
        'a damaged store file stands aside; its history is missing until it is restored',
      );
    }
  }

  async append(rows: readonly SeriesRow[]): Promise<AppendOutcome> {
    if (rows.length === 0) return { kind: 'durable' };
    try {
      const engine = await this.#engine();
      const wanted = this.#inDoubt ? await engine.missing(rows) : rows;
      this.#inDoubt = true;
      if (wanted.length > 0) await engine.append(wanted);
      this.#inDoubt = false;
      this.#restarts = 0;
      return { kind: 'durable' };
    } catch (error) {
      return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  async delivered(): ReturnType<SeriesStore['delivered']> {
    return (await this.#engine()).delivered();
  }

  async series(query: SeriesQuery): ReturnType<SeriesStore['series']> {
    return (await this.#engine()).series(query);
  }

  async percentiles(query: PercentileQuery): ReturnType<SeriesStore['percentiles']> {
    return (await this.#engine()).percentiles(query);
  }

  async maintain(nowMs: number, policy: RetentionPolicy): ReturnType<SeriesStore['maintain']> {
    const engine = await this.#engine();
    const report = await engine.maintain(nowMs, policy);
    this.#report = await engine.report();
    return report;
  }

  async backup(directory: string): ReturnType<SeriesStore['backup']> {
    return (await this.#engine()).backup(directory);
  }

  status(): SeriesStatus {
    const warnings: string[] = [];
    const advice: string[] = [];
    const warn = (token: string, sentence: string): void => {
      warnings.push(token);
      advice.push(sentence);
    };
    const { directory, diskBudgetBytes } = this.#options;
    this.#readSizes();
    const [bytesOnDisk, freeBytes] = [this.#bytes, this.#freeBytes];
    const setAside = this.#report.setAside;
    if (setAside.length > 0) {
      warn(
        'damagedFileSetAside',
        `${setAside.join(', ')} in ${directory} is damaged: restore it from a backup, then delete it`,
      );
    }
    if (bytesOnDisk > diskBudgetBytes) {
      warn(
        'diskBudgetExceeded',
        `the series take ${bytesOnDisk} bytes of ${diskBudgetBytes}: the oldest days are dropped at the next maintenance; raise series.diskBudgetBytes to keep them`,
      );
    } else if (bytesOnDisk > BUDGET_WARNING * diskBudgetBytes) {
      warn(
        'diskBudgetNearlyFull',
        `the series take ${bytesOnDisk} bytes of ${diskBudgetBytes}: raise series.diskBudgetBytes or lower series.rawDays`,
      );
    }
    if (freeBytes < DISK_WARNING_BYTES) {
      warn(
        'diskNearlyFull',
        `${freeBytes} bytes are free on the disk of ${directory}: make room, the collector stops acking when it is full`,
      );
    }
    if (this.#restarting)
      warn(
        'storeRestarting',
        'the series store is being started again; agents keep their heartbeats',
      );
    return {
      ready: !this.#restarting && !this.#closed,
      warnings,
      advice,
      bytesOnDisk,
      bufferedRows: 0,
      bufferedBytes: 0,
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#restarting;
    const worker = this.#worker;
    if (!worker) return;
    try {
      await worker.engine.close();
    } finally {
      await worker.terminate();
    }
  }

  /** Ends the thread as a native crash would. For tests. */
  async crash(): Promise<void> {
    await this.#worker?.terminate();
  }

  async #engine(): Promise<EngineApi> {
    await this.#restarting;
    if (!this.#worker || this.#closed) throw new Error('the series store is closed');
    return this.#worker.engine;
  }

  #start(): EngineWorker {
    const worker = startEngineWorker(this.#options);
    void worker.ended.then(() => {
      if (this.#closed || this.#worker !== worker) return;
      this.#inDoubt = true;
      this.#restarting = this.#restart().finally(() => (this.#restarting = undefined));
    });
    return worker;
  }

  async #restart(): Promise<void> {
    const waitMs = Math.min(RESTART_LAST_MS, RESTART_FIRST_MS * 2 ** this.#restarts);
    this.#restarts += 1;
    this.#log.error({ waitMs }, 'the series store ended unexpectedly and is started again');
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (this.#closed) return;
    this.#worker = this.#start();
    try {
      this.#report = await this.#worker.engine.open();
    } catch (error) {
      this.#log.error({ error: String(error) }, 'the series store does not start');
    }
  }

  /** Asked by timers: a system that has no file descriptor left must not end the process here. */
  #readSizes(): void {
    const { directory } = this.#options;
    const nowMs = performance.now();
    try {
      this.#freeBytes = freeBytesOf(directory);
      if (nowMs - this.#sizeReadAtMs < SIZE_TTL_MS) return;
      this.#sizeReadAtMs = nowMs;
      this.#bytes = sizeOf(join(directory, 'raw')) + sizeOf(join(directory, 'minute'));
    } catch (error) {
      this.#log.debug({ error: codeOf(error) }, 'the sizes of the series are those of before');
    }
  }
}

function sizeOf(directory: string): number {
  let bytes = 0;
  for (const name of readdirSync(directory)) {
    bytes += statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

function freeBytesOf(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}
