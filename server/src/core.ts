import type { Overview } from '@ppe-pulse/protocol';
import { createBus, type Bus } from './bus/bus.ts';
import type { Clock } from './clock.ts';
import { isLoopback, type CollectorConfig } from './config.ts';
import { createFleet, type Fleet } from './fleet/fleet.ts';
import { overviewOf } from './fleet/overview.ts';
import type { Log } from './log.ts';
import type { SeriesRow } from './series/store.ts';
import { SeriesWriter } from './series/writer.ts';
import { createRecorder } from './state/recorder.ts';
import type { Stores } from './stores.ts';
import { createTelemetry, type Telemetry } from './telemetry/telemetry.ts';

/** The collector without its doors: what is known now, what is written, what is counted. */
export interface Core {
  readonly bus: Bus;
  readonly fleet: Fleet;
  readonly writer: SeriesWriter;
  readonly telemetry: Telemetry;
  readonly overview: () => Overview;
  /** Age of the newest live heartbeat, null before the first. */
  readonly dataAgeMs: () => number | null;
  readonly warnings: () => readonly string[];
  /** Calls `handle` with rows that became durable. */
  onDurable(handle: (rows: readonly SeriesRow[]) => void): void;
  close(): Promise<void>;
}

/** What the core is made of. */
export interface CoreParts {
  readonly config: CollectorConfig;
  readonly stores: Stores;
  readonly clock: Clock;
  readonly log: Log;
}

/** Starts folding and writing; nothing comes in before there are doors. */
export async function createCore({ config, stores, clock, log }: CoreParts): Promise<Core> {
  const bus = createBus();
  const fleet = createFleet(bus, clock);
  for (const each of stores.registry.list())
    fleet.place(each.id, each.placement, each.lastSeenAtMs);
  const telemetry = createTelemetry(() => clock.monotonicMs());
  const { registry, flips } = stores;
  const recorder = createRecorder({ bus, clock, flips, registry, log });
  bus.subscribe('flips', (changed) => telemetry.flips(changed.length));
  const durableHandlers = new Set<(rows: readonly SeriesRow[]) => void>();
  const writer = new SeriesWriter({
    store: stores.series,
    monotonicMs: () => clock.monotonicMs(),
    random: Math.random,
    timers: { set: setTimeout, clear: (timer) => clearTimeout(timer as NodeJS.Timeout) },
    listener: {
      durable: (rows, tookMs) => {
        telemetry.committed(rows.length, tookMs);
        for (const handle of durableHandlers) handle(rows);
      },
      failed: (outcome) =>
        log.error(outcome, 'the series store did not take a batch; agents keep theirs'),
    },
  });
  await writer.load();
  const warnings = (): readonly string[] => [
    ...stores.series.status().warnings,
    ...(isLoopback(config.host) ? [] : ['listensWithoutTls']),
  ];
  const dataAgeMs = (): number | null => {
    const newest = fleet.newestTakenMonotonicMs;
    return newest === null ? null : clock.monotonicMs() - newest;
  };
  return {
    bus,
    fleet,
    writer,
    telemetry,
    dataAgeMs,
    warnings,
    overview: () =>
      overviewOf(fleet.all(), {
        nowMs: clock.wallMs(),
        dataAgeMs: dataAgeMs(),
        heartbeatsPerSecond: telemetry.heartbeatsPerSecond(clock.monotonicMs()),
        backlog: writer.pendingRows,
        warnings: warnings(),
      }),
    onDurable: (handle) => durableHandlers.add(handle),
    close: async () => {
      fleet.close();
      if (!(await writer.close())) {
        log.error(
          { rows: writer.pendingRows },
          'heartbeats were not stored at the stop; their agents send them again',
        );
      }
      recorder.close();
    },
  };
}
