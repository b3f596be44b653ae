import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { CollectorConfig } from '../config.ts';
import type { Core } from '../core.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Log } from '../log.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import type { Stores } from '../stores.ts';
import { BundleShelf } from './bundle-shelf.ts';
import { fleetAgents } from './fleet-agents.ts';
import { UPDATE_ROOT_FILE } from './update-root-file.ts';
import { createUpdateStore } from './update-store.ts';
import { Updates } from './updates.ts';

/** Rooms of the collector that updates work with. */
export interface UpdateRooms {
  readonly config: CollectorConfig;
  readonly stores: Stores;
  readonly clock: Clock;
  readonly log: Log;
  readonly core: Pick<Core, 'fleet'>;
  readonly rehearsal: Rehearsal;
  readonly gateway: () => Gateway;
}

/** Bundles of this collector and their way to the fleet. */
export interface UpdateDesk {
  readonly shelf: BundleShelf;
  readonly updates: Updates;
}

/** The updates of this collector. */
export function createUpdates(rooms: UpdateRooms): UpdateDesk {
  const { config, stores, clock, log, core, rehearsal, gateway } = rooms;
  const { database, audit, enrolments, region, dataDir } = stores;
  const { root, concurrent, bytesPerSecond, jitterSeconds, troublePercent } = config.updates;
  const store = createUpdateStore(database);
  const rootFile = root === '' ? join(dataDir.path, UPDATE_ROOT_FILE) : root;
  const updates = new Updates({
    store,
    audit,
    clock,
    log,
    settings: {
      concurrent,
      bytesPerSecond,
      jitterMs: jitterSeconds * 1_000,
      troubleShare: troublePercent / 100,
    },
    agents: () =>
      fleetAgents({
        enrolments,
        fleet: core.fleet,
        region: () => region.current().region,
        sessions: () => gateway().sessions(),
        planOf: (id) => rehearsal.agentPlanOf(id),
        rehearsalMs: () => rehearsal.nowMs,
      }),
    send: (id, message) => gateway().send(id, message),
  });
  return { shelf: new BundleShelf({ store, audit, clock, log, rootFile }), updates };
}
