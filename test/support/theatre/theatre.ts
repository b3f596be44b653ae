import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Incident, LiveSite, Overview } from '@ppe-pulse/protocol';
import { createAccess, type Access } from '../../../server/src/access/access.ts';
import { createHttp, type Api } from '../../../server/src/api/http.ts';
import { sessionRoutes } from '../../../server/src/api/routes/session.ts';
import { buildIdOf } from '../../../server/src/build-id.ts';
import { createLive } from '../../../server/src/live/live.ts';
import { createLog, type Log } from '../../../server/src/log.ts';
import { sessionTokenOf } from '../../../server/src/access/cookie.ts';
import { socketPaths } from '../../../server/src/socket-paths.ts';
import { createSocketServer } from '../../../server/src/sockets.ts';
import { createAudit } from '../../../server/src/state/audit.ts';
import { openState } from '../../../server/src/state/state-store.ts';
import { boardDir } from '../board-browser.ts';
import { tempDir } from '../temp-dir.ts';
import { answersOf, type Answer } from './answers.ts';
import { createCast, type Cast, type ChurnKind } from './cast.ts';
import { incidentsOf } from './incidents.ts';
import type { Scene } from './scene.ts';
import { stageOverview } from './stage-overview.ts';
import { siteOnStage } from './site-on-stage.ts';
import { stageClock, type StageClock } from './stage-clock.ts';
import { faultyWire, type Wire } from './wire.ts';
import { wholeRegion } from '../../../server/src/access/scope.ts';
import { BoardScopes } from '../../../server/src/live/board-scopes.ts';
import { regionScopes } from '../scopes.ts';

/**
 * A theatre for the board: the built page and the live socket, played from a script.
 *
 * ```ts
 * const stage = await theatre(work());        // scenes.ts; gone with the test
 * const { page, pass } = await seat(stage);   // seat.ts: a browser whose clock is the test's
 * await pass(20_000);                         // stale, to the millisecond
 * await stage.wire.drop(); await pass(3_000); // lost
 * stage.clock.run();                          // from here on time goes by, with a beat a second
 * stage.wire.lose(); stage.cast.show(id, { verdict: 'fail' });  // a lost delta
 * const stop = stage.churn(600, 'flips');     // 600 changes of verdict a second
 * stage.edit({ planEditing: { by: 'admin', sinceAt } });
 * ```
 *
 * Real: HTTP with its headers and access (`createHttp`), the sessions' routes, sockets, the boards'
 * door (`createLive`) with its feed, encoders, ticks and beats, the count of the overview. Played:
 * whom the fleet hears (`cast`), sites and incidents, and what other routes answer (`answers.ts`;
 * `stage.answer` replaces one).
 *
 * Time stands still at the scene's moment until `stage.clock.run()`. While it does, boards get hello,
 * snapshot, deltas of what changes and a beat after `edit`, and no other beats: the same frames each
 * time, so that pictures are the same to the pixel, and a page whose own clock goes on grows stale.
 */
export interface Stage {
  /** `http://127.0.0.1:port`; with `signInPath` it is what `signedIn()` takes for a collector. */
  readonly url: string;
  readonly scene: Scene;
  readonly clock: StageClock;
  readonly cast: Cast;
  readonly wire: Wire;
  /** Path of a fresh one-time link. */
  signInPath(): string;
  /** Lies over the overview from the next beat on. */
  edit(part: Partial<Overview>): void;
  /** Tells boards of a site; null says that it left the registry. */
  changeSite(code: string, part: Partial<LiveSite> | null): void;
  /** Opens, changes or ends (`resolvedAtMs`) an incident. */
  changeIncident(incident: Incident): void;
  /** Workstations change by chance, so many a second; answers the way to stop. */
  churn(perSecond: number, kind: ChurnKind): () => void;
  /** Another answer for `GET /api/v1/<path>`; undefined is a 404. */
  answer(path: RegExp, answer: Answer): void;
}

/** What scripts sign in with. */
export const STAGE_TOKEN = 'an-admin-token-of-this-test';
/** Churn comes in portions: a fleet's heartbeats do not come in ticks. */
const CHURN_EVERY_MS = 20;
const API = '/api/v1/';
/** These are the collector's own. */
const REAL = /^session$/;

