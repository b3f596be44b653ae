import { dutyRoles, idOf, personResolutions, severities, type Incident } from '@ppe-pulse/protocol';
import { Type } from 'typebox';
import type { Scope } from '../../access/scope.ts';
import {
  callOutcomes,
  type IncidentAction,
  type IncidentBook,
  type IncidentFilter,
  type Outcome,
} from '../../incidents/incident-book.ts';
import type { Api } from '../http.ts';
import { IncidentView, LogEntryView, Time, incidentView, logEntryView } from '../incident-view.ts';
import { Problem } from '../problem.ts';
import type { IncidentRouteParts } from './incident-parts.ts';
import { valueOf } from './outcome-value.ts';
import { RequestId } from './request-id.ts';

const PAGE_DEFAULT = 100;
const PAGE_MAX = 1_000;

const IncidentId = Type.String({ pattern: '^i-[0-9]{1,12}$' });
const Params = Type.Object({ id: IncidentId });

const Query = Type.Object({
  state: Type.Enum(['open', 'resolved', 'all'], { default: 'all' }),
  /** Incidents of a site, also wider ones that list it. */
  site: Type.Optional(idOf('siteCode')),
  severity: Type.Optional(Type.Enum([...severities])),
  limit: Type.Integer({ minimum: 1, maximum: PAGE_MAX, default: PAGE_DEFAULT }),
  /** `nextCursor` of the page before. */
  cursor: Type.Optional(IncidentId),
});

/** The length of a note is judged by the book: 422 says how long it may be. */
const Note = Type.String({ default: '' });
const body = <T extends Type.TProperties>(properties: T) =>
  Type.Object({ ...properties, requestId: RequestId }, { additionalProperties: false });
/** A body that may be left out altogether; defaults do not work in it. */
const optional = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const AckBody = optional(body({}));
const AssignBody = body({ assignee: Type.Union([Type.Enum([...dutyRoles]), Type.Null()]) });
const CommentBody = body({ note: Note });
const CallBody = body({ outcome: Type.Enum([...callOutcomes]), note: Note });
const SnoozeBody = body({ until: Type.Union([Time, Type.Null()]) });
const DrillBody = optional(body({ isDrill: Type.Optional(Type.Boolean()) }));
const ResolveBody = body({
  resolution: Type.Enum([...personResolutions], { default: 'other' }),
  note: Note,
});

/** Incidents: what is wrong, and what people do about it. */
export function incidentRoutes(app: Api, parts: IncidentRouteParts): void {
  const { incidents } = parts;
  readingRoutes(app, incidents);
  const act = actIn(parts);
  const answer = { params: Params, response: { 200: IncidentView } };
  app.post('/api/v1/incidents/:id/ack', { schema: { ...answer, body: AckBody } }, (request) =>
    act(request, { kind: 'ack' }),
  );
  app.post('/api/v1/incidents/:id/assign', { schema: { ...answer, body: AssignBody } }, (request) =>
    act(request, { kind: 'assign', assignee: request.body.assignee }),
  );
  app.post(
    '/api/v1/incidents/:id/comment',
    { schema: { ...answer, body: CommentBody } },
    (request) => act(request, { kind: 'comment', note: request.body.note }),
  );
  app.post('/api/v1/incidents/:id/call', { schema: { ...answer, body: CallBody } }, (request) => {
    const { outcome, note } = request.body;
    return act(request, { kind: 'call', outcome, note });
  });
  app.post(
    '/api/v1/incidents/:id/snooze',
    { schema: { ...answer, body: SnoozeBody } },
    (request) => {
      const { until } = request.body;
      return act(request, { kind: 'snooze', untilMs: until === null ? null : Date.parse(until) });
    },
  );
  app.post('/api/v1/incidents/:id/drill', { schema: { ...answer, body: DrillBody } }, (request) =>
    act(request, { kind: 'drill', isDrill: request.body?.isDrill ?? true }),
  );
  app.post(
    '/api/v1/incidents/:id/resolve',
    { schema: { ...answer, body: ResolveBody } },
    (request) => {
      const { resolution, note } = request.body;
      return act(request, { kind: 'resolve', resolution, note });
    },
  );
}

function readingRoutes(app: Api, incidents: IncidentBook): void {
  app.get(
    '/api/v1/incidents',
    {
      schema: {
        querystring: Query,
        response: {
          200: Type.Object({
            items: Type.Array(IncidentView),
            nextCursor: Type.Optional(Type.String()),
          }),
        },
      },
    },
    ({ query, scope }) => {
      const { state, site, severity, limit, cursor } = query;
      const found = incidents.list({
        state,
        limit: limit + 1,
        ...(site !== undefined && { siteCode: site }),
        ...amongOf(scope),
        ...(severity !== undefined && { severity }),
        ...(cursor !== undefined && { beforeId: cursor }),
      });
      const page = found.slice(0, limit);
      const last = found.length > limit ? page.at(-1) : undefined;
      const shown = page.flatMap((each) => scope.shown(each) ?? []);
      return { items: shown.map(incidentView), ...(last && { nextCursor: last.id }) };
    },
  );

  app.get(
    '/api/v1/incidents/:id',
    {
      schema: {
        params: Params,
        response: {
          200: Type.Object({ ...IncidentView.properties, log: Type.Array(LogEntryView) }),
        },
      },
    },
    ({ params, scope }) => {
      const incident = incidents.find(params.id);
      const shown = incident && scope.shown(incident);
      if (!shown) throw unknown(params.id);
      // People write what they like about other sites into the history of a wider one.
      const log = scope.owns(incident) ? incidents.logOf(params.id) : [];
      return { ...incidentView(shown), log: log.map(logEntryView) };
    },
  );
}

function amongOf(scope: Scope): Pick<IncidentFilter, 'among'> {
  if (scope.isWhole) return {};
  const { reach } = scope;
  const municipality = reach.kind === 'municipality' ? reach.slug : null;
  return { among: { siteCodes: scope.siteCodes(), municipality } };
}

/** What any of the actions asks with. */
interface ActRequest {
  readonly account: string;
  readonly params: { readonly id: string };
  readonly body?: { readonly requestId?: string } | null;
}

function actIn({ incidents, clock }: IncidentRouteParts) {
  return ({ account, params, body: said }: ActRequest, action: IncidentAction) => {
    const by = { account, atMs: clock.wallMs(), requestId: said?.requestId ?? null };
    const outcome: Outcome<Incident> = incidents.act(params.id, action, by);
    if (outcome.kind === 'refused' && outcome.reason === 'unknownIncident')
      throw unknown(params.id);
    return incidentView(valueOf(outcome));
  };
}

function unknown(id: string): Problem {
  const detail = `there is no incident ${id}; GET /api/v1/incidents lists them`;
  return new Problem(404, 'unknownIncident', detail);
}
