import { MAX_PLAN_CHARACTERS, planChangeText, type Region } from '@ppe-pulse/protocol';
import { Type, type Static } from 'typebox';
import { checkPlanText, type PlacedProblem } from '../../plan/check-plan-text.ts';
import type { PlanStore, PlanVersion } from '../../plan/plan-store.ts';
import { problemView } from '../../plan/problem-lines.ts';
import type { PlanEditing } from '../../rehearsal/plan-editing.ts';
import type { Api } from '../http.ts';
import { PROBLEM_MEDIA_TYPE, Problem } from '../problem.ts';
import { planDraftRoutes } from './plan-drafts.ts';

/** What the routes of the plan answer from. */
export interface PlanRouteParts {
  readonly plans: PlanStore;
  readonly editing: PlanEditing;
  /** Null while no region is known. */
  readonly region: () => Region | null;
  /** The collector's wall clock: when an edit was made. */
  readonly wallMs: () => number;
  /** The rehearsal's clock: what the plan's date is judged by. */
  readonly rehearsalMs: () => number;
}

/** A character of the text takes three bytes of UTF-8 at most, and six where JSON escapes it. */
const BODY_BYTES = MAX_PLAN_CHARACTERS * 6 + 4_096;
const VERSIONS_MAX = 1_000;

const Version = {
  version: Type.Integer(),
  planId: Type.String(),
  by: Type.String(),
  at: Type.String({ format: 'date-time' }),
  note: Type.String(),
};
const Words = Type.Object({ wrong: Type.String(), toDo: Type.String() });
const ProblemView = Type.Object({
  severity: Type.Enum(['error', 'warning']),
  reason: Type.String(),
  path: Type.String(),
  line: Type.Integer(),
  column: Type.Integer(),
  ru: Words,
  en: Words,
});
const EditBody = Type.Object(
  {
    /** The YAML as it was written, comments included. */
    text: Type.String({ maxLength: MAX_PLAN_CHARACTERS }),
    /** Version that was edited, 0 where there was none. */
    baseVersion: Type.Integer({ minimum: 0 }),
    note: Type.String({ maxLength: 300, default: '' }),
    /** Answers what would change, and changes nothing. */
    dryRun: Type.Boolean({ default: false }),
  },
  { additionalProperties: false },
);
const EditView = Type.Object({
  /** `applied`, `same` as before word for word, or what a dry run `wouldApply`. */
  outcome: Type.Enum(['applied', 'same', 'wouldApply']),
  version: Type.Integer(),
  changes: Type.Array(
    Type.Object({
      path: Type.String(),
      before: Type.Union([Type.String(), Type.Null()]),
      after: Type.Union([Type.String(), Type.Null()]),
      text: Type.String(),
    }),
  ),
  problems: Type.Array(ProblemView),
});

const Refusal = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  problems: Type.Array(ProblemView),
});

const EditingBody = Type.Object(
  {
    isEditing: Type.Boolean(),
    /** Names the window, so that two of one account differ. */
    window: Type.String({ pattern: '^[0-9A-Za-z_-]{0,64}$', default: '' }),
  },
  { additionalProperties: false },
);

/** The plan of the rehearsal: read, edited whole or not at all, with its versions. */
export function planRoutes(app: Api, parts: PlanRouteParts): void {
  readRoutes(app, parts);
  editingRoute(app, parts);
  planDraftRoutes(app);
  app.put(
    '/api/v1/plan',
    {
      bodyLimit: BODY_BYTES,
      schema: { body: EditBody, response: { 200: EditView, 422: Refusal } },
    },
    async (request, reply) => {
      const { text, baseVersion, note, dryRun } = request.body;
      const outcome = parts.plans.apply(text, {
        by: request.account,
        atMs: parts.wallMs(),
        baseVersion,
        note,
        nowMs: parts.rehearsalMs(),
        region: parts.region(),
        isDryRun: dryRun,
      });
      if (outcome.kind === 'stale') throw stale(outcome.currentVersion);
      if (outcome.kind === 'refused') {
        const document = refusalView(outcome.problems);
        return reply.code(422).header('content-type', PROBLEM_MEDIA_TYPE).send(document);
      }
      if (outcome.kind === 'applied') parts.editing.applied(request.account);
      const changes = outcome.changes.map((each) => ({ ...each, text: planChangeText(each) }));
      const problems = outcome.warnings.map(problemView);
      return { outcome: outcome.kind, version: outcome.version, changes, problems };
    },
  );
}

/** An open editor says so again within a minute: boards tell who else edits. */
function editingRoute(app: Api, { editing, wallMs }: PlanRouteParts): void {
  app.post(
    '/api/v1/plan/editing',
    { schema: { body: EditingBody, response: { 204: Type.Null() } } },
    (request, reply) => {
      const { isEditing, window } = request.body;
      const editor = { account: request.account, window };
      if (isEditing) editing.begin(editor, wallMs());
      else editing.end(editor);
      void reply.code(204);
      return null;
    },
  );
}

function readRoutes(app: Api, { plans, region }: PlanRouteParts): void {
  app.get(
    '/api/v1/plan',
    {
      schema: {
        response: {
          200: Type.Object({
            ...Version,
            text: Type.String(),
            /** With everything that the text leaves to its default. */
            plan: Type.Unknown(),
            problems: Type.Array(ProblemView),
          }),
        },
      },
    },
    () => {
      const live = plans.current();
      if (live === null)
        throw new Problem(
          404,
          'noPlan',
          'there is no plan yet: PUT /api/v1/plan, or "ppe-collector plan import FILE"',
        );
      const { text, plan } = live;
      const { problems } = checkPlanText(text, { nowMs: null, region: region() });
      return { ...versionView(live), text, plan, problems: problems.map(problemView) };
    },
  );

  app.get(
    '/api/v1/plan/versions',
    {
      schema: {
        querystring: Type.Object({
          limit: Type.Integer({ minimum: 1, maximum: VERSIONS_MAX, default: 100 }),
        }),
        response: { 200: Type.Object({ items: Type.Array(Type.Object(Version)) }) },
      },
    },
    (request) => ({ items: plans.versions(request.query.limit).map(versionView) }),
  );

  app.get(
    '/api/v1/plan/versions/:version',
    {
      schema: {
        params: Type.Object({ version: Type.Integer({ minimum: 1 }) }),
        response: { 200: Type.Object({ version: Type.Integer(), text: Type.String() }) },
      },
    },
    (request) => {
      const { version } = request.params;
      const text = plans.textOf(version);
      if (text === undefined)
        throw new Problem(
          404,
          'noSuchVersion',
          `there is no version ${version}: see /api/v1/plan/versions`,
        );
      return { version, text };
    },
  );
}

function versionView({ version, planId, by, atMs, note }: PlanVersion) {
  return { version, planId, by, at: new Date(atMs).toISOString(), note };
}

function stale(currentVersion: number): Problem {
  return new Problem(
    409,
    'stalePlan',
    `the plan was edited meanwhile and is of version ${currentVersion} now: read it again and make the edit in that`,
  );
}

/** The problem document of a plan that has errors, with all of them. */
function refusalView(problems: readonly PlacedProblem[]): Static<typeof Refusal> {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const { kind, status, message } = new Problem(
    422,
    'planRefused',
    `the plan has ${errors} ${errors === 1 ? 'error' : 'errors'} and was not applied: "problems" says where and what to do`,
  );
  return {
    type: `urn:ppe-pulse:problem:${kind}`,
    title: 'Not acceptable as it is',
    status,
    detail: message,
    problems: problems.map(problemView),
  };
}
