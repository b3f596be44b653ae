import { createHash } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigError } from '../../config-error.ts';
import type { Log } from '../../log.ts';
import { Ledger } from '../ledger.ts';
import type {
  AppendOutcome,
  BackupFile,
  DeliveredRange,
  MaintenanceReport,
  PercentileQuery,
  RetentionPolicy,
  SeriesQuery,
  SeriesRow,
  SeriesStatus,
  SeriesStore,
} from '../store.ts';
import { DAY_MS, dayOf, startOfDay } from '../tables.ts';
import { InfluxBuffer } from './influx-buffer.ts';
import { createInfluxClient, type InfluxAddress, type InfluxClient } from './influx-client.ts';
import { pointsOf } from './influx-points.ts';
import { askPercentiles, askSeries, rollUpDay } from './influx-questions.ts';

/** Settings of the store. */
export interface InfluxStoreOptions extends InfluxAddress {
  /** Folder of the buffer, the ledger and what the server refused. */
  readonly directory: string;
  readonly bufferBytes: number;
  readonly rawDays: number;
  readonly minuteDays: number;
  readonly wallMs: () => number;
}

const POINTS_PER_POST = 5_000;
const DRAIN_EVERY_MS = 500;
const RETRY_FIRST_MS = 500;
const RETRY_LAST_MS = 15_000;
const FULL_RETRY_AFTER_MS = 10_000;
const FILL_WARNING = 0.8;
/** A day is closed this long after its end. */
const CLOSING_GRACE_MS = 3_600_000;

/** InfluxDB 1.x behind a bounded buffer on disk: what is appended is durable before it is posted. */
export class InfluxStore implements SeriesStore {
  readonly kind = 'influx';
  readonly #options: InfluxStoreOptions;
  readonly #log: Log;
  readonly #client: InfluxClient;
  readonly #buffer: InfluxBuffer;
  readonly #ledger = new Ledger();
  readonly #stopping = new AbortController();
  #drain: Promise<void> | undefined;
  #isPrepared = false;
  #unreachableReason: string | undefined;
  #poisonedPoints = 0;
  #failures = 0;

  constructor(options: InfluxStoreOptions, log: Log) {
    this.#options = options;
    this.#log = log;
    this.#client = createInfluxClient(options);
    mkdirSync(options.directory, { recursive: true });
    this.#buffer = new InfluxBuffer(join(options.directory, 'buffer'), options.bufferBytes);
  }

