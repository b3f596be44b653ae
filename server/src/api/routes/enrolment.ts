import { DutySchema, RoleSchema, idOf } from '@ppe-pulse/protocol';
import {
  ENROLMENT_REQUEST_BYTES,
  ENROL_PATH,
  EnrolmentRequestSchema,
  type SignedDocument,
} from '@ppe-pulse/protocol/enrolment';
import { Type, type Static } from 'typebox';
import { agentIdOf } from '../../access/keys.ts';
import type { EnrolmentRefusal } from '../../enrolment/decide.ts';
import type { PersonOutcome } from '../../enrolment/decisions.ts';
import type { DeskRefusal } from '../../enrolment/desk-refusal.ts';
import type {
  EnrolmentDesk,
  FileOutcome,
  FileRefusal,
  TakeOutcome,
} from '../../enrolment/enrolment-desk.ts';
import {
  enrolmentWays,
  shownState,
  undecidedOf,
  type EnrolmentCode,
} from '../../enrolment/enrolment-code.ts';
import type { ApiContext } from '../context.ts';
import type { Api, Reply } from '../http.ts';
import { Problem } from '../problem.ts';

/** Requests of one address a minute: a room's PCs behind one relay, and nobody who tries codes. */
const REQUESTS_PER_MINUTE = 120;
/** Who hands a request on says how it came to him. It is a label for people and proves nothing. */
const WAY_HEADER = 'ppe-pulse-way';
const NOTE_MAX = 300;
const PAGE_DEFAULT = 500;
const PAGE_MAX = 1_000;
const DATE = '^\\d{4}-\\d{2}-\\d{2}$';

const CodeView = Type.Object({
  codeId: idOf('codeId'),
  siteCode: idOf('siteCode'),
  roomCode: idOf('roomCode'),
  role: RoleSchema,
  duty: DutySchema,
  /** From 1 among those of the same room, role and duty. */
  number: Type.Integer(),
  state: Type.Enum(['unused', 'pending', 'active', 'replaceAsked', 'revoked', 'expired']),
  workstationId: Type.Optional(idOf('agentId')),
  /** Its key is alive on another PC as well. */
  isCloned: Type.Optional(Type.Boolean()),
  /** Among whom a person decides, the longest wait first; empty where nobody waits. */
  askers: Type.Array(
    Type.Object({
      workstationId: idOf('agentId'),
      askedAt: Type.String({ format: 'date-time' }),
      way: Type.Enum([...enrolmentWays]),
    }),
  ),
  enrolledAt: Type.Optional(Type.String({ format: 'date-time' })),
  validFrom: Type.String({ format: 'date-time' }),
  /** The moment from which on it holds no more. */
  validTo: Type.String({ format: 'date-time' }),
  way: Type.Union([Type.Enum([...enrolmentWays]), Type.Null()]),
});
type CodeView = Static<typeof CodeView>;

const SocketUrl = Type.String({ pattern: '^wss?://[^/@\\s]+/?$', maxLength: 300 });

const FileBody = Type.Object(
  {
    siteCode: idOf('siteCode'),
    /** Whole days of the region's zone, both included; missing: the rehearsal's. */
    validFrom: Type.Optional(Type.String({ pattern: DATE })),
    validTo: Type.Optional(Type.String({ pattern: DATE })),
    needsApproval: Type.Optional(Type.Boolean()),
    /** Where agents find this collector, instead of the configured addresses. */
    urls: Type.Optional(Type.Array(SocketUrl, { minItems: 1, maxItems: 8 })),
    /** Of the relay of its Штаб, where somebody knows it. */
    relayUrl: Type.Optional(SocketUrl),
  },
  { additionalProperties: false },
);
const CodeParams = Type.Object({ codeId: idOf('codeId') });

const Page = Type.Object({
  site: Type.Optional(idOf('siteCode')),
  /** Beginning of the code of a ППЭ. */
  search: Type.Optional(Type.String({ pattern: '^[0-9]{1,4}$' })),
  /** True: only those where a person must decide. */
  undecided: Type.Optional(Type.Boolean()),
  limit: Type.Integer({ minimum: 1, maximum: PAGE_MAX, default: PAGE_DEFAULT }),
  /** `nextCursor` of the page before: the last code on it. */
  cursor: Type.Optional(idOf('codeId')),
});

