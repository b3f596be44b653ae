import { emResults, emSiteStates, emStates, idOf, limits, type EmSite } from '@ppe-pulse/protocol';
import { Type, type Static } from 'typebox';
import type { Clock } from '../../clock.ts';
import type { EmDownloads, EmStanding } from '../../em/em-downloads.ts';
import { EmRefusal, type EmJob, type EmOrder } from '../../em/em-job.ts';
import type { Audit } from '../../state/audit.ts';
import type { Api } from '../http.ts';
import { Problem } from '../problem.ts';

/** What the routes work with. */
export interface EmRouteParts {
  readonly emDownloads: EmDownloads;
  readonly audit: Audit;
  readonly clock: Clock;
}

const LISTED = 50;
const MINUTE_MS = 60_000;
/** A ППЭ of the list, and room for a country. */
const CODES_MAX = 10_000;

const Time = Type.String({ format: 'date-time' });
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Count = Type.Integer({ minimum: 0 });
const Id = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{16}$' }) });

const Body = Type.Object(
  {
    sites: Type.Union([
      Type.Literal('involved'),
      Type.Object(
        { municipality: Type.String({ pattern: '^[a-z0-9-]{1,64}$' }) },
        { additionalProperties: false },
      ),
      Type.Object(
        { codes: Type.Array(idOf('siteCode'), { minItems: 1, maxItems: CODES_MAX }) },
        { additionalProperties: false },
      ),
    ]),
    bytes: Type.Integer({ minimum: 1, maximum: limits.emPackageBytes }),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295 })),
    source: Type.Enum(['collector', 'mirror'], { default: 'collector' }),
    /** All at the same moment on purpose, or one after another over a time. */
    spread: Type.Union([
      Type.Literal('together'),
      Type.Object(
        { overMinutes: Type.Number({ exclusiveMinimum: 0, maximum: 1_440 }) },
        { additionalProperties: false },
      ),
    ]),
    /** Ceiling of one site; 0 for none. */
    maxBytesPerSecond: Type.Number({ default: 0, minimum: 0 }),
    /** What is not done this long after the last start is given up. */
    giveUpAfterMinutes: Type.Number({ default: 240, minimum: 0.1, maximum: 1_440 }),
  },
  { additionalProperties: false },
);

const JobView = Type.Object({
  id: Type.String(),
  state: Type.Enum([...emStates]),
  createdAt: Time,
  createdBy: Type.String(),
  startAt: Nullable(Time),
  endedAt: Nullable(Time),
  bytes: Count,
  seed: Count,
  sha256: Nullable(Type.String()),
  source: Type.Enum(['collector', 'mirror']),
  spreadMinutes: Type.Number(),
  maxBytesPerSecond: Type.Number(),
  giveUpAfterMinutes: Type.Number(),
});

const SiteView = Type.Object({
  siteCode: Type.String(),
  municipality: Type.String(),
  state: Type.Enum([...emSiteStates]),
  reason: Type.String(),
  workstationId: Nullable(Type.String()),
  startAt: Time,
  endedAt: Nullable(Time),
  receivedBytes: Count,
  servedBytes: Count,
  tookMs: Type.Number(),
  retries: Count,
});

const PercentilesView = Nullable(
  Type.Object({ p5: Type.Number(), p50: Type.Number(), p95: Type.Number() }),
);
const RowView = Type.Object({
  municipality: Nullable(Type.String()),
  total: Count,
  done: Count,
  failed: Count,
  bytesPerSecond: PercentilesView,
  tookMs: PercentilesView,
});
const ResultsView = Type.Object({
  region: RowView,
  municipalities: Type.Array(RowView),
  slowest: Type.Array(
    Type.Object({
      siteCode: Type.String(),
      bytesPerSecond: Type.Number(),
      tookMs: Type.Number(),
      retries: Count,
    }),
  ),
  failures: Type.Array(Type.Object({ reason: Type.String(), sites: Count })),
});

const StandingView = Type.Object({
  ...JobView.properties,
  sitesDone: Count,
  sitesTotal: Count,
  /** Of all sites together, now. */
  bytesPerSecond: Type.Number(),
  results: ResultsView,
  sites: Type.Array(SiteView),
});

const WhatIfView = Type.Object({
  serverBytesPerSecond: Type.Number(),
  sites: Count,
  unknown: Type.Array(Type.String()),
  p50Seconds: Nullable(Type.Number()),
  p95Seconds: Nullable(Type.Number()),
  lastSeconds: Nullable(Type.Number()),
  lastSite: Nullable(Type.String()),
  saturatedSeconds: Type.Number(),
});

