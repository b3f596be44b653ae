import { idOf } from '@ppe-pulse/protocol';
import { readUpdateManifest, type UpdateRoot } from '@ppe-pulse/protocol/update';
import { Type, type Static } from 'typebox';
import {
  placeOf,
  scopeKinds,
  stageStates,
  targetStates,
  type StageScope,
} from '../../updates/rollout.ts';
import { standings } from '../../updates/standing.ts';
import type { UpdateDesk } from '../../updates/create-updates.ts';
import { updateLimits } from '../../updates/update-limits.ts';
import { RefusedUpdate, type RolloutRefusal } from '../../updates/update-refusal.ts';
import type { KeptBundle } from '../../updates/update-store.ts';
import type { StageStanding, Updates } from '../../updates/updates.ts';
import type { Api } from '../http.ts';
import { Problem } from '../problem.ts';

/** Workstations in trouble that are listed; how many there are stands in the counts. */
const LISTED_TROUBLES = 200;

const Time = Type.String({ format: 'date-time' });
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Count = Type.Integer({ minimum: 0 });
const StageId = Type.Object({ id: Type.Integer({ minimum: 1 }) });

const StageBody = Type.Object(
  {
    scope: Type.Union([
      Type.Literal('all'),
      Type.Object({ siteCode: idOf('siteCode') }, { additionalProperties: false }),
      Type.Object(
        { municipality: Type.String({ pattern: '^[a-z0-9-]{1,64}$' }) },
        { additionalProperties: false },
      ),
    ]),
  },
  { additionalProperties: false },
);

const BundleView = Type.Object({
  version: Type.String(),
  bytes: Count,
  sha256: Type.String(),
  createdAt: Time,
  expiresAt: Time,
  addedAt: Time,
  addedBy: Type.String(),
  /** Ids of the keys that signed it. */
  signedBy: Type.Array(Type.String()),
});

const StageView = Type.Object({
  id: Type.Integer(),
  version: Type.String(),
  scope: Type.Enum([...scopeKinds]),
  /** Code of the ППЭ or slug of the municipality; empty for all. */
  place: Type.String(),
  state: Type.Enum([...stageStates]),
  startedAt: Time,
  startedBy: Type.String(),
  endedAt: Nullable(Time),
  progress: Type.Object(Object.fromEntries(standings.map((each) => [each, Count]))),
});

const TroubleView = Type.Object({
  id: Type.String(),
  siteCode: Type.String(),
  state: Type.Enum([...targetStates]),
  reason: Type.String(),
  at: Time,
});

const RootView = Type.Object({ version: Count, threshold: Count, keys: Count });

const UpdatesView = Type.Object({
  /** Whose bundles are taken; null where nobody put the keys there. */
  root: Nullable(RootView),
  /** A stage pauses by itself above this. */
  troublePercent: Type.Number(),
  /** Newest added first. */
  bundles: Type.Array(BundleView),
  /** Newest first. */
  stages: Type.Array(StageView),
  /** Of the newest stage: refused, rolled back, fallen silent. The newest first. */
  troubles: Type.Array(TroubleView),
});

/** Versions of the agent that can be rolled out: take one, begin a stage, follow it, stop it. */
export function updateRoutes(app: Api, desk: UpdateDesk): void {
  const { updates } = desk;
  app.get('/api/v1/updates', { schema: { response: { 200: UpdatesView } } }, () =>
    updatesView(desk),
  );
  uploadRoute(app, desk);
  app.post(
    '/api/v1/updates/:version/stages',
    {
      schema: {
        params: Type.Object({ version: idOf('version') }),
        body: StageBody,
        response: { 201: StageView },
      },
    },
    async (request, reply) => {
      const scope = scopeOf(request.body.scope);
      const begun = refusing(() => updates.begin(request.params.version, scope, request.account));
      void reply.code(201);
      return stageView(begun);
    },
  );
  app.post(
    '/api/v1/update-stages/:id/go-on',
    { schema: { params: StageId, response: { 200: StageView } } },
    ({ params, account }) => stageView(refusing(() => updates.goOn(params.id, account))),
  );
  app.post(
    '/api/v1/update-stages/:id/stop',
    { schema: { params: StageId, response: { 200: StageView } } },
    ({ params, account }) => stageView(refusing(() => updates.stop(params.id, account))),
  );
}

