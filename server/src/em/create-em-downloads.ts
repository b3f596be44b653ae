import { involvementIn, type Fleet, type Site } from '@ppe-pulse/protocol';
import type { Clock } from '../clock.ts';
import type { CollectorConfig } from '../config.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { timeOfDayIn } from '../gateway/throughput.ts';
import type { Log } from '../log.ts';
import type { Stores } from '../stores.ts';
import { EmDownloads } from './em-downloads.ts';
import { createEmStore } from './em-store.ts';
import { emLines, emPlaces, emStations } from './em-world.ts';

/** Rooms of the collector that a rehearsal of the download works with. */
export interface EmRooms {
  readonly config: CollectorConfig;
  readonly stores: Stores;
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly log: Log;
  readonly gateway: () => Gateway;
}

/** The rehearsals of the EM download of this collector. */
export function createEmDownloads(rooms: EmRooms): EmDownloads {
  const { config, stores, clock, log, fleet, gateway } = rooms;
  const { enrolments, key, database } = stores;
  return new EmDownloads({
    store: createEmStore(database),
    clock,
    log,
    key,
    options: config.emDownload,
    places: () => {
      const { version, region } = stores.region.current();
      const live = stores.plans.current();
      // A site that only shows its cameras downloads nothing: `isInvolvedSite` would count it in.
      const involvementOf = live && involvementIn(live.plan);
      const takesPart = (site: Site): boolean => involvementOf?.(site).verdict === 'takesPart';
      return emPlaces(
        version === 0 ? undefined : region,
        enrolments,
        involvementOf ? takesPart : undefined,
      );
    },
    stations: () => emStations(enrolments),
    sessions: () => gateway().sessions(),
    send: (id, frame) => void gateway().send(id, frame),
    closedHours: () => stores.plans.current()?.plan.throughput ?? config.throughput,
    // The line is real also in a played day: what disturbs it is judged by the wall clock.
    localTime: timeOfDayIn(config.timeZone),
    lines: () => emLines(fleet),
  });
}
