import { deviceKinds, splitDeviceId, type DeviceKind } from './devices.ts';

/** Probe families: one table (measurement) of the series each, with a device's number in some. */
export const families = ['host', 'net', 'app', ...deviceKinds] as const;
export type Family = (typeof families)[number];

/** True when a family's table has a row for each device. */
export function isDeviceFamily(family: Family): family is DeviceKind {
  return deviceKinds.some((kind) => kind === family);
}

/** Units, spelled last in a metric's id. */
export type Unit =
  | 'ratio'
  | 'bytes'
  | 'bytesPerSecond'
  | 'ms'
  | 'seconds'
  | 'days'
  | 'count'
  | 'perSecond'
  | 'pagesPerMinute'
  | 'fps'
  | 'pixels'
  | 'decibels';

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
 * Every metric; those of devices without the device's number. A new one is one line here: wire, series store, API and charts read this list.
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
  metric('host', 'pc.battery.ratio', 'ratio', 3),
  metric('host', 'pc.battery.seconds', 'seconds', 0),
  metric('host', 'pc.screen.width.pixels', 'pixels', 0),
  metric('host', 'pc.screen.height.pixels', 'pixels', 0),
  metric('host', 'agent.cpu.ratio', 'ratio', 4),
  metric('host', 'agent.rss.bytes', 'bytes', 0),
  metric('host', 'agent.loopDelay.ms', 'ms', 1),
  metric('host', 'agent.slowdown.ratio', 'ratio', 0),
  metric('net', 'net.rx.bytesPerSecond', 'bytesPerSecond', 0),
  metric('net', 'net.tx.bytesPerSecond', 'bytesPerSecond', 0),
  metric('net', 'net.errors.perSecond', 'perSecond', 2),
  metric('net', 'net.rtt.ms', 'ms', 2),
  metric('net', 'net.loss.ratio', 'ratio', 4),
  metric('net', 'net.down.bytesPerSecond', 'bytesPerSecond', 0),
  metric('net', 'net.downMany.bytesPerSecond', 'bytesPerSecond', 0),
  metric('net', 'net.up.bytesPerSecond', 'bytesPerSecond', 0),
  metric('net', 'net.uplink.ratio', 'ratio', 3),
  metric('net', 'net.dns.ms', 'ms', 1),
  metric('net', 'net.tcp.ms', 'ms', 1),
  metric('net', 'net.tls.ms', 'ms', 1),
  metric('net', 'net.portal.ms', 'ms', 1),
  metric('net', 'net.portal.days', 'days', 1),
  metric('net', 'net.reserve.ms', 'ms', 1),
  metric('net', 'net.em.ratio', 'ratio', 4),
  metric('net', 'net.em.bytesPerSecond', 'bytesPerSecond', 0),
  metric('net', 'net.em.low.seconds', 'seconds', 0),
  metric('net', 'net.em.high.seconds', 'seconds', 0),
  metric('app', 'app.cpu.ratio', 'ratio', 3),
  metric('app', 'app.rss.bytes', 'bytes', 0),
  metric('app', 'app.running.count', 'count', 0),
  metric('printer', 'printer.queue.jobs', 'count', 0),
  metric('printer', 'printer.job.seconds', 'seconds', 0),
  metric('printer', 'printer.stuck.seconds', 'seconds', 0),
  metric('printer', 'printer.toner.ratio', 'ratio', 2),
  metric('printer', 'printer.paper.sheets', 'count', 0),
  metric('printer', 'printer.pages.count', 'count', 0),
  metric('printer', 'printer.speed.pagesPerMinute', 'pagesPerMinute', 1),
  metric('printer', 'printer.proof.seconds', 'seconds', 0),
  metric('scanner', 'scanner.reply.ms', 'ms', 0),
  metric('scanner', 'scanner.images.count', 'count', 0),
  metric('scanner', 'scanner.test.ms', 'ms', 0),
  metric('scanner', 'scanner.proof.seconds', 'seconds', 0),
  metric('camera', 'camera.fps', 'fps', 2),
  metric('camera', 'camera.bytesPerSecond', 'bytesPerSecond', 0),
  metric('camera', 'camera.loss.ratio', 'ratio', 4),
  metric('camera', 'camera.jitter.ms', 'ms', 1),
  metric('camera', 'camera.keyFrame.ms', 'ms', 0),
  metric('camera', 'camera.lastFrame.ms', 'ms', 0),
  metric('camera', 'camera.width.pixels', 'pixels', 0),
  metric('camera', 'camera.height.pixels', 'pixels', 0),
  metric('camera', 'camera.outage.seconds', 'seconds', 0),
  metric('audio', 'audio.outputs.count', 'count', 0),
  metric('audio', 'audio.inputs.count', 'count', 0),
  metric('audio', 'audio.level.decibels', 'decibels', 1),
];

const byId: ReadonlyMap<string, MetricDefinition> = new Map(metrics.map((each) => [each.id, each]));

/** The definition of a metric, of a device's too; undefined for an id of a newer peer. */
export function metricOf(id: string): MetricDefinition | undefined {
  const split = splitDeviceId(id);
  return split && byId.get(split.base);
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
