import {
  Fleet,
  isLoopback,
  overviewOf,
  noIncidents,
  type Flip,
  type IncidentCounts,
  type Moment,
  type Overview,
  type RehearsalOverview,
  type WorkstationState,
} from '@ppe-pulse/protocol';
import { wholeRegion, type Scope } from './access/scope.ts';
import { createBus, type Bus } from './bus/bus.ts';
import type { Clock } from './clock.ts';
import { servedFiles } from './access/tls-files.ts';
import type { CollectorConfig } from './config.ts';
import type { Log } from './log.ts';
import { PlanEditing } from './rehearsal/plan-editing.ts';
import type { SeriesRow } from './series/store.ts';
import { SeriesWriter } from './series/writer.ts';
import { createRecorder } from './state/recorder.ts';
import type { Stores } from './stores.ts';
import { createTelemetry, type Telemetry } from './telemetry/telemetry.ts';

/** Silence is judged this often: well under the shortest heartbeat period. */
const SWEEP_MS = 500;
/** A clone that only a relay has seen: it says whose, not which boot. */
const UNKNOWN_BOOT = '0000000000000000';

/** The collector without its doors: what is known now, what is written, what is counted. */
export interface Core {
  readonly bus: Bus;
  readonly fleet: Fleet;
  readonly writer: SeriesWriter;
  readonly telemetry: Telemetry;
  readonly planEditing: PlanEditing;
  /** Of the whole region, or of what somebody may see. */
  readonly overview: (scope?: Scope) => Overview;
  /** Age of the newest live heartbeat, null before the first. */
  readonly dataAgeMs: () => number | null;
  readonly warnings: () => readonly string[];
  readonly now: () => Moment;
  /** Names what region and plan add to the overview. */
  rehearse(source: (scope: Scope) => RehearsalOverview | null): void;
  /** Names what counts incidents for the overview. */
  countIncidents(source: (scope: Scope) => IncidentCounts): void;
  /** Adds a source of warnings. */
  warnAlso(more: () => readonly string[]): void;
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
  const { flips, memory } = stores;
  const now = (): Moment => ({ wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() });
  const fleet = recalledFleet(config.agents.intervalMs, stores, now());
  const stopFolding = fold(bus, fleet, now);
  const telemetry = createTelemetry(() => clock.monotonicMs());
  const recorder = createRecorder({ bus, clock, flips, fleet, memory, log });
  bus.subscribe('flips', (changed) => telemetry.flips(changed.length));
  const durableHandlers = new Set<(rows: readonly SeriesRow[]) => void>();
  const writer = createWriter({ stores, clock, log }, (rows, tookMs) => {
    telemetry.committed(rows.length, tookMs);
    for (const handle of durableHandlers) handle(rows);
  });
  await writer.load();
  const planEditing = new PlanEditing();
  const moreWarnings: (() => readonly string[])[] = [];
  const warnings = (): readonly string[] => [
    ...stores.series.status().warnings,
    ...(isLoopback(config.host) || servedFiles(config) ? [] : ['listensWithoutTls']),
    ...(fleet.isRecovering ? ['agentsReturn'] : []),
    ...moreWarnings.flatMap((more) => more()),
  ];
  let incidents: (scope: Scope) => IncidentCounts = () => noIncidents;
  let rehearsal: (scope: Scope) => RehearsalOverview | null = () => null;
  const dataAgeMs = (): number | null => {
    const newest = fleet.newestTakenMs;
    return newest === null ? null : clock.monotonicMs() - newest;
  };
  return {
    bus,
    fleet,
    writer,
    telemetry,
    planEditing,
    dataAgeMs,
    warnings,
    overview: (scope = wholeRegion) =>
      overviewOf(statesIn(fleet, scope), {
        nowMs: clock.wallMs(),
        dataAgeMs: dataAgeMs(),
        heartbeatsPerSecond: telemetry.heartbeatsPerSecond(clock.monotonicMs()),
        backlog: writer.pendingRows,
        warnings: warnings(),
        incidents: incidents(scope),
        rehearsal: rehearsal(scope),
        planEditing: scope.isWhole ? planEditing.now(clock.wallMs()) : null,
      }),
    now,
    onDurable: (handle) => durableHandlers.add(handle),
    rehearse: (source) => {
      rehearsal = source;
    },
    countIncidents: (source) => {
      incidents = source;
    },
    warnAlso: (more) => moreWarnings.push(more),
    close: async () => {
      stopFolding();
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

/** Writes heartbeats to the series store; `durable` is told what is on the disk, and how long it took. */
function createWriter(
  { stores, clock, log }: Omit<CoreParts, 'config'>,
  durable: (rows: readonly SeriesRow[], tookMs: number) => void,
): SeriesWriter {
  return new SeriesWriter({
    store: stores.series,
    monotonicMs: () => clock.monotonicMs(),
    random: Math.random,
    timers: { set: setTimeout, clear: (timer) => clearTimeout(timer as NodeJS.Timeout) },
    listener: {
      durable,
      failed: (outcome) =>
        log.error(outcome, 'the series store did not take a batch; agents keep theirs'),
    },
  });
}

/** The fleet as it was when the collector last lived. */
function recalledFleet(intervalMs: number, { enrolments, memory }: Stores, now: Moment): Fleet {
  const fleet = new Fleet({ now, hasRestarted: memory.aliveAtMs !== null, intervalMs });
  for (const { id, placement } of enrolments.list())
    fleet.place(id, placement, memory.recall(id), now);
  return fleet;
}

function* inScope(fleet: Fleet, scope: Scope): Iterable<WorkstationState> {
  for (const state of fleet.all()) if (scope.hasSite(state.placement.siteCode)) yield state;
}

function statesIn(fleet: Fleet, scope: Scope): Iterable<WorkstationState> {
  return scope.isWhole ? fleet.all() : inScope(fleet, scope);
}

/** Folds what comes over the bus and judges silence; answers the way to stop. */
function fold(bus: Bus, fleet: Fleet, now: () => Moment): () => void {
  const publish = (flips: readonly Flip[]): void => {
    if (flips.length > 0) bus.publish('flips', flips);
  };
  const unsubscribe = [
    bus.subscribe('heartbeat', (beat) => publish(fleet.take(beat, now()))),
    bus.subscribe('departure', ({ workstationId, goodbye }) =>
      publish(fleet.leave(workstationId, goodbye, now())),
    ),
    bus.subscribe('clone', ({ workstationId, bootId }) =>
      publish(fleet.cloned(workstationId, bootId ?? UNKNOWN_BOOT, now())),
    ),
  ];
  const sweep = setInterval(() => publish(fleet.sweep(now())), SWEEP_MS);
  return () => {
    clearInterval(sweep);
    for (const stop of unsubscribe) stop();
  };
}