/** Whom a person means: another one may stand behind the code by the time that he has decided. */
const DecisionBody = Type.Object(
  { workstationId: idOf('agentId') },
  { additionalProperties: false },
);

/** Enrolment by files: what people do, and the one address that agents ask at. */
export function enrolmentDeskRoutes(app: Api, context: ApiContext): void {
  const { enrolmentDesk: desk, clock, fleet } = context;
  app.get(
    '/api/v1/enrolments',
    {
      schema: {
        querystring: Page,
        response: {
          200: Type.Object({
            /** Of all places, whatever is asked for. */
            summary: Type.Object({ total: Type.Integer(), active: Type.Integer() }),
            items: Type.Array(CodeView),
            nextCursor: Type.Optional(Type.String()),
          }),
        },
      },
    },
    (request) => {
      const nowMs = clock.wallMs();
      const isCloned = (id: string): boolean => (fleet.get(id)?.clone ?? null) !== null;
      const {
        site: siteCode,
        search,
        undecided: isUndecided,
        limit,
        cursor: after,
      } = request.query;
      const found = desk.list({ siteCode, search, isUndecided, after, limit: limit + 1 });
      const items = found.slice(0, limit).map((each) => codeView(each, nowMs, isCloned));
      const last = found.length > limit ? items.at(-1) : undefined;
      return { summary: desk.counts(), items, ...(last && { nextCursor: last.codeId }) };
    },
  );
  app.post('/api/v1/enrolments', { schema: { body: FileBody } }, (request, reply) =>
    sendFile(desk.createFile(request.body, request.account), request.body.siteCode, reply),
  );
  app.post(
    '/api/v1/enrolments/:codeId/renew',
    { schema: { params: CodeParams } },
    (request, reply) =>
      sendFile(desk.renew(request.params.codeId, request.account), request.params.codeId, reply),
  );
  decisionRoutes(app, desk);
  requestRoutes(app, desk);
}

/** Who is let in, and who no longer. */
function decisionRoutes(app: Api, desk: EnrolmentDesk): void {
  app.post(
    '/api/v1/enrolments/:codeId/approve',
    { schema: { params: CodeParams, body: DecisionBody } },
    ({ params, body, account }, reply) =>
      sendDone(desk.approve({ ...params, ...body, account }), reply),
  );
  app.post(
    '/api/v1/enrolments/:codeId/reject',
    { schema: { params: CodeParams, body: DecisionBody } },
    ({ params, body, account }, reply) =>
      sendDone(desk.reject({ ...params, ...body, account }), reply),
  );
  app.post(
    '/api/v1/workstations/:id/revoke',
    {
      schema: {
        params: Type.Object({ id: idOf('agentId') }),
        body: Type.Object(
          { note: Type.Optional(Type.String({ maxLength: NOTE_MAX })) },
          { additionalProperties: false },
        ),
      },
    },
    (request, reply) => {
      const { account, body, params } = request;
      return sendDone(desk.revoke(params.id, { account, note: body.note ?? '' }), reply);
    },
  );
}

/** What workstations ask, themselves or by a person's hand. */
function requestRoutes(app: Api, desk: EnrolmentDesk): void {
  app.post(
    '/api/v1/enrolments/requests',
    { bodyLimit: ENROLMENT_REQUEST_BYTES, schema: { body: EnrolmentRequestSchema } },
    async (request, reply) =>
      sendCredential(await desk.take(request.body, 'drive', request.account), reply),
  );
  app.post(
    ENROL_PATH,
    {
      bodyLimit: ENROLMENT_REQUEST_BYTES,
      config: { rateLimit: { max: REQUESTS_PER_MINUTE, timeWindow: 60_000 } },
      schema: { body: EnrolmentRequestSchema },
    },
    async (request, reply) => {
      const way = enrolmentWays.find((each) => each === request.headers[WAY_HEADER]) ?? 'line';
      return sendCredential(await desk.take(request.body, way), reply);
    },
  );
}

