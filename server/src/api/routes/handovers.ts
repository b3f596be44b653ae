import { Type } from 'typebox';
import type { Api } from '../http.ts';
import { HandoverView, handoverView } from '../incident-view.ts';
import type { IncidentRouteParts } from './incident-parts.ts';
import { valueOf } from './outcome-value.ts';
import { RequestId } from './request-id.ts';

const PAGE_MAX = 200;

const Body = Type.Object(
  { note: Type.String({ default: '' }), requestId: RequestId },
  { additionalProperties: false },
);

/** Notes from one shift to the next, with what was open then. */
export function handoverRoutes(app: Api, parts: IncidentRouteParts): void {
  const { incidents, clock } = parts;
  app.get(
    '/api/v1/handovers',
    {
      schema: {
        querystring: Type.Object({
          limit: Type.Integer({ minimum: 1, maximum: PAGE_MAX, default: 20 }),
        }),
        response: { 200: Type.Object({ items: Type.Array(HandoverView) }) },
      },
    },
    ({ query }) => ({ items: incidents.handovers(query.limit).map(handoverView) }),
  );

  app.post(
    '/api/v1/handovers',
    { schema: { body: Body, response: { 201: HandoverView } } },
    async (request, reply) => {
      const { note, requestId } = request.body;
      const by = {
        account: request.account,
        atMs: clock.wallMs(),
        requestId: requestId ?? null,
      };
      const handover = valueOf(incidents.addHandover(note, by));
      void reply.code(201);
      return handoverView(handover);
    },
  );
}