function uploadRoute(app: Api, { shelf }: UpdateDesk): void {
  void app.register((scope: Api, _: object, done: () => void) => {
    scope.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: updateLimits.bundleBytes },
      (_request, body, parsed) => parsed(null, body),
    );
    scope.post(
      '/api/v1/updates',
      { bodyLimit: updateLimits.bundleBytes, schema: { response: { 201: BundleView } } },
      async (request, reply) => {
        // JSON comes here too: it is no bundle.
        const file = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const bundle = refusing(() => shelf.add(file, request.account));
        void reply.code(201);
        return bundleView(bundle);
      },
    );
    scope.put(
      '/api/v1/update-root',
      { bodyLimit: updateLimits.bundleBytes, schema: { response: { 200: RootView } } },
      ({ body, account }) => {
        const file = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body ?? null));
        return rootView(refusing(() => shelf.adoptRoot(file, account)));
      },
    );
    done();
  });
}

/** What is asked cannot be done now, is not there, or is not believed: three kinds of answers. */
function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof RefusedUpdate)) throw error;
    throw new Problem(statuses[error.reason] ?? 422, error.reason, error.message);
  }
}

/** What is not there, and what stands in the way now; all other refusals are of the bundle. */
const statuses: Partial<Readonly<Record<RolloutRefusal, number>>> = {
  unknownUpdate: 404,
  unknownStage: 404,
  otherRuns: 409,
  stagePaused: 409,
  siteFirst: 409,
  municipalityFirst: 409,
  sameStage: 409,
  sameVersion: 409,
  stageOver: 409,
  notPaused: 409,
};

function scopeOf(asked: Static<typeof StageBody>['scope']): StageScope {
  if (asked === 'all') return { kind: 'all' };
  if ('siteCode' in asked) return { kind: 'site', siteCode: asked.siteCode };
  return { kind: 'municipality', slug: asked.municipality };
}

function updatesView({ shelf, updates }: UpdateDesk): Static<typeof UpdatesView> {
  const root = shelf.root();
  return {
    root: root && rootView(root),
    troublePercent: updates.troublePercent,
    bundles: shelf.list().map(bundleView),
    stages: updates.stages().map(stageView),
    troubles: troublesView(updates),
  };
}

function troublesView(updates: Updates): Static<typeof TroubleView>[] {
  return [...updates.troubles()]
    .sort((a, b) => b.target.atMs - a.target.atMs)
    .slice(0, LISTED_TROUBLES)
    .map(({ target: { state, reason, atMs }, agent: { id, siteCode } }) => ({
      id,
      siteCode,
      state,
      reason,
      at: timeOf(atMs),
    }));
}

function bundleView(bundle: KeptBundle): Static<typeof BundleView> {
  const { version, signatures, addedAtMs, addedBy } = bundle;
  const manifest = readUpdateManifest(bundle.manifest);
  if (!manifest) throw new Error(`the stored manifest of ${version} cannot be read`);
  return {
    version,
    bytes: manifest.packedSize,
    sha256: manifest.sha256,
    createdAt: timeOf(manifest.createdAtMs),
    expiresAt: timeOf(manifest.expiresAtMs),
    addedAt: timeOf(addedAtMs),
    addedBy,
    signedBy: signatures.map(({ keyId }) => keyId),
  };
}

function rootView({ version, threshold, keys }: UpdateRoot): Static<typeof RootView> {
  return { version, threshold, keys: keys.length };
}

function stageView({ stage, progress }: StageStanding): Static<typeof StageView> {
  const { id, version, scope, state, startedAtMs, startedBy, endedAtMs } = stage;
  return {
    id,
    version,
    scope: scope.kind,
    place: placeOf(scope),
    state,
    startedAt: timeOf(startedAtMs),
    startedBy,
    endedAt: endedAtMs === null ? null : timeOf(endedAtMs),
    progress: { ...progress },
  };
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