function codeView(code: EnrolmentCode, nowMs: number, isCloned: (id: string) => boolean): CodeView {
  const { codeId, place, holderKey, enrolledAtMs, way } = code;
  const { siteCode, roomCode, role, duty, number } = place;
  const workstationId = holderKey === null ? undefined : agentIdOf(holderKey);
  const state = shownState(code, nowMs);
  return {
    codeId,
    siteCode,
    roomCode,
    role,
    duty,
    number,
    state,
    ...(workstationId !== undefined && { workstationId, isCloned: isCloned(workstationId) }),
    askers: undecidedOf(code, nowMs).map((asker) => ({
      workstationId: agentIdOf(asker.publicKey),
      askedAt: timeOf(asker.askedAtMs),
      way: asker.way,
    })),
    ...(enrolledAtMs !== null && { enrolledAt: timeOf(enrolledAtMs) }),
    validFrom: timeOf(code.validFromMs),
    validTo: timeOf(code.validToMs),
    way,
  };
}

function timeOf(atMs: number): string {
  return new Date(atMs).toISOString();
}

function sendFile(outcome: FileOutcome, name: string, reply: Reply): Reply {
  if (outcome.kind === 'refused') throw problemOf(outcome);
  return sendDocument(outcome.document, `ppe-${name}.enrolment.json`, reply.code(201));
}

function sendCredential(outcome: TakeOutcome, reply: Reply): Reply {
  if (outcome.kind === 'refused')
    throw new Problem(statusOf[outcome.because], outcome.because, details[outcome.because]);
  return sendDocument(outcome.credential, 'ppe.credential.json', reply);
}

/** Text of its own: a schema's serializer would leave out what it does not know. */
function sendDocument(document: SignedDocument, filename: string, reply: Reply): Reply {
  return reply
    .header('content-type', 'application/json')
    .header('content-disposition', `attachment; filename="${filename}"`)
    .header('cache-control', 'no-store')
    .send(`${JSON.stringify(document)}\n`);
}

function sendDone(outcome: PersonOutcome, reply: Reply): Reply {
  if (outcome.kind === 'refused') throw problemOf(outcome);
  return reply.code(204).send();
}

const personStatus: Readonly<
  Record<FileRefusal | Extract<PersonOutcome, { kind: 'refused' }>['because'], number>
> = {
  unknownSite: 404,
  unknownCode: 404,
  unknownWorkstation: 404,
  nobodyAsks: 409,
  otherAsks: 409,
  nothingToEnrol: 409,
  noPlaces: 422,
  noAddress: 422,
  plainAddress: 422,
  noValidity: 422,
  badValidity: 422,
  validityOver: 422,
  validityTooLong: 422,
};

function problemOf({ because, detail }: DeskRefusal<keyof typeof personStatus>): Problem {
  return new Problem(personStatus[because], because, detail);
}

const statusOf: Readonly<Record<EnrolmentRefusal, number>> = {
  unknownCode: 403,
  otherCollector: 403,
  otherSite: 403,
  badSignature: 403,
  tooEarly: 403,
  tooLate: 403,
  codeReplaced: 403,
  codeRevoked: 403,
  rejected: 403,
  codeUsed: 409,
  tooManyAsk: 409,
  placeTaken: 409,
};

const details: Readonly<Record<EnrolmentRefusal, string>> = {
  unknownCode: 'this collector gave no such code: ask for a new file',
  otherCollector: 'the file is of another collector: take the one of your region',
  otherSite: 'the code is of another ППЭ: take the file of this one',
  badSignature: 'the request is damaged: make it again',
  tooEarly: 'the file is not valid yet',
  tooLate: 'the file is no longer valid: ask for the one of the next rehearsal',
  codeReplaced: 'a newer code was made for this place: take the newer file',
  codeRevoked: 'the place was taken back: ask for a new code',
  rejected: 'this workstation was not let into the place: ask for a new code',
  codeUsed:
    'another workstation has this place or waits for it: the situation centre is shown both and decides',
  tooManyAsk:
    'so many workstations ask for this place that this one is not shown: the situation centre must answer them first',
  placeTaken: 'another workstation has this place, an equal one of the room is free',
};