  async open(): Promise<void> {
    const greeting = await this.#client.greet();
    if (greeting.kind === 'foreign') {
      throw new ConfigError(
        `series.influx.url ${this.#options.url}: another program answers there (${greeting.detail}); name the address of InfluxDB 1.x`,
      );
    }
    if (greeting.kind === 'influx' && !greeting.version.startsWith('1.')) {
      throw new ConfigError(
        `series.influx.url ${this.#options.url}: InfluxDB ${greeting.version} is not supported, 1.x is; or set series.store to duckdb`,
      );
    }
    if (greeting.kind === 'nobody') this.#setUnreachable(greeting.detail);
    for (const range of readLedger(this.#ledgerFile())) this.#ledger.addRange(range);
    for (const row of this.#buffer.waiting()) this.#ledger.add(row);
    this.#drain = this.#drainUntilStopped();
  }

  async append(rows: readonly SeriesRow[]): Promise<AppendOutcome> {
    if (rows.length === 0) return { kind: 'durable' };
    if (this.#buffer.isFull) return { kind: 'full', retryAfterMs: FULL_RETRY_AFTER_MS };
    try {
      await this.#buffer.append(rows);
    } catch (error) {
      return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
    for (const row of rows) this.#ledger.add(row);
    return { kind: 'durable' };
  }

  async delivered(): Promise<readonly DeliveredRange[]> {
    return this.#ledger.ranges();
  }

  series(query: SeriesQuery): ReturnType<SeriesStore['series']> {
    const rawSinceMs =
      startOfDay(dayOf(this.#options.wallMs() - this.#options.rawDays * DAY_MS)) + DAY_MS;
    return askSeries(this.#client, query, rawSinceMs);
  }

  percentiles(query: PercentileQuery): ReturnType<SeriesStore['percentiles']> {
    return askPercentiles(this.#client, query);
  }

  /** Rolls up the closed days that the raw policy still holds; the server drops by itself. */
  async maintain(nowMs: number, policy: RetentionPolicy): Promise<MaintenanceReport> {
    await this.#client.prepare(policy);
    const rolledUpDays: string[] = [];
    // Late rows may have come for any day that a journal still reaches: those are made again.
    for (let back = Math.min(policy.rawDays, 4); back >= 1; back -= 1) {
      const day = dayOf(nowMs - back * DAY_MS);
      if (startOfDay(day) + DAY_MS + CLOSING_GRACE_MS > nowMs) continue;
      await rollUpDay(this.#client, day);
      rolledUpDays.push(day);
    }
    return {
      sortedDays: [],
      rolledUpDays,
      droppedRawDays: [],
      droppedMinuteParts: [],
      freedBytes: 0,
    };
  }

  status(): SeriesStatus {
    const warnings: string[] = [];
    const advice: string[] = [];
    const warn = (token: string, sentence: string): void => {
      warnings.push(token);
      advice.push(sentence);
    };
    if (this.#unreachableReason !== undefined) {
      warn(
        'influxUnreachable',
        `InfluxDB at ${this.#options.url} does not take data (${this.#unreachableReason}): start it; ${this.#buffer.rows} heartbeats wait on disk`,
      );
    }
    if (this.#buffer.fill >= FILL_WARNING) {
      warn(
        'bufferNearlyFull',
        `the buffer in front of InfluxDB is ${Math.round(this.#buffer.fill * 100)} % full; when it is full the agents keep their heartbeats`,
      );
    }
    if (this.#poisonedPoints > 0) {
      warn(
        'poisonedPoints',
        `InfluxDB refused ${this.#poisonedPoints} points; they stand in ${this.#poisonFile()}`,
      );
    }
    return {
      ready: !this.#buffer.isFull,
      warnings,
      advice,
      bytesOnDisk: this.#buffer.bytes,
      bufferedRows: this.#buffer.rows,
      bufferedBytes: this.#buffer.bytes,
    };
  }

  /** The server's own data are copied by `influxd backup`; this is what only we have. */
  async backup(directory: string): Promise<readonly BackupFile[]> {
    this.#saveLedger();
    mkdirSync(join(directory, 'buffer'));
    const files = this.#buffer
      .files()
      .map(({ name, path }) => ({ from: path, to: `buffer/${name}` }));
    const all = [...files, { from: this.#ledgerFile(), to: 'delivered.json' }];
    return all
      .filter(({ from }) => existsSync(from))
      .map(({ from, to }) => {
        copyFileSync(from, join(directory, to));
        const sha256 = createHash('sha256')
          .update(readFileSync(join(directory, to)))
          .digest('hex');
        return { path: to, bytes: statSync(join(directory, to)).size, sha256 };
      });
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#drain;
    this.#saveLedger();
    await this.#buffer.close();
  }

  async #drainUntilStopped(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const isDone = await this.#drainOnce().catch((error: unknown) => {
        this.#log.error({ error: String(error) }, 'the buffer of InfluxDB is tried again later');
        return false;
      });
      this.#failures = isDone ? 0 : this.#failures + 1;
      const ceiling = Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** Math.min(this.#failures, 10));
      const waitMs = isDone ? DRAIN_EVERY_MS : ceiling * (0.5 + Math.random() / 2);
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Posts the oldest segments until there are none; false when the server does not take them. */
  async #drainOnce(): Promise<boolean> {
    for (
      let segment = await this.#buffer.oldest();
      segment;
      segment = await this.#buffer.oldest()
    ) {
      const points = segment.batches.flatMap((batch) => batch.flatMap(pointsOf));
      for (let from = 0; from < points.length; from += POINTS_PER_POST) {
        if (!(await this.#post(points.slice(from, from + POINTS_PER_POST)))) return false;
      }
      // The ledger first: without it a heartbeat that is resent later would be taken for new.
      this.#saveLedger();
      this.#buffer.remove(segment.number);
      if (this.#stopping.signal.aborted) return true;
    }
    return true;
  }

  async #post(points: ReturnType<typeof pointsOf>): Promise<boolean> {
    if (!(await this.#prepared())) return false;
    const outcome = await this.#client.write(points);
    if (outcome.kind === 'unreachable') {
      this.#setUnreachable(outcome.reason);
      return false;
    }
    this.#unreachableReason = undefined;
    if (outcome.kind === 'poison') this.#setAside(points, outcome.reason);
    return true;
  }

  async #prepared(): Promise<boolean> {
    if (this.#isPrepared) return true;
    try {
      await this.#client.prepare(this.#options);
      this.#isPrepared = true;
      return true;
    } catch (error) {
      this.#setUnreachable(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  #setUnreachable(reason: string): void {
    if (this.#unreachableReason === undefined) {
      this.#log.warn(
        { reason, url: this.#options.url },
        'InfluxDB does not take data; they wait on disk',
      );
    }
    this.#unreachableReason = reason;
  }

  #setAside(points: ReturnType<typeof pointsOf>, reason: string): void {
    this.#poisonedPoints += points.length;
    this.#log.error({ reason, points: points.length }, 'InfluxDB refused points; they stand aside');
    appendFileSync(this.#poisonFile(), `${JSON.stringify({ reason, points })}\n`);
  }

  #saveLedger(): void {
    const draft = `${this.#ledgerFile()}.new`;
    writeFileSync(draft, JSON.stringify(this.#ledger.ranges()));
    renameSync(draft, this.#ledgerFile());
  }

  #ledgerFile(): string {
    return join(this.#options.directory, 'delivered.json');
  }

  #poisonFile(): string {
    return join(this.#options.directory, 'refused.jsonl');
  }
}

function readLedger(path: string): DeliveredRange[] {
  if (!existsSync(path)) return [];
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as DeliveredRange[];
  } catch {
    throw new ConfigError(
      `${path} is damaged: restore it from a backup, or delete it and accept that resent heartbeats count twice`,
    );
  }
}
