import { rmSync, writeFileSync } from 'node:fs';
import { limits } from '@ppe-pulse/protocol';
import { openAccess, type AccessRooms } from './access/open-access.ts';
import { readServedTls } from './access/served-tls.ts';
import { createAlarm, type Alarm, type AlarmSeams } from './alarm.ts';
import { createHttp, type Api } from './api/http.ts';
import { ReadAudit } from './api/read-audit.ts';
import { addRoutes } from './api/routes.ts';
import { createBackup } from './backup/backup.ts';
import { buildIdOf } from './build-id.ts';
import { CarriedIntake } from './carry/intake.ts';
import { systemClock, type Clock } from './clock.ts';
import type { CollectorConfig } from './config.ts';
import { createCore, type Core } from './core.ts';
import { createEmDownloads } from './em/create-em-downloads.ts';
import type { EmDownloads } from './em/em-downloads.ts';
import { createEnrolment, type Enrolment } from './enrolment/create-enrolment.ts';
import type { ForecastBook } from './forecasts/forecast-book.ts';
import { createGateway, type Gateway, type GatewayParts } from './gateway/gateway.ts';
import { createThroughput, type Throughput, type ThroughputParts } from './gateway/throughput.ts';
import { createLive, type Live } from './live/live.ts';
import { listen, showTls } from './listening.ts';
import type { Log } from './log.ts';
import { parseInThread } from './region/parse-in-thread.ts';
import { createRegionImport } from './region/region-import.ts';
import { createRehearsal } from './rehearsal/create-rehearsal.ts';
import { createPlanPush, type PlanPush } from './rehearsal/plan-push.ts';
import type { Rehearsal } from './rehearsal/rehearsal.ts';
import { filmBoards } from './replay/film-boards.ts';
import type { ReplayRoom } from './replay/create-replay.ts';
import { createMaintenance, type Maintenance } from './retention/maintenance.ts';
import { seriesRowOf } from './series/row-of.ts';
import { createLookout, landmarks } from './self-check/reachability.ts';
import { createSelfCheck, type SelfCheck } from './self-check/self-check.ts';
import { socketPaths } from './socket-paths.ts';
import { createSocketServer, type SocketServer } from './sockets.ts';
import { createSiteEvents } from './state/site-events.ts';
import { openStores, type Stores } from './stores.ts';
import { createUpdates, type UpdateDesk } from './updates/create-updates.ts';

/** A collector that listens. */
export interface Collector {
  /** `http(s)://host:port`, with the port that was really taken. */
  readonly url: string;
  readonly tokenFile: string;
  readonly adminToken: string;
  /** Path of a fresh one-time sign-in link. */
  signInPath(): string;
  /** Agents and boards are told, waiting rows are committed, files are closed. */
  stop(): Promise<void>;
}

/** Everything that exists once while a collector runs. */
interface Rooms extends AlarmSeams, AccessRooms {
  readonly config: CollectorConfig;
  readonly log: Log;
  readonly clock: Clock;
  readonly stores: Stores;
  readonly core: Core;
  readonly app: Api;
}

/** The doors: what listens and what runs by the clock. */
interface Doors {
  readonly sockets: SocketServer;
  readonly gateway: Gateway;
  readonly throughput: Throughput;
  readonly emDownloads: EmDownloads;
  readonly enrolment: Enrolment;
  readonly updateDesk: UpdateDesk;
  readonly live: Live;
  readonly film: ReplayRoom;
  readonly maintenance: Maintenance;
  readonly selfCheck: SelfCheck;
  readonly rehearsal: Rehearsal;
  readonly forecasts: ForecastBook;
  readonly planPush: PlanPush;
  readonly alarm: Alarm;
}

/**
 * Starts a collector. Throws a `ConfigError` when a person must change something first. `seams` are for
 * tests: no flag, file or variable leads there.
 */
