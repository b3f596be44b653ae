import {
  deviceId,
  isDeviceFamily,
  metricOf,
  metricsOf,
  splitDeviceId,
  type Family,
  type MetricDefinition,
} from '@ppe-pulse/protocol/metrics';
import type { Metrics } from '@ppe-pulse/protocol';

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

/** Where a metric's values are: its family's table, a column, and a device in tables of devices. */
export interface SeriesPlace {
  readonly family: Family;
  readonly column: string;
  readonly device: number | undefined;
}

/** The place of a metric, undefined for one that the catalogue does not know. */
export function placeOf(metricId: string): SeriesPlace | undefined {
  const split = splitDeviceId(metricId);
  const family = metricOf(metricId)?.family;
  if (split === undefined || family === undefined) return undefined;
  const device = isDeviceFamily(family) ? split.device : undefined;
  return { family, column: columnName(split.base), device };
}

/** Values of one family in the order of its columns, a row for each device that was measured. */
export interface FamilyRow {
  readonly device: number | undefined;
  readonly values: readonly (number | null)[];
}

/** Rows of one family in one heartbeat; none where nothing was measured. Values are finite. */
export function familyRows(family: Family, metrics: Metrics): FamilyRow[] {
  if (!isDeviceFamily(family)) {
    const values = columnsOf(family).map(({ metric }) => finiteOrNull(metrics[metric.id]));
    return values.some((each) => each !== null) ? [{ device: undefined, values }] : [];
  }
  return [...devicesIn(family, metrics)].flatMap((device) => {
    const values = columnsOf(family).map(({ metric }) =>
      finiteOrNull(metrics[deviceId(metric.id, device)]),
    );
    return values.some((each) => each !== null) ? [{ device, values }] : [];
  });
}

function devicesIn(family: Family, metrics: Metrics): ReadonlySet<number> {
  const found = new Set<number>();
  for (const id in metrics) {
    // Most heartbeats have no metric of a device: the cheap test goes first.
    if (!id.startsWith(family)) continue;
    if (metricOf(id)?.family === family) found.add(splitDeviceId(id)?.device ?? 1);
  }
  return found;
}

function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
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
