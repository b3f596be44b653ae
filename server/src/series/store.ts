import type { Metrics, Mode, Verdict } from '@ppe-pulse/protocol';

/** One heartbeat as the series store keeps it. Identity: (workstationId, bootId, seq). */
export interface SeriesRow {
  readonly workstationId: string;
  readonly bootId: string;
  readonly seq: number;
  /** The relay that brought it, null for none: where its ack goes. Not stored. */
  readonly relayId: string | null;
  /** When it was produced, on the collector's clock, ms since 1970 UTC. */
  readonly atMs: number;
  /** When the collector took it, ms since 1970 UTC. */
  readonly takenAtMs: number;
  readonly mode: Mode;
  /** Standing of the workstation as the agent judged it. */
  readonly verdict: Verdict;
  /** Metric id → value; ids that the catalogue does not know are not stored. */
  readonly metrics: Metrics;
}

/** Outcome of `append`: the world's faults are values, not exceptions. */
export type AppendOutcome =
  /** Every row survives a `kill -9` and a power cut from now on. */
  | { readonly kind: 'durable' }
  /** The bounded buffer is full: nothing was kept. Ask agents to wait. */
  | { readonly kind: 'full'; readonly retryAfterMs: number }
  /** Nothing may be taken for kept; the same rows may be appended again. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Inclusive range of sequence numbers of one boot that are durable. */
export interface DeliveredRange {
  readonly workstationId: string;
  readonly bootId: string;
  readonly from: number;
  readonly to: number;
}

/** One metric of one or several workstations, down-sampled. */
export interface SeriesQuery {
  readonly metric: string;
  /** One id for a workstation, several for a ППЭ; buckets merge all of them. */
  readonly workstationIds: readonly string[];
  /** Half-open interval [fromMs, toMs). */
  readonly fromMs: number;
  readonly toMs: number;
  /** Buckets at most, 1…2000. The bucket width is a whole number of seconds. */
  readonly points: number;
}

/** Empty buckets are not returned. */
export interface SeriesBucket {
  readonly atMs: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  readonly count: number;
}

export interface SeriesAnswer {
  readonly bucketMs: number;
  readonly points: readonly SeriesBucket[];
}

/** Percentiles of one metric over all workstations, per minute. */
export interface PercentileQuery {
  readonly metric: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface PercentileMinute {
  readonly atMs: number;
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
  readonly count: number;
}

/** How long data are kept and how much disk they may take. */
export interface RetentionPolicy {
  readonly rawDays: number;
  readonly minuteDays: number;
  readonly diskBudgetBytes: number;
}

/** What a maintenance run did, in words for the job log. */
export interface MaintenanceReport {
  readonly sortedDays: readonly string[];
  readonly rolledUpDays: readonly string[];
  readonly droppedRawDays: readonly string[];
  readonly droppedMinuteParts: readonly string[];
  readonly freedBytes: number;
}

/** Health of the store for `/readyz`, `/metrics` and the board. */
export interface SeriesStatus {
  readonly ready: boolean;
  /** Reason tokens of what is not as it should be, empty when all is well. */
  readonly warnings: readonly string[];
  /** A sentence for the operator beside the warnings: what to do. */
  readonly advice: readonly string[];
  readonly bytesOnDisk: number;
  /** Rows and bytes in the on-disk buffer in front of a server store; zero for an embedded one. */
  readonly bufferedRows: number;
  readonly bufferedBytes: number;
}

/** One file of a backup, path relative to the backup's folder. */
export interface BackupFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Where heartbeats' metrics live. One contract suite runs over every implementation
 * (`test/contract/series-store.contract.ts`).
 */
export interface SeriesStore {
  readonly kind: 'duckdb' | 'influx';
  /** Opens or creates the store. Throws a `ConfigError` when a person must act first. */
  open(): Promise<void>;
  /** Never rejects for a fault of the world. Calls are made one after another. */
  append(rows: readonly SeriesRow[]): Promise<AppendOutcome>;
  /** Everything durable that an agent's journal may still hold, so that nothing is stored twice. */
  delivered(): Promise<readonly DeliveredRange[]>;
  series(query: SeriesQuery): Promise<SeriesAnswer>;
  percentiles(query: PercentileQuery): Promise<readonly PercentileMinute[]>;
  /** Sorts and rolls up closed days, drops what is too old. Safe to call at any time. */
  maintain(nowMs: number, policy: RetentionPolicy): Promise<MaintenanceReport>;
  status(): SeriesStatus;
  /** A consistent copy into an existing empty folder, while rows keep coming. */
  backup(directory: string): Promise<readonly BackupFile[]>;
  close(): Promise<void>;
}
