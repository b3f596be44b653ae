import { LiveSiteSchema, StageSchema, idOf, stageIds, stageTracks } from '@ppe-pulse/protocol';
import type { Claim } from '@ppe-pulse/protocol';
import { Type } from 'typebox';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';
import { Problem } from '../problem.ts';

const Time = Type.String({ format: 'date-time' });
const SiteCode = Type.Object({ code: idOf('siteCode') });
const AUDIT_MAX = 1_000;

const ClaimBody = Type.Object(
  {
    siteCode: idOf('siteCode'),
    roomCode: Type.Optional(idOf('roomCode')),
    track: Type.Enum([...stageTracks]),
    stage: Type.Enum([...stageIds]),
    /** Units done, for stages that count; missing says: all of it. */
    done: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
    /** False takes the claim back. */
    isMade: Type.Boolean({ default: true }),
    /** In a played day only: when it was said, before the day began. */
    at: Type.Optional(Type.String({ format: 'date-time' })),
    /** What a person wants to add. Not the place for names of pupils. */
    note: Type.String({ maxLength: 300, default: '' }),
  },
  { additionalProperties: false },
);

export const ClaimView = Type.Object({
  id: Type.Integer(),
  siteCode: Type.String(),
  roomCode: Type.Union([Type.String(), Type.Null()]),
  track: Type.String(),
  stage: Type.String(),
  done: Type.Union([Type.Integer(), Type.Null()]),
  isMade: Type.Boolean(),
  by: Type.String(),
  /** The rehearsal's clock. */
  at: Time,
  note: Type.String(),
});

const AuditView = Type.Object({
  /** From 1, without gaps. */
  id: Type.Integer(),
  at: Time,
  account: Type.String(),
  action: Type.String(),
  subject: Type.String(),
  details: Type.Record(
    Type.String(),
    Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
  ),
  /** Of this entry and the hash of the one before, hex SHA-256. */
  hash: Type.String(),
});

/** The rehearsal: claims, stages of rooms, workstations that nobody planned, who changed what. */
export function rehearsalRoutes(app: Api, context: ApiContext): void {
  const { rehearsal } = context;
  app.post(
    '/api/v1/claims',
    { schema: { body: ClaimBody, response: { 201: ClaimView } } },
    async (request, reply) => {
      const { roomCode, done, at, ...said } = request.body;
      const draft = { ...said, roomCode: roomCode ?? null, done: done ?? null };
      const saidAtMs = at === undefined ? null : Date.parse(at);
      const outcome = rehearsal.claim(draft, { by: request.account, saidAtMs });
      if (outcome.kind === 'refused') throw new Problem(422, outcome.reason, outcome.detail);
      void reply.code(201);
      return claimView(outcome.claim);
    },
  );

  app.get(
    '/api/v1/sites/:code/claims',
    {
      schema: {
        params: SiteCode,
        response: { 200: Type.Object({ items: Type.Array(ClaimView) }) },
      },
    },
    (request) => ({ items: rehearsal.claimsOf(request.params.code).map(claimView) }),
  );

  app.get(
    '/api/v1/sites/:code/stages',
    {
      schema: {
        params: SiteCode,
        response: {
          200: Type.Object({
            site: LiveSiteSchema,
            rooms: Type.Array(
              Type.Object({ roomCode: Type.String(), stages: Type.Array(StageSchema) }),
            ),
          }),
        },
      },
    },
    (request) => {
      const found = rehearsal.stagesOf(request.params.code);
      if (found) return found;
      throw new Problem(404, 'unknownSite', 'no such site in the registry; GET /api/v1/sites');
    },
  );

  placesRoutes(app, context);
  app.get(
    '/api/v1/audit',
    {
      schema: {
        querystring: Type.Object({
          limit: Type.Integer({ minimum: 1, maximum: AUDIT_MAX, default: 100 }),
        }),
        response: { 200: Type.Object({ items: Type.Array(AuditView) }) },
      },
    },
    ({ query, account }) => {
      context.reads.note(account, 'audit.read', 'audit');
      const items = context.audit
        .list(query.limit)
        .map(({ atMs, ...rest }) => ({ at: new Date(atMs).toISOString(), ...rest }));
      return { items };
    },
  );
}

function placesRoutes(app: Api, { rehearsal, clock }: ApiContext): void {
  const Unplanned = Type.Object({
    id: idOf('agentId'),
    siteCode: Type.String(),
    roomCode: Type.String(),
    role: Type.String(),
    duty: Type.String(),
    wasHeard: Type.Boolean(),
  });
  app.get(
    '/api/v1/workstations/unplanned',
    { schema: { response: { 200: Type.Object({ items: Type.Array(Unplanned) }) } } },
    ({ scope }) => ({
      items: rehearsal
        .unplanned()
        .filter(({ placement }) => scope.hasSite(placement.siteCode))
        .map(({ id, placement, wasHeard }) => ({
          id,
          siteCode: placement.siteCode,
          roomCode: placement.roomCode,
          role: placement.role,
          duty: placement.duty,
          wasHeard: wasHeard === true,
        })),
    }),
  );

  app.post(
    '/api/v1/workstations/:id/adopt',
    {
      schema: {
        params: Type.Object({ id: idOf('agentId') }),
        response: { 201: Type.Object({ plannedId: Type.String() }) },
      },
    },
    async (request, reply) => {
      const by = { account: request.account, atMs: clock.wallMs() };
      const outcome = rehearsal.adopt(request.params.id, by);
      if (outcome.kind === 'refused') throw new Problem(409, outcome.reason, outcome.detail);
      void reply.code(201);
      return { plannedId: outcome.plannedId };
    },
  );
}

export function claimView({ atMs, ...claim }: Claim) {
  return { ...claim, at: new Date(atMs).toISOString() };
}
