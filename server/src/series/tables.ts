import { metricsOf, type Family, type MetricDefinition } from '@ppe-pulse/protocol';

/** A metric's place in the stores: `net.rtt.ms` is column `net_rtt_ms` of table `net`. */
export interface SeriesColumn {
  readonly metric: MetricDefinition;
  readonly name: string;
}

/** Columns of one family's table (DuckDB) or measurement (InfluxDB), in catalogue order. */
export function columnsOf(family: Family): readonly SeriesColumn[] {
  return metricsOf(family).map((metric) => ({ metric, name: columnName(metric.id) }));
}

/** Column or field name of a metric. Ids are dotted words, so nothing needs quoting. */
export function columnName(metricId: string): string {
  return metricId.replaceAll('.', '_');
}

/** The UTC day of a moment, `2026-11-23`: the name of its raw file. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** First millisecond of a UTC day. */
export function startOfDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;

/**
 * Width of a bucket: whole seconds, so that at most `points` of them cover the span.
 */
export function bucketWidthMs(fromMs: number, toMs: number, points: number): number {
  return Math.max(1, Math.ceil((toMs - fromMs) / points / 1_000)) * 1_000;
}
