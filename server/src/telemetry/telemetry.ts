import {
  Counter,
  Gauge,
  Histogram,
  Registry,
  collectDefaultMetrics,
  type OpenMetricsContentType,
} from 'prom-client';
import type { DoorCounters } from '@ppe-pulse/protocol';
import { connectAlarmGauges, type AlarmSources, type GaugeMaker } from './alarm-gauges.ts';
import { createPeerCounters, type PeerCounters, type ReasonCounter } from './peer-counters.ts';

/** Numbers that are read when `/metrics` is asked. */
export interface TelemetrySources extends AlarmSources {
  readonly boards: () => number;
  readonly pendingHeartbeats: () => number;
  readonly bytesOnDisk: () => number;
  readonly bufferedRows: () => number;
  readonly warnings: () => readonly string[];
}

/** The collector's own counters. */
export interface Telemetry extends DoorCounters, PeerCounters {
  /** Heartbeats taken a second over the last ten seconds. */
  heartbeatsPerSecond(nowMonotonicMs: number): number;
  /** Time from the first waiting heartbeat to its commit. */
  committed(rows: number, tookMs: number): void;
  flips(count: number): void;
  /** Heartbeats that a flash drive brought were stored for the first time. */
  carried(count: number): void;
  /** Gives `/metrics` its sources; called once, when everything exists. */
  connect(sources: TelemetrySources): void;
  /** OpenMetrics text. */
  render(): Promise<{ contentType: string; text: string }>;
}

/** The rate is an average over this window. */
const RATE_WINDOW_MS = 10_000;

/** Counters of one collector on a registry of their own. */
export function createTelemetry(nowMonotonicMs: () => number): Telemetry {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  collectDefaultMetrics({ register: registry, prefix: 'ppe_pulse_' });
  const registers = [registry];
  const frames = hotCounter(registry, 'agent_frames', 'Frames from agents');
  const frameBytes = hotCounter(registry, 'agent_frame_characters', 'Characters of those frames');
  const taken = {
    pending: hotCounter(registry, 'heartbeats_taken', 'Heartbeats taken for the first time'),
    durable: hotCounter(registry, 'heartbeats_repeated', 'Heartbeats that were stored already'),
    refused: hotCounter(registry, 'heartbeats_refused', 'Heartbeats refused: the store was full'),
  };
  const backlog = hotCounter(registry, 'heartbeats_backlog', 'Heartbeats that came late');
  const carried = hotCounter(registry, 'heartbeats_carried', 'Heartbeats from flash drives');
  const connections = new Gauge({
    name: 'ppe_pulse_agents_connected',
    help: 'Agents connected now',
    registers,
  });
  const unproven = new Gauge({
    name: 'ppe_pulse_sockets_unproven',
    help: 'Open sockets whose peers have not shown who they are',
    registers,
  });
  const flips = new Counter({ name: 'ppe_pulse_flips', help: 'Changes of verdicts', registers });
  const commits = new Histogram({
    name: 'ppe_pulse_commit_seconds',
    help: 'Time of one commit of the series store',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const committedRows = new Counter({
    name: 'ppe_pulse_heartbeats_durable',
    help: 'Heartbeats made durable',
    registers,
  });
  const rate = createRate();
  return {
    frame: (characters) => {
      frames.add(1);
      frameBytes.add(characters);
    },
    heartbeat: (outcome, live) => {
      taken[outcome].add(1);
      if (!live) backlog.add(1);
      rate.count(nowMonotonicMs());
    },
    connections: (count) => connections.set(count),
    refused: reasonCounter(registry)(
      'frames_refused',
      'Frames of agents that were refused with an error and without a close, by reason',
    ),
    ...createPeerCounters(reasonCounter(registry), (count) => unproven.set(count)),
    heartbeatsPerSecond: (nowMs) => rate.perSecond(nowMs),
    committed: (rows, tookMs) => {
      commits.observe(tookMs / 1_000);
      committedRows.inc(rows);
    },
    flips: (count) => flips.inc(count),
    carried: (count) => carried.add(count),
    connect: (sources) => connectGauges(registry, sources),
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

function connectGauges(
  registry: Registry<OpenMetricsContentType>,
  sources: TelemetrySources,
): void {
  const maker = gaugeMaker(registry);
  const gauge = maker.single;
  gauge('boards_connected', 'Boards connected now', sources.boards);
  gauge('heartbeats_pending', 'Heartbeats taken and not yet durable', sources.pendingHeartbeats);
  gauge('series_bytes_on_disk', 'Size of the series store', sources.bytesOnDisk);
  gauge('series_buffered_rows', 'Rows in front of a server store', sources.bufferedRows);
  gauge('warnings', 'Warnings of the collector about itself', () => sources.warnings().length);
  connectAlarmGauges(maker, sources);
}

function gaugeMaker(registry: Registry<OpenMetricsContentType>): GaugeMaker {
  const registers = [registry];
  return {
    single: (name, help, read) => {
      const made: Gauge = new Gauge({
        name: `ppe_pulse_${name}`,
        help,
        registers,
        collect: (): void => made.set(read()),
      });
    },
    by: (label, name, help, read) => {
      const made: Gauge = new Gauge({
        name: `ppe_pulse_${name}`,
        help,
        labelNames: [label],
        registers,
        collect: (): void => {
          for (const [key, value] of Object.entries(read())) made.set({ [label]: key }, value);
        },
      });
    },
  };
}

/** A counter for the hot path: a plain number that the registry reads when it is asked. */
function hotCounter(
  registry: Registry<OpenMetricsContentType>,
  name: string,
  help: string,
): { add(count: number): void } {
  let total = 0;
  const counter: Counter = new Counter({
    name: `ppe_pulse_${name}`,
    help,
    registers: [registry],
    collect: (): void => {
      counter.reset();
      counter.inc(total);
    },
  });
  return { add: (count) => void (total += count) };
}

function reasonCounter(registry: Registry<OpenMetricsContentType>): ReasonCounter {
  return (name, help) => {
    const counter = new Counter({
      name: `ppe_pulse_${name}`,
      help,
      labelNames: ['reason'],
      registers: [registry],
    });
    return (reason) => counter.inc({ reason });
  };
}

/** Counts events in seconds of a ring. */
function createRate(): { count(nowMs: number): void; perSecond(nowMs: number): number } {
  const seconds = RATE_WINDOW_MS / 1_000;
  const counts = Array.from({ length: seconds }, () => 0);
  let newest = 0;
  let firstSecond: number | undefined;
  const advance = (nowMs: number): void => {
    const second = Math.floor(nowMs / 1_000);
    firstSecond ??= second;
    for (let at = Math.max(newest + 1, second - seconds + 1); at <= second; at += 1)
      counts[at % seconds] = 0;
    newest = Math.max(newest, second);
  };
  return {
    count: (nowMs) => {
      advance(nowMs);
      counts[newest % seconds] = (counts[newest % seconds] ?? 0) + 1;
    },
    perSecond: (nowMs) => {
      advance(nowMs);
      const lived = Math.min(seconds, Math.max(1, newest - (firstSecond ?? newest) + 1));
      return counts.reduce((sum, each) => sum + each, 0) / lived;
    },
  };
}
