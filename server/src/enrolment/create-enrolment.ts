import { Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Moment, Fleet } from '@ppe-pulse/protocol';
import { openAuthority } from '../access/authority.ts';
import type { Api } from '../api/http.ts';
import type { Bus } from '../bus/bus.ts';
import type { Clock } from '../clock.ts';
import type { CollectorConfig } from '../config.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Log } from '../log.ts';
import type { Stores } from '../stores.ts';
import { createCodeStore } from './code-store.ts';
import { EnrolmentDesk } from './enrolment-desk.ts';

/** What enrolment is made of. */
export interface EnrolmentRooms {
  readonly config: CollectorConfig;
  readonly stores: Stores;
  readonly clock: Clock;
  readonly log: Log;
  readonly core: { readonly fleet: Fleet; readonly bus: Bus; readonly now: () => Moment };
  readonly gateway: Gateway;
  readonly app: Pick<Api, 'server'>;
}

/** Enrolment of a collector that runs: files, requests, and an end for those whose time is over. */
export interface Enrolment {
  readonly desk: EnrolmentDesk;
  close(): void;
}

/** Validity ends on a full day: a look a second is more than enough. */
const SWEEP_MS = 1_000;
/** Addresses that are everywhere, and so nowhere that an agent could ask. */
const ANYWHERE = new Set(['0.0.0.0', '::']);

/** Starts looking for enrolments that end. */
export function createEnrolment(rooms: EnrolmentRooms): Enrolment {
  const { config, stores, clock, log, core, gateway } = rooms;
  const { database, enrolments, audit, key, region, plans, dataDir } = stores;
  const desk = new EnrolmentDesk({
    codes: createCodeStore(database),
    enrolments,
    audit,
    key,
    log,
    nowMs: () => clock.wallMs(),
    region: () => region.current().region,
    plan: () => plans.current()?.plan,
    authority: () => openAuthority(dataDir.path),
    systemRoots: () => config.tls.certificate !== '',
    isTlsOnly: () => !config.insecure && hasTls(rooms),
    urls: () => (config.enrolment.urls.length > 0 ? config.enrolment.urls : ownUrls(rooms)),
    transaction: (work) => database.transaction(work),
    joined: (id) => {
      const enrolment = enrolments.find(id);
      if (!enrolment) return;
      core.fleet.place(id, enrolment.placement, null, core.now());
      core.bus.publish('enrolment', { workstationId: id });
    },
    left: (id, siteCode, how) => {
      log.info({ workstationId: id, siteCode, how }, 'a workstation is enrolled no more');
      gateway.turnAway(id, siteCode, how);
      core.fleet.remove(id);
    },
  });
  const timer = setInterval(() => desk.sweep(), SWEEP_MS);
  return { desk, close: () => clearInterval(timer) };
}

/** It speaks TLS, or has an authority for it: then nobody is sent to an address in the clear. */
function hasTls({ app, stores }: EnrolmentRooms): boolean {
  return app.server instanceof SecureServer || openAuthority(stores.dataDir.path) !== undefined;
}

/** A collector that listens at one address is found there. */
function ownUrls({ config: { host }, app: { server } }: EnrolmentRooms): string[] {
  if (ANYWHERE.has(host)) return [];
  const name = host.includes(':') ? `[${host}]` : host;
  const scheme = server instanceof SecureServer ? 'wss' : 'ws';
  return [`${scheme}://${name}:${(server.address() as AddressInfo).port}`];
}