export async function startCollector(
  config: CollectorConfig,
  log: Log,
  seams: AlarmSeams = {},
): Promise<Collector> {
  const clock = systemClock();
  const stores = await openStores(config, log);
  const closing: (() => Promise<void>)[] = [() => stores.close()];
  const closeAll = async (): Promise<void> => {
    for (const close of closing) await close();
  };
  try {
    const core = await createCore({ config, stores, clock, log });
    closing.unshift(() => core.close());
    const door = openAccess(config, stores);
    const { access } = door;
    const tls = readServedTls(config, clock.wallMs());
    const app = await createHttp({
      ...door,
      tls,
      clock,
      log,
      boardDir: config.boardDir,
      refused: (reason) => core.telemetry.httpRefused(reason),
    });
    closing.unshift(async () => void (await app.close()));
    const rooms: Rooms = { config, log, clock, stores, core, ...door, app, ...seams };
    const doors = openDoors(rooms);
    closing.unshift(() => closeDoors(doors));
    // While the sockets are open: what is committed now is acked and need not come again.
    closing.unshift(async () => void (await core.writer.flush()));
    const url = await listen(app, config);
    closing.unshift(showTls(app, config, tls, { log, nowMs: () => clock.wallMs() }));
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
  const { config, log, stores, core, app } = rooms;
  const sockets = createSocketServer(app.server, socketPaths(rooms), {
    log,
    counters: core.telemetry.sockets,
  });
  const { rehearsal, forecasts } = createRehearsal({
    ...rooms,
    emSummary: () => emDownloads.emSummary(),
  });
  core.rehearse((scope) => rehearsal.overview(scope));
  const emDownloads: EmDownloads = createEmDownloads({
    ...rooms,
    fleet: core.fleet,
    gateway: () => gateway,
  });
  const throughput: Throughput = measureLines(rooms, {
    sessions: () => gateway.sessions(),
    isPaused: () => emDownloads.isRunning,
  });
  const updateDesk = createUpdates({ ...rooms, rehearsal, gateway: () => gateway });
  const gateway: Gateway = openGateway(rooms, sockets, {
    slotReturned: (id, result) => throughput.returned(id, result),
    emProgress: (id, progress) => emDownloads.took(id, progress),
    updates: updateDesk.updates,
  });
  core.onDurable((rows) => gateway.ack(rows));
  const alarm = createAlarm({
    ...rooms,
    rehearsal,
    gateway: () => gateway,
    selfCheck: () => selfCheck,
  });
  const film = filmBoards(rooms, rehearsal);
  const live = createLive(sockets, {
    ...rooms,
    ...core,
    rehearsal,
    region: stores.region,
    tape: film.tape,
    incidents: alarm.incidents,
    build: buildIdOf(config.boardDir),
  });
  const selfCheck: SelfCheck = doubt(rooms, gateway);
  const maintenance = keep(rooms, alarm, film);
  countDoors(rooms, live, alarm);
  const planPush = pushPlans(rooms, rehearsal, gateway);
  const doors: Doors = {
    sockets,
    gateway,
    throughput,
    emDownloads,
    enrolment: createEnrolment({ ...rooms, gateway }),
    updateDesk,
    live,
    film,
    maintenance,
    selfCheck,
    rehearsal,
    forecasts,
    planPush,
    alarm,
  };
  addApi(rooms, doors);
  return doors;
}

/** What `/metrics` tells of what is behind the doors. */
function countDoors({ core, stores }: Rooms, live: Live, alarm: Alarm): void {
  core.telemetry.connect({
    boards: () => live.boards,
    pendingHeartbeats: () => core.writer.pendingRows,
    bytesOnDisk: () => stores.series.status().bytesOnDisk,
    bufferedRows: () => stores.series.status().bufferedRows,
    warnings: core.warnings,
    incidents: () => alarm.incidents.counts(),
    outbox: () => alarm.alerts.figures(),
  });
}

/** Throughput probes, by the live plan where there is one. */
function measureLines(
  { config, clock, log, stores }: Rooms,
  parts: Pick<ThroughputParts, 'sessions' | 'isPaused'>,
): Throughput {
  const rules = (): Omit<CollectorConfig['throughput'], 'concurrent'> =>
    stores.plans.current()?.plan.throughput ?? config.throughput;
  return createThroughput(
    {
      policy: () => {
        const { everyMinutes, closedFrom, closedTo } = rules();
        const { concurrent } = config.throughput;
        return { perSiteMs: everyMinutes * 60_000, concurrent, closedFrom, closedTo };
      },
      maxBytes: () => Math.min(rules().maxBytes, limits.throughputBytes),
      maxMs: limits.throughputMs,
      timeZone: config.timeZone,
    },
    { clock, log, siteOf: (id) => candidateSite(stores, id), ...parts },
  );
}

function openGateway(
  { config, log, stores, core }: Rooms,
  sockets: SocketServer,
  answers: Pick<GatewayParts, 'slotReturned' | 'emProgress' | 'updates'>,
): Gateway {
  return createGateway(sockets, {
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
    ...answers,
  });
}

/** Agents get their part of the live plan when they come, and when it changes. */
function pushPlans({ stores, core, clock, log }: Rooms, rehearsal: Rehearsal, gateway: Gateway) {
  const push = createPlanPush({
    planOf: (id) => rehearsal.agentPlanOf(id),
    version: () => rehearsal.planVersion,
    sign: (text) => stores.key.sign(text),
    send: (id, message) => gateway.send(id, message),
    monotonicMs: () => clock.monotonicMs(),
    log,
  });
  core.bus.subscribe('presence', ({ workstationId, isHere }) => {
    if (isHere) push.arrived(workstationId);
  });
  core.fleet.onChange((state) => push.heard(state));
  rehearsal.onPlan(() => {
    for (const id of gateway.remotes().keys()) push.arrived(id);
  });
  return push;
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
function keep({ config, clock, log, stores }: Rooms, alarm: Alarm, film: ReplayRoom): Maintenance {
  const { rawDays, minuteDays, diskBudgetBytes } = config.series;
  return createMaintenance({
    clock,
    log,
    flips: stores.flips,
    pruneDeliveries: (beforeMs) => alarm.alerts.pruneBefore(beforeMs),
    pruneReplay: () => film.prune(),
    jobs: stores.jobs,
    series: stores.series,
    policy: { rawDays, minuteDays, diskBudgetBytes },
    cron: config.maintenance.cron,
  });
}

function addApi(rooms: Rooms, doors: Doors): void {
  const { clock, stores, core, app } = rooms;
  const { throughput, maintenance, rehearsal, forecasts, emDownloads, alarm, film } = doors;
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
    ...rooms,
    carried,
    clock,
    flips,
    jobs,
    key,
    enrolments,
    enrolmentDesk: doors.enrolment.desk,
    updateDesk: doors.updateDesk,
    series,
    maintenance,
    throughput,
    fleet: core.fleet,
    overview: core.overview,
    audit: stores.audit,
    reads: new ReadAudit(stores.audit, clock),
    plans: stores.plans,
    planEditing: core.planEditing,
    rehearsal,
    siteEvents: createSiteEvents(database),
    forecasts,
    emDownloads,
    incidents: alarm.incidents,
    alerts: alarm.alerts.api,
    outboxFigures: () => alarm.alerts.figures(),
    registry: stores.region,
    registryImport: createRegionImport(stores.region, parseInThread),
    replay: film.replay,
    marks: { database, stages: () => core.overview().stages },
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

async function closeDoors(doors: Doors): Promise<void> {
  doors.maintenance.close();
  doors.selfCheck.close();
  doors.throughput.close();
  doors.emDownloads.close();
  doors.enrolment.close();
  doors.updateDesk.updates.close();
  doors.planPush.close();
  await doors.alarm.close();
  doors.rehearsal.close();
  doors.gateway.close();
  doors.live.close();
  await doors.film.close();
  await doors.sockets.close();
}
