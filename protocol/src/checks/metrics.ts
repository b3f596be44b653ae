/** Probe families: one probe module of the agent and one table (measurement) of the series each. */
export const families = ['host', 'net', 'app'] as const;
export type Family = (typeof families)[number];

/** Units, spelled last in a metric's id. */
export type Unit = 'ratio' | 'bytes' | 'bytesPerSecond' | 'ms' | 'seconds' | 'count' | 'perSecond';

/** One number that a workstation may send. */
export interface MetricDefinition {
  readonly id: string;
  readonly family: Family;
  readonly unit: Unit;
  /** Digits after the point that are worth sending and storing: fewer bytes on the line and disk. */
  readonly decimals: number;
}

const metric = (family: Family, id: string, unit: Unit, decimals: number): MetricDefinition => ({
  id,
  family,
  unit,
  decimals,
});

/**
 * Every metric. A new one is one line here: wire, series store, API and charts read this list.
 * Ids are the checks' ids of `domain.md` plus the quantity and its unit.
 */
export const metrics: readonly MetricDefinition[] = [
  metric('host', 'pc.cpu.ratio', 'ratio', 3),
  metric('host', 'pc.ram.usedRatio', 'ratio', 3),
  metric('host', 'pc.ram.availableBytes', 'bytes', 0),
  metric('host', 'pc.disk.usedRatio', 'ratio', 4),
  metric('host', 'pc.disk.freeBytes', 'bytes', 0),
  metric('host', 'pc.uptime.seconds', 'seconds', 0),
  metric('host', 'clock.skew.ms', 'ms', 0),
  metric('host', 'clock.bound.ms', 'ms', 1),
  metric('host', 'agent.cpu.ratio', 'ratio', 4),
  metric('host', 'agent.rss.bytes', 'bytes', 0),
  metric('host', 'agent.loopDelay.ms', 'ms', 1),
  metric('net', 'net.rx.bytesPerSecond', 'bytesPerSecond', 0),
  metric('net', 'net.tx.bytesPerSecond', 'bytesPerSecond', 0),
  metric('net', 'net.errors.perSecond', 'perSecond', 2),
  metric('net', 'net.rtt.ms', 'ms', 2),
  metric('net', 'net.loss.ratio', 'ratio', 4),
  metric('net', 'net.down.bytesPerSecond', 'bytesPerSecond', 0),
  metric('app', 'app.cpu.ratio', 'ratio', 3),
  metric('app', 'app.rss.bytes', 'bytes', 0),
  metric('app', 'app.running.count', 'count', 0),
];

const byId: ReadonlyMap<string, MetricDefinition> = new Map(metrics.map((each) => [each.id, each]));

/** The definition of a metric, or undefined for an id of a newer peer. */
export function metricOf(id: string): MetricDefinition | undefined {
  return byId.get(id);
}

/** Metrics of one family in catalogue order: the columns of its table. */
export function metricsOf(family: Family): readonly MetricDefinition[] {
  return metrics.filter((each) => each.family === family);
}

/** `value` rounded to the digits that the catalogue keeps; unknown ids keep three. */
export function roundMetric(id: string, value: number): number {
  const scale = 10 ** (metricOf(id)?.decimals ?? 3);
  return Math.round(value * scale) / scale;
}
