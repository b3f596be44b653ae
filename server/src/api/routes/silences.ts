import { idOf } from '@ppe-pulse/protocol';
import { Type } from 'typebox';
import { isNodeInScope } from '../../incidents/node-in-scope.ts';
import type { Api } from '../http.ts';
import {
  LiveSilenceView,
  SilenceView,
  Time,
  liveSilenceView,
  silenceView,
} from '../incident-view.ts';
import type { IncidentRouteParts } from './incident-parts.ts';
import { valueOf } from './outcome-value.ts';
import { RequestId } from './request-id.ts';

const Body = Type.Object(
  {
    kind: Type.Enum(['silence', 'maintenance'], { default: 'silence' }),
    /** `region`, `municipality:SLUG`, `provider:NAME`, `site:CODE`, `room:CODE-ROOM`, `station:ID`… */
    node: Type.String({ minLength: 1, maxLength: 200 }),
    /** Without a device's number; missing or null: all. */
    checkId: Type.Optional(Type.Union([idOf('dotted'), Type.Null()])),
    /** Missing: now. */
    from: Type.Optional(Time),
    to: Time,
    comment: Type.String({ default: '' }),
    requestId: RequestId,
  },
  { additionalProperties: false },
);
const EndBody = Type.Union([
  Type.Object({ requestId: RequestId }, { additionalProperties: false }),
  Type.Null(),
]);

/** What the routes of silences work with. */
export interface SilenceRouteParts extends IncidentRouteParts {
  readonly siteOfWorkstation: (id: string) => string | undefined;
}

/** Silences and maintenance: who keeps what quiet until when. */
export function silenceRoutes(app: Api, parts: SilenceRouteParts): void {
  const { incidents, clock, siteOfWorkstation } = parts;
  app.get(
    '/api/v1/silences',
    { schema: { response: { 200: Type.Object({ items: Type.Array(LiveSilenceView) }) } } },
    ({ scope }) => ({
      items: incidents
        .silences()
        .filter(({ node }) => isNodeInScope(node, scope, siteOfWorkstation))
        .map(liveSilenceView),
    }),
  );

  app.post(
    '/api/v1/silences',
    { schema: { body: Body, response: { 201: SilenceView } } },
    async (request, reply) => {
      const { kind, node, checkId, from, to, comment, requestId } = request.body;
      const atMs = clock.wallMs();
      const fromMs = from === undefined ? atMs : Date.parse(from);
      const toMs = Date.parse(to);
      const draft = { kind, node, checkId: checkId ?? null, fromMs, toMs, comment };
      const by = { account: request.account, atMs, requestId: requestId ?? null };
      const silence = valueOf(incidents.addSilence(draft, by));
      void reply.code(201);
      return silenceView(silence);
    },
  );

  app.delete(
    '/api/v1/silences/:id',
    {
      schema: {
        params: Type.Object({ id: Type.String({ pattern: '^s-[0-9]{1,12}$' }) }),
        body: EndBody,
        response: { 200: SilenceView },
      },
    },
    (request) => {
      const requestId = request.body?.requestId ?? null;
      const by = { account: request.account, atMs: clock.wallMs(), requestId };
      return silenceView(valueOf(incidents.endSilence(request.params.id, by)));
    },
  );
}
