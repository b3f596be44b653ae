import {
  DutySchema,
  RoleSchema,
  VerdictSchema,
  idOf,
  type WorkstationState,
} from '@ppe-pulse/protocol';
import { Type } from 'typebox';
import { agentIdOf } from '../../access/keys.ts';
import { assertAgentKey, enrolAudited } from './enrol-audited.ts';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';
import { Problem } from '../problem.ts';
import { WorkstationView, workstationView } from '../workstation-view.ts';

const PAGE_DEFAULT = 500;
const PAGE_MAX = 5_000;
const FLIPS_MAX = 1_000;
const Id = Type.Object({ id: idOf('agentId') });

const Page = Type.Object({
  site: Type.Optional(idOf('siteCode')),
  verdict: Type.Optional(VerdictSchema),
  /** True: only those that were heard and do not hold the live version of the plan. */
  planBehind: Type.Optional(Type.Boolean()),
  limit: Type.Integer({ minimum: 1, maximum: PAGE_MAX, default: PAGE_DEFAULT }),
  /** `nextCursor` of the page before: the last id on it. */
  cursor: Type.Optional(idOf('agentId')),
});

const FlipView = Type.Object({
  checkId: Type.String(),
  from: VerdictSchema,
  to: VerdictSchema,
  reason: Type.String(),
  at: Type.String({ format: 'date-time' }),
  evidence: Type.Record(Type.String(), Type.Union([Type.Number(), Type.Boolean(), Type.String()])),
});

/** A workstation's key and where it stands. */
export const EnrolmentBody = Type.Object(
  {
    publicKey: idOf('publicKey'),
    placement: Type.Object(
      {
        siteCode: idOf('siteCode'),
        roomCode: idOf('roomCode'),
        role: RoleSchema,
        duty: DutySchema,
        simulated: Type.Optional(Type.Boolean()),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);

/** Workstations: list, one, its flips, and enrolment by public key. */
export function workstationRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/api/v1/workstations',
    {
      schema: {
        querystring: Page,
        response: {
          200: Type.Object({
            items: Type.Array(WorkstationView),
            nextCursor: Type.Optional(Type.String()),
          }),
        },
      },
    },
    (request) => {
      const { site, verdict, planBehind, limit, cursor } = request.query;
      const { planVersion } = context.rehearsal;
      const found = [...context.fleet.all()]
        .filter((state) => request.scope.hasSite(state.placement.siteCode))
        .filter((state) => site === undefined || state.placement.siteCode === site)
        .filter((state) => verdict === undefined || state.standing.verdict === verdict)
        .filter((state) => planBehind === undefined || isBehind(state, planVersion) === planBehind)
        .filter((state) => cursor === undefined || state.id > cursor)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const items = found.slice(0, limit).map(workstationView);
      const last = items.at(-1);
      return found.length > limit && last ? { items, nextCursor: last.id } : { items };
    },
  );

  app.get(
    '/api/v1/workstations/:id',
    { schema: { params: Id, response: { 200: WorkstationView } } },
    (request) => workstationView(stateOf(context, request.params.id)),
  );

  app.get(
    '/api/v1/workstations/:id/flips',
    {
      schema: {
        params: Id,
        querystring: Type.Object({
          limit: Type.Integer({ minimum: 1, maximum: FLIPS_MAX, default: 100 }),
        }),
        response: { 200: Type.Object({ items: Type.Array(FlipView) }) },
      },
    },
    (request) => {
      const { id } = stateOf(context, request.params.id);
      const items = context.flips.ofWorkstation(id, request.query.limit);
      return {
        items: items.map(({ checkId, from, to, reason, atMs, evidence }) => ({
          checkId,
          from,
          to,
          reason,
          at: new Date(atMs).toISOString(),
          evidence,
        })),
      };
    },
  );
  enrolmentRoute(app, context);
}

/** Nobody is behind without a plan, and who was never heard is missed elsewhere. */
function isBehind(state: WorkstationState, liveVersion: number | undefined): boolean {
  if (liveVersion === undefined || state.lastSeenAtMs === null) return false;
  return state.planVersion !== liveVersion;
}

function enrolmentRoute(app: Api, context: ApiContext): void {
  const Enrolled = Type.Object({
    id: idOf('agentId'),
    collector: Type.Object({ id: idOf('collectorId'), publicKey: idOf('publicKey') }),
  });
  app.post(
    '/api/v1/workstations',
    {
      schema: {
        body: EnrolmentBody,
        response: { 200: Enrolled, 201: Enrolled },
      },
    },
    async (request, reply) => {
      const { publicKey, placement } = request.body;
      assertAgentKey(publicKey);
      const id = agentIdOf(publicKey);
      let isNew = false;
      context.transaction(() => {
        isNew = enrolAudited(context, { publicKey, placement, account: request.account });
      });
      const collector = { id: context.key.id, publicKey: context.key.publicKey };
      void reply.code(isNew ? 201 : 200);
      return { id, collector };
    },
  );
}

function stateOf(context: ApiContext, id: string): WorkstationState {
  const state = context.fleet.get(id);
  if (state) return state;
  throw new Problem(
    404,
    'unknownWorkstation',
    `workstation ${id} is not enrolled; GET /api/v1/workstations lists all`,
  );
}
