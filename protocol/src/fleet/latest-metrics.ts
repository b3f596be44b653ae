import type { Metrics } from '../messages/shared.ts';

/** A number and when it was read, collector's wall clock. */
export interface MetricValue {
  readonly value: number;
  readonly atMs: number;
}

/**
 * The last known value of every metric. The newest heartbeat's numbers are kept as they came: most
 * metrics come with each heartbeat, and copying them all would cost more than the rest of the fold.
 */
export interface LatestMetrics {
  readonly newest: Metrics;
  readonly newestAtMs: number;
  /** Those that the newest heartbeat did not carry; may hold older values of those it did. */
  readonly older: ReadonlyMap<string, MetricValue>;
}

export const noMetrics: LatestMetrics = { newest: {}, newestAtMs: 0, older: new Map() };

/** What is known after a heartbeat. Pure. */
export function addMetrics(known: LatestMetrics, metrics: Metrics, atMs: number): LatestMetrics {
  let older: Map<string, MetricValue> | undefined;
  for (const id in known.newest) {
    const value = known.newest[id];
    if (id in metrics || value === undefined) continue;
    older ??= new Map(known.older);
    older.set(id, { value, atMs: known.newestAtMs });
  }
  return { newest: metrics, newestAtMs: atMs, older: older ?? known.older };
}

/**
 * What is known after a heartbeat that came late: only values that are newer than the known ones.
 * The same object when there are none. Pure.
 */
export function addLateMetrics(
  known: LatestMetrics,
  metrics: Metrics,
  atMs: number,
): LatestMetrics {
  let older: Map<string, MetricValue> | undefined;
  for (const id in metrics) {
    const value = metrics[id];
    const present = metricValue(known, id);
    if (value === undefined || (present && present.atMs >= atMs)) continue;
    older ??= new Map(known.older);
    older.set(id, { value, atMs });
  }
  return older ? { ...known, older } : known;
}

/** The last known value of a metric. */
export function metricValue(known: LatestMetrics, id: string): MetricValue | undefined {
  const value = known.newest[id];
  return value === undefined ? known.older.get(id) : { value, atMs: known.newestAtMs };
}

/** Every metric that was ever heard, with its last value. */
export function allMetrics(known: LatestMetrics): [string, MetricValue][] {
  const ids = new Set([...known.older.keys(), ...Object.keys(known.newest)]);
  return [...ids].flatMap((id): [string, MetricValue][] => {
    const found = metricValue(known, id);
    return found ? [[id, found]] : [];
  });
}
