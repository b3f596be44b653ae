import { rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import {
  AGENT_PATH,
  AGENT_SUBPROTOCOL,
  LIVE_PATH,
  LIVE_SUBPROTOCOL,
  limits,
} from '@ppe-pulse/protocol';
import { createAccess, SESSION_COOKIE, type Access } from './access/access.ts';
import { cookieOf } from './access/cookie.ts';
import { isSameOrigin } from './access/origin.ts';
import { createHttp, type Api } from './api/http.ts';
import { addRoutes } from './api/routes.ts';
import { createBackup } from './backup/backup.ts';
import { buildIdOf } from './build-id.ts';
import { CarriedIntake } from './carry/intake.ts';
import { systemClock, type Clock } from './clock.ts';
import { ConfigError } from './config-error.ts';
import { codeOf, type CollectorConfig } from './config.ts';
import { createCore, type Core } from './core.ts';
import { createGateway, type Gateway } from './gateway/gateway.ts';
import { createThroughput, type Throughput } from './gateway/throughput.ts';
import { createLive, type Live } from './live/live.ts';
import type { Log } from './log.ts';
import { createMaintenance, type Maintenance } from './retention/maintenance.ts';
import { seriesRowOf } from './series/row-of.ts';
import { createLookout, landmarks } from './self-check/reachability.ts';
import { createSelfCheck, type SelfCheck } from './self-check/self-check.ts';
import { createSocketServer, type SocketPath, type SocketServer } from './sockets.ts';
import { openStores, type Stores } from './stores.ts';

/** A collector that listens. */
export interface Collector {
  /** `http://host:port`, with the port that was really taken. */
  readonly url: string;
  readonly tokenFile: string;
  readonly adminToken: string;
  /** Path of a fresh one-time sign-in link. */
  signInPath(): string;
  /** Agents and boards are told, waiting rows are committed, files are closed. */
  stop(): Promise<void>;
}

/** Everything that exists once while a collector runs. */
interface Rooms {
  readonly config: CollectorConfig;
  readonly log: Log;
  readonly clock: Clock;
  readonly stores: Stores;
  readonly core: Core;
  readonly access: Access;
  readonly app: Api;
}

/** The doors: what listens and what runs by the clock. */
interface Doors {
  readonly sockets: SocketServer;
  readonly gateway: Gateway;
  readonly throughput: Throughput;
  readonly live: Live;
  readonly maintenance: Maintenance;
  readonly selfCheck: SelfCheck;
}

/** Starts a collector. Throws a `ConfigError` when a person must change something first. */
export async function startCollector(config: CollectorConfig, log: Log): Promise<Collector> {
  const clock = systemClock();
  const stores = await openStores(config, log);
  const closing: (() => Promise<void>)[] = [() => stores.close()];
  const closeAll = async (): Promise<void> => {
    for (const close of closing) await close();
  };
  try {
    const core = await createCore({ config, stores, clock, log });
    closing.unshift(() => core.close());
    const access = createAccess(stores.database, stores.adminToken);
    const app = await createHttp({
      access,
      clock,
      log,
      boardDir: config.boardDir,
      refused: (reason) => core.telemetry.httpRefused(reason),
    });
    closing.unshift(async () => void (await app.close()));
    const rooms: Rooms = { config, log, clock, stores, core, access, app };
    const doors = openDoors(rooms);
    closing.unshift(() => closeDoors(doors));
    // While the sockets are open: what is committed now is acked and need not come again.
    closing.unshift(async () => void (await core.writer.flush()));
    const url = await listen(app, config);
    const addressFile = `${stores.dataDir.path}/collector.address`;
    writeFileSync(addressFile, `${url}\n`);
    closing.push(async () => rmSync(addressFile, { force: true }));
    log.info({ url, data: stores.dataDir.path, series: stores.series.kind }, 'collector is up');
    return {
      url,
      tokenFile: stores.dataDir.tokenFile,
      adminToken: stores.adminToken,
      signInPath: () => `/sign-in/${access.createLink(clock.wallMs())}`,
      stop: async () => {
        log.info('collector stops');
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function openDoors(rooms: Rooms): Doors {
  const { config, log, clock, stores, core, access, app } = rooms;
  const sockets = createSocketServer(app.server, socketPaths(access, clock), {
    log,
    counters: core.telemetry.sockets,
  });
  const throughput: Throughput = createThroughput(
    {
      policy: {
        perSiteMs: config.throughput.everyMinutes * 60_000,
        concurrent: config.throughput.concurrent,
        closedFrom: config.throughput.closedFrom,
        closedTo: config.throughput.closedTo,
      },
      maxBytes: config.throughput.maxBytes,
      maxMs: limits.throughputMs,
      timeZone: config.timeZone,
    },
    {
      clock,
      log,
      sessions: () => gateway.sessions(),
      siteOf: (id) => candidateSite(stores, id),
    },
  );
  const gateway: Gateway = createGateway(sockets, {
    bus: core.bus,
    now: core.now,
    log,
    key: stores.key,
    enrolments: stores.enrolments,
    counters: core.telemetry,
    intervalMs: config.agents.intervalMs,
    backlogPerSecond: config.agents.backlogPerSecond,
    store: (heartbeat) => core.writer.offer(seriesRowOf(heartbeat)),
    storeRetryMs: () => core.writer.retryAfterMs,
    slotReturned: (id, result) => throughput.returned(id, result),
  });
  core.onDurable((rows) => gateway.ack(rows));
  const { overview, dataAgeMs, fleet, telemetry } = core;
  const live = createLive(sockets, {
    fleet,
    clock,
    log,
    overview,
    dataAgeMs,
    build: buildIdOf(config.boardDir),
  });
  const selfCheck = doubt(rooms, gateway);
  const maintenance = keep(rooms);
  telemetry.connect({
    boards: () => live.boards,
    pendingHeartbeats: () => core.writer.pendingRows,
    bytesOnDisk: () => stores.series.status().bytesOnDisk,
    bufferedRows: () => stores.series.status().bufferedRows,
    warnings: core.warnings,
  });
  addApi(rooms, throughput, maintenance);
  return { sockets, gateway, throughput, live, maintenance, selfCheck };
}

/** The collector's doubt of itself, shown on the board. */
function doubt({ config, core, log }: Rooms, gateway: Gateway): SelfCheck {
  const selfCheck = createSelfCheck({
    fleet: core.fleet,
    bus: core.bus,
    log,
    now: core.now,
    intervalMs: config.agents.intervalMs,
    remotes: () => gateway.remotes(),
    look: createLookout(landmarks(config.selfCheck.hosts)),
  });
  core.warnAlso(() => (selfCheck.isCutOff ? ['cutOff'] : []));
  return selfCheck;
}

/** Retention and roll-ups, by the clock and on demand. */
function keep({ config, clock, log, stores }: Rooms): Maintenance {
  const { rawDays, minuteDays, diskBudgetBytes } = config.series;
  return createMaintenance({
    clock,
    log,
    flips: stores.flips,
    jobs: stores.jobs,
    series: stores.series,
    policy: { rawDays, minuteDays, diskBudgetBytes },
    cron: config.maintenance.cron,
  });
}

function addApi(rooms: Rooms, throughput: Throughput, maintenance: Maintenance): void {
  const { clock, stores, core, access, app } = rooms;
  const { dataDir, database, series, key, enrolments, flips, jobs } = stores;
  const carried = new CarriedIntake({
    find: (id) => enrolments.find(id),
    offer: (heartbeat) => core.writer.offer(seriesRowOf(heartbeat)),
    publish: (heartbeat) => core.bus.publish('heartbeat', heartbeat),
    now: core.now,
    counters: core.telemetry,
  });
  core.onDurable((rows) => carried.committed(rows));
  addRoutes(app, {
    access,
    carried,
    clock,
    flips,
    jobs,
    key,
    enrolments,
    series,
    maintenance,
    throughput,
    fleet: core.fleet,
    overview: core.overview,
    telemetry: core.telemetry,
    backup: createBackup({ dataDir, database, series, collectorId: key.id }),
    transaction: (work) => database.transaction(work),
    enrol: (id, publicKey, placement, nowMs) => {
      const isNew = enrolments.enrol(id, publicKey, placement, nowMs);
      core.fleet.place(id, placement, null, core.now());
      core.bus.publish('enrolment', { workstationId: id });
      return isNew;
    },
  });
}

/** Only stations with the Internet measure the line: the role's check says which. */
function candidateSite(stores: Stores, workstationId: string): string | undefined {
  const placement = stores.enrolments.find(workstationId)?.placement;
  return placement?.role === 'hq' || placement?.role === 'rcoi' ? placement.siteCode : undefined;
}

function socketPaths(access: Access, clock: Clock): SocketPath[] {
  return [
    {
      path: AGENT_PATH,
      subprotocol: AGENT_SUBPROTOCOL,
      door: 'agent',
      maxFrameBytes: limits.agentFrameBytes,
      maxBufferedBytes: limits.agentBufferBytes,
      // Agents prove themselves inside the socket, by their keys.
      isProvenAtUpgrade: false,
      refuse: () => undefined,
    },
    {
      path: LIVE_PATH,
      subprotocol: LIVE_SUBPROTOCOL,
      door: 'board',
      maxFrameBytes: limits.boardFrameBytes,
      maxBufferedBytes: limits.boardBufferBytes,
      isProvenAtUpgrade: true,
      refuse: ({ headers }) => {
        if (access.byBearer(headers.authorization)) return undefined;
        const token = cookieOf(headers.cookie, SESSION_COOKIE);
        const known = isSameOrigin(headers) && access.bySession(token, clock.wallMs());
        return known ? undefined : { status: 401 };
      },
    },
  ];
}

async function closeDoors(doors: Doors): Promise<void> {
  doors.maintenance.close();
  doors.selfCheck.close();
  doors.throughput.close();
  doors.gateway.close();
  doors.live.close();
  await doors.sockets.close();
}

async function listen(app: Api, { host, port }: CollectorConfig): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EADDRINUSE') {
      throw new ConfigError(
        `port ${port} on ${host} is used by another program: stop it, or choose another with --port`,
      );
    }
    throw new ConfigError(
      `cannot listen on ${host}:${port} (${code}): choose another address with --host and --port`,
    );
  }
  const address = app.server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${name}:${address.port}`;
}
