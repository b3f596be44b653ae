import type {
  BackupFile,
  DeliveredRange,
  MaintenanceReport,
  PercentileMinute,
  PercentileQuery,
  RetentionPolicy,
  SeriesAnswer,
  SeriesQuery,
  SeriesRow,
} from '../store.ts';

/** Calls that the main thread makes into the worker. Everything is structured-cloneable. */
export interface EngineApi {
  open(): Promise<EngineReport>;
  append(rows: readonly SeriesRow[]): Promise<void>;
  /** Those of `rows` that are not stored yet: asked after a commit of unknown outcome. */
  missing(rows: readonly SeriesRow[]): Promise<readonly SeriesRow[]>;
  delivered(): Promise<readonly DeliveredRange[]>;
  series(query: SeriesQuery): Promise<SeriesAnswer>;
  percentiles(query: PercentileQuery): Promise<readonly PercentileMinute[]>;
  maintain(nowMs: number, policy: RetentionPolicy): Promise<MaintenanceReport>;
  backup(directory: string): Promise<readonly BackupFile[]>;
  report(): Promise<EngineReport>;
  close(): Promise<void>;
}

/** What the worker says of its files. */
export interface EngineReport {
  /** Damaged files that were set aside, by name. */
  readonly setAside: readonly string[];
}

/** How the worker is started. */
export interface EngineOptions {
  readonly directory: string;
  readonly memoryLimitBytes: number;
  readonly threads: number;
  /** Journals of agents reach this far back: what is older cannot come twice. */
  readonly horizonMs: number;
}

/** A call on its way to the worker. */
export interface EngineCall {
  readonly id: number;
  readonly method: keyof EngineApi;
  readonly parameters: readonly unknown[];
}

/** Its answer. `config` marks an error that a person must act on. */
export type EngineReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string; readonly config: boolean };