/** Rehearsals of the EM download: schedule, follow, stop, and «what if all start at once». */
export function emDownloadRoutes(app: Api, parts: EmRouteParts): void {
  const { emDownloads } = parts;
  app.post(
    '/api/v1/em-downloads',
    { schema: { body: Body, response: { 201: StandingView } } },
    async (request, reply) => {
      const order = orderOf(request.body);
      const standing = refusing(() => emDownloads.schedule(order, request.account));
      note(parts, request.account, 'emDownload.schedule', standing);
      void reply.code(201);
      return standingView(standing, emDownloads);
    },
  );

  app.get(
    '/api/v1/em-downloads',
    { schema: { response: { 200: Type.Object({ items: Type.Array(JobView) }) } } },
    () => ({ items: emDownloads.list(LISTED).map(jobView) }),
  );

  app.get(
    '/api/v1/em-downloads/:id',
    { schema: { params: Id, response: { 200: StandingView } } },
    (request) => standingView(found(emDownloads, request.params.id), emDownloads),
  );

  app.post(
    '/api/v1/em-downloads/:id/stop',
    { schema: { params: Id, response: { 200: StandingView } } },
    (request) => {
      const { id } = found(emDownloads, request.params.id).job;
      const standing = refusing(() => emDownloads.stop(id));
      note(parts, request.account, 'emDownload.stop', standing);
      return standingView(standing, emDownloads);
    },
  );

  app.get(
    '/api/v1/em-downloads/:id/what-if',
    {
      schema: {
        params: Id,
        querystring: Type.Object({ serverBytesPerSecond: Type.Number({ exclusiveMinimum: 0 }) }),
        response: { 200: WhatIfView },
      },
    },
    (request) => {
      const answer = emDownloads.whatIf(request.params.id, request.query.serverBytesPerSecond);
      if (!answer) throw unknown(request.params.id);
      return { ...answer, unknown: [...answer.unknown] };
    },
  );
}

function orderOf(body: Static<typeof Body>): EmOrder {
  const { sites, bytes, seed, source, spread, maxBytesPerSecond, giveUpAfterMinutes } = body;
  return {
    sites,
    bytes,
    seed,
    source,
    spreadMs: spread === 'together' ? 0 : Math.round(spread.overMinutes * MINUTE_MS),
    maxBytesPerSecond,
    giveUpAfterMs: Math.round(giveUpAfterMinutes * MINUTE_MS),
  };
}

/** A refusal of the rehearsals is the caller's to solve: a conflict, or something that is not there. */
function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof EmRefusal)) throw error;
    const isConflict = error.kind !== 'unknownSites' && error.kind !== 'noSites';
    throw new Problem(isConflict ? 409 : 422, error.kind, error.message);
  }
}

function found(emDownloads: EmDownloads, id: string): EmStanding {
  const standing = emDownloads.find(id);
  if (!standing) throw unknown(id);
  return standing;
}

function unknown(id: string): Problem {
  return new Problem(
    404,
    'unknownEmDownload',
    `there is no download ${id}; GET /api/v1/em-downloads lists them`,
  );
}

function note(
  { audit, clock }: EmRouteParts,
  account: string,
  action: string,
  { job, sites }: EmStanding,
): void {
  const { bytes, source, spreadMs } = job;
  const details = { sites: sites.length, bytes, source, spreadMs };
  audit.add({ atMs: clock.wallMs(), account, action, subject: job.id, details });
}

function standingView(
  { job, sites }: EmStanding,
  emDownloads: EmDownloads,
): Static<typeof StandingView> {
  const summary = emDownloads.emSummary();
  const { region, municipalities, slowest, failures } = emResults(sites);
  return {
    ...jobView(job),
    sitesDone: region.done,
    sitesTotal: region.total,
    bytesPerSecond: summary?.downloadId === job.id ? summary.bytesPerSecond : 0,
    results: {
      region,
      municipalities: [...municipalities],
      slowest: [...slowest],
      failures: [...failures],
    },
    sites: sites.map(siteView),
  };
}

function jobView(job: EmJob): Static<typeof JobView> {
  const { id, state, createdBy, bytes, seed, sha256, source, maxBytesPerSecond } = job;
  return {
    id,
    state,
    createdAt: timeOf(job.createdAtMs),
    createdBy,
    startAt: timeOrNull(job.startAtMs),
    endedAt: timeOrNull(job.endedAtMs),
    bytes,
    seed,
    sha256,
    source,
    spreadMinutes: job.spreadMs / MINUTE_MS,
    maxBytesPerSecond,
    giveUpAfterMinutes: job.giveUpAfterMs / MINUTE_MS,
  };
}

function siteView({ startAtMs, endedAtMs, ...site }: EmSite): Static<typeof SiteView> {
  return { ...site, startAt: timeOf(startAtMs), endedAt: timeOrNull(endedAtMs) };
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString();
}

function timeOrNull(atMs: number | null): string | null {
  return atMs === null ? null : timeOf(atMs);
}