/** Raises the curtain; everything is gone with the test. `dir` is the board's build. */
export async function theatre(scene: Scene, dir: string = boardDir): Promise<Stage> {
  const clock = stageClock(scene.atMs);
  const database = openState(join(tempDir(), 'state.sqlite'));
  const access = createAccess(database, STAGE_TOKEN);
  const log = createLog(process.env.PPE_LOG ?? 'silent');
  const app = await createHttp({
    access,
    scopes: regionScopes,
    tls: undefined,
    clock,
    log,
    boardDir: dir,
    refused: () => {},
  });
  const boards = new BoardScopes((principal) => regionScopes.scopeOf(principal));
  const cast = createCast(scene, () => clock.wallMs());
  const told = script(scene);
  const overview = (): Overview => stageOverview(scene, { ...told, cast, nowMs: clock.wallMs() });
  const find = (id: string) => (cast.ids.includes(id) ? cast.get(id) : undefined);
  const sites = (): LiveSite[] => [...told.sites.values()];
  const incidents = (): Incident[] => [...told.incidents.values()];
  const answers = answersOf({ scene, overview, sites, incidents, find });
  answerAll(app, answers, (token) => access.bySession(token, clock.wallMs()) !== undefined);
  sessionRoutes(app, { access, audit: createAudit(database), clock });
  const line = openWire(scene, { app, access, boards, clock, log });
  const live = createLive(line.sockets, {
    fleet: cast,
    // The wire puts a socket of its own before each: who let it in knew only the one behind.
    boards: { of: () => wholeRegion },
    region: { onChange: () => () => {} },
    clock,
    log,
    build: buildIdOf(dir),
    overview,
    dataAgeMs: () => 600,
    rehearsal: {
      liveSites: sites,
      liveMunicipalities: () => [...scene.municipalities],
      onSite: (handle) => void told.siteHandlers.add(handle),
      onMunicipalities: () => {},
    },
    incidents: {
      open: incidents,
      silences: () => scene.silences,
      onChange: (handle) => void told.incidentHandlers.add(handle),
      onSilences: () => {},
    },
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const churns = new Set<() => void>();
  onTestFinished(async () => {
    for (const stop of churns) stop();
    live.close();
    await line.sockets.close();
    await app.close();
    database.close();
  });
  return {
    url,
    scene,
    clock,
    cast,
    wire: line.wire,
    signInPath: () => `/sign-in/${access.createLink(clock.wallMs())}`,
    ...told.changes,
    edit: (part) => {
      told.edited.part = { ...told.edited.part, ...part };
      line.oweBeat();
    },
    churn: (perSecond, kind) => {
      const stop = churning(cast, perSecond, kind);
      churns.add(stop);
      return stop;
    },
    answer: (path, answer) => void answers.set(path, answer),
  };
}

interface StageParts {
  readonly app: Api;
  readonly access: Access;
  readonly boards: BoardScopes;
  readonly clock: StageClock;
  readonly log: Log;
}

/** The collector's own sockets behind a wire that may be faulty. */
function openWire(scene: Scene, { app, access, boards, clock, log }: StageParts) {
  const line = faultyWire(
    createSocketServer(
      app.server,
      socketPaths({ access, clock, boards }).map((path) => ({
        ...path,
        refuse: (request) => (line.isDown() ? { status: 503 } : path.refuse(request)),
      })),
      { log, counters: { closed: () => {}, refused: () => {}, unproven: () => {} } },
    ),
    { trend: scene.trend, isStill: () => !clock.isRunning },
  );
  return line;
}

/** What the script says beside the cast, and how it is changed. */
function script(scene: Scene) {
  const sites = new Map(scene.sites.map((site) => [site.code, siteOnStage(scene, site)]));
  const incidents = new Map(incidentsOf(scene).map((incident) => [incident.id, incident]));
  const siteHandlers = new Set<(code: string, site: LiveSite | null) => void>();
  const incidentHandlers = new Set<(incident: Incident) => void>();
  const edited: { part: Partial<Overview> } = { part: {} };
  const changes: Pick<Stage, 'changeSite' | 'changeIncident'> = {
    changeSite: (code, part) => {
      const known = sites.get(code);
      const next = part && known ? { ...known, ...part } : null;
      if (next) sites.set(code, next);
      else sites.delete(code);
      for (const handle of siteHandlers) handle(code, next);
    },
    changeIncident: (incident) => {
      if (incident.resolvedAtMs === null) incidents.set(incident.id, incident);
      else incidents.delete(incident.id);
      for (const handle of incidentHandlers) handle(incident);
    },
  };
  return { sites, incidents, siteHandlers, incidentHandlers, edited, changes };
}

/** Answers in the place of routes that the stage does not have: the newest answer of a path wins. */
function answerAll(
  app: Api,
  answers: ReadonlyMap<RegExp, Answer>,
  isKnown: (token: string | undefined) => boolean,
): void {
  app.addHook('onRequest', async (request, reply) => {
    const { pathname, searchParams } = new URL(request.url, 'http://stage');
    if (!pathname.startsWith(API) || REAL.test(pathname.slice(API.length))) return undefined;
    if (!isKnown(sessionTokenOf(request.raw))) return reply.code(401).send({});
    const path = pathname.slice(API.length);
    const [pattern, answer] = [...answers].findLast(([each]) => each.test(path)) ?? [];
    const found = pattern && answer?.(searchParams, ...(pattern.exec(path) ?? []).slice(1));
    return found === undefined ? reply.code(404).send({}) : reply.send(found);
  });
}

function churning(cast: Cast, perSecond: number, kind: ChurnKind): () => void {
  const startedMs = performance.now();
  let done = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedMs) / 1_000) * perSecond);
    if (due > done) cast.churn(due - done, kind);
    done = due;
  }, CHURN_EVERY_MS);
  return () => clearInterval(timer);
}
