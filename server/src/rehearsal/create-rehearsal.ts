import type { EmDownloadSummary } from '@ppe-pulse/protocol';
import type { Clock } from '../clock.ts';
import { simulatedDayOf, type CollectorConfig } from '../config.ts';
import type { Core } from '../core.ts';
import { createForecastBook, type ForecastBook } from '../forecasts/forecast-book.ts';
import type { Log } from '../log.ts';
import type { Stores } from '../stores.ts';
import { createClaims } from './claims.ts';
import { createKept } from './kept.ts';
import { Rehearsal } from './rehearsal.ts';
import { createRehearsalClock } from './rehearsal-clock.ts';

/** Rooms of the collector that the rehearsal works with. */
export interface RehearsalRooms {
  readonly config: CollectorConfig;
  readonly stores: Stores;
  readonly core: Core;
  readonly clock: Clock;
  readonly log: Log;
  readonly emSummary: () => EmDownloadSummary | null;
}

/** The rehearsal of this collector and its forecasts. */
export function createRehearsal(rooms: RehearsalRooms): {
  readonly rehearsal: Rehearsal;
  readonly forecasts: ForecastBook;
} {
  const { config, stores, core, clock, log } = rooms;
  const { database, plans, region, enrolments } = stores;
  const day = simulatedDayOf('configuration', config);
  const forecasts = createForecastBook({
    database,
    plan: () => plans.current()?.plan ?? null,
    region: () => region.current().region,
  });
  const rehearsal = new Rehearsal({
    plans,
    region,
    enrolments,
    forecasts,
    emSummary: rooms.emSummary,
    claimsOf: createClaims(database),
    keptOf: createKept(database),
    fleet: core.fleet,
    bus: core.bus,
    clock: createRehearsalClock(day, clock.wallMs()),
    now: core.now,
    log,
  });
  return { rehearsal, forecasts };
}
