import { Type, type Static } from 'typebox';
import { alertEventSchema } from '../../alerts/formats/json/event-schema.ts';
import { attemptOutcomes, deliveryStates } from '../../alerts/delivery.ts';
import type { DeliveryFilter } from '../../alerts/outbox/outbox-store.ts';
import type { Api } from '../http.ts';
import { Problem } from '../problem.ts';
import {
  DeliveryView,
  OnlyRequestId,
  deliveryView,
  timeOf,
  type AlertRouteParts,
} from './alert-parts.ts';
import { valueOf } from './outcome-value.ts';

const PAGE_DEFAULT = 100;
const PAGE_MAX = 1_000;

const Id = Type.String({ pattern: '^[0-9]{1,15}$' });
const WebhookId = Type.String({ pattern: '^wh-[0-9]{1,12}$' });
const Page = {
  state: Type.Optional(Type.Enum([...deliveryStates])),
  event: Type.Optional(Type.String({ pattern: '^evt_[A-Za-z0-9_-]{22}$' })),
  incident: Type.Optional(Type.String({ pattern: '^i-[0-9]{1,12}$' })),
  limit: Type.Integer({ minimum: 1, maximum: PAGE_MAX, default: PAGE_DEFAULT }),
  /** `nextCursor` of the page before. */
  cursor: Type.Optional(Id),
};
const Query = Type.Object({ ...Page, webhook: Type.Optional(WebhookId) });
const OwnQuery = Type.Object(Page);
type Query = Static<typeof Query>;

const ListView = Type.Object({
  items: Type.Array(DeliveryView),
  nextCursor: Type.Optional(Type.String()),
});

/** Answers of receivers are nowhere: only how each attempt ended. */
const AttemptView = Type.Object({
  at: Type.String({ format: 'date-time' }),
  atMs: Type.Number(),
  outcome: Type.Enum([...attemptOutcomes]),
  status: Type.Union([Type.Integer(), Type.Null()]),
  tookMs: Type.Number(),
});
const WithAttempts = Type.Object({ ...DeliveryView.properties, log: Type.Array(AttemptView) });

/** The log of deliveries, and sending one once more. */
export function deliveryRoutes(app: Api, parts: AlertRouteParts): void {
  const { alerts, clock } = parts;
  app.get(
    '/api/v1/deliveries',
    { schema: { querystring: Query, response: { 200: ListView } } },
    ({ query }) => pageOf(parts, query),
  );

  app.get(
    '/api/v1/webhooks/:id/deliveries',
    {
      schema: {
        params: Type.Object({ id: WebhookId }),
        querystring: OwnQuery,
        response: { 200: ListView },
      },
    },
    ({ params, query }) => {
      const page = pageOf(parts, { ...query, webhook: params.id });
      // Of one that was removed the log is still there.
      if (page.items.length > 0 || alerts.webhook(params.id)) return page;
      const detail = `there is no webhook ${params.id}; GET /api/v1/webhooks lists them`;
      throw new Problem(404, 'unknownWebhook', detail);
    },
  );

  app.get(
    '/api/v1/deliveries/:id',
    { schema: { params: Type.Object({ id: Id }), response: { 200: WithAttempts } } },
    ({ params }) => {
      const delivery = alerts.delivery(Number(params.id));
      if (!delivery) throw unknown(params.id);
      const log = delivery.log.map((each) => ({ ...each, at: timeOf(each.atMs) }));
      return { ...deliveryView(delivery), log };
    },
  );

  app.post(
    '/api/v1/deliveries/:id/resend',
    {
      schema: {
        params: Type.Object({ id: Id }),
        body: OnlyRequestId,
        response: { 202: DeliveryView },
      },
    },
    async ({ params, body, account }, reply) => {
      const by = { account, atMs: clock.wallMs(), requestId: body?.requestId ?? null };
      const delivery = valueOf(alerts.resend(Number(params.id), by));
      void reply.code(202);
      return deliveryView(delivery);
    },
  );

  app.get('/api/v1/alert-event.schema.json', (_request, reply) =>
    reply.type('application/schema+json').send(JSON.stringify(alertEventSchema(), null, 2)),
  );
}

function pageOf({ alerts }: AlertRouteParts, query: Query): Static<typeof ListView> {
  const { limit } = query;
  const found = alerts.deliveries(filterOf(query));
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return { items: page.map(deliveryView), ...(last && { nextCursor: String(last.id) }) };
}

function filterOf({ state, event, incident, webhook, limit, cursor }: Query): DeliveryFilter {
  return {
    limit: limit + 1,
    ...(state !== undefined && { state }),
    ...(event !== undefined && { eventId: event }),
    ...(incident !== undefined && { incidentId: incident }),
    ...(webhook !== undefined && { webhookId: webhook }),
    ...(cursor !== undefined && { beforeId: Number(cursor) }),
  };
}

function unknown(id: string): Problem {
  const detail = `there is no delivery ${id}; GET /api/v1/deliveries lists them`;
  return new Problem(404, 'unknownDelivery', detail);
}
