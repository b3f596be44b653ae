import { Type, type Static } from 'typebox';
import type { WebhookStanding } from '../../alerts/alerts-api.ts';
import type { Drill } from '../../alerts/drill.ts';
import { formats } from '../../alerts/formats/catalogue.ts';
import { WebhookBody } from '../../alerts/webhook-draft.ts';
import { webhookFormats } from '../../alerts/webhook.ts';
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

const Time = Type.String({ format: 'date-time' });
const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Plain = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
const Params = Type.Object({ id: Type.String({ pattern: '^wh-[0-9]{1,12}$' }) });

const TestView = Type.Object({
  eventId: Type.String(),
  at: Time,
  atMs: Type.Number(),
  state: Type.Enum(['pending', 'delivered', 'failed']),
  tookMs: OrNull(Type.Number()),
  outcome: OrNull(Type.String()),
});

/** Without secrets: their names say which are set. */
const WebhookView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  format: Type.Enum([...webhookFormats]),
  settings: Type.Record(Type.String(), Plain),
  secretNames: Type.Array(Type.String()),
  isEnabled: Type.Boolean(),
  allowsPrivate: Type.Boolean(),
  giveUpAfterMs: Type.Number(),
  giveUpAfterMinutes: Type.Number(),
  language: Type.Enum(['ru', 'en']),
  template: OrNull(Type.String()),
  createdAt: Time,
  createdAtMs: Type.Number(),
  createdBy: Type.String(),
  lastTest: OrNull(TestView),
  /** `closed` is well; `open`: it failed so often that it is asked now and then only. */
  breaker: Type.String(),
  pending: Type.Integer(),
  dead: Type.Integer(),
});

const FormatView = Type.Object({
  id: Type.Enum([...webhookFormats]),
  hasTemplate: Type.Boolean(),
  fields: Type.Array(
    Type.Object({
      name: Type.String(),
      kind: Type.String(),
      isSecret: Type.Boolean(),
      isRequired: Type.Boolean(),
      choices: Type.Optional(Type.Array(Type.String())),
      default: Type.Optional(Plain),
      maxLength: Type.Optional(Type.Integer()),
    }),
  ),
});

const DrillView = Type.Object({
  eventId: Type.String(),
  at: Time,
  atMs: Type.Number(),
  receipts: Type.Array(DeliveryView),
});

/** Receivers of alerts, and drills to them. */
export function webhookRoutes(app: Api, parts: AlertRouteParts): void {
  readingRoutes(app, parts);
  changingRoutes(app, parts);
  drillRoutes(app, parts);
}

function readingRoutes(app: Api, { alerts }: AlertRouteParts): void {
  app.get(
    '/api/v1/webhooks',
    { schema: { response: { 200: Type.Object({ items: Type.Array(WebhookView) }) } } },
    () => ({ items: alerts.webhooks().map(webhookView) }),
  );

  app.get(
    '/api/v1/webhooks/formats',
    { schema: { response: { 200: Type.Object({ items: Type.Array(FormatView) }) } } },
    () => ({
      items: formats.map(({ id, hasTemplate, fields }) => ({
        id,
        hasTemplate,
        fields: fields.map(({ choices, ...field }) => ({
          ...field,
          ...(choices && { choices: [...choices] }),
        })),
      })),
    }),
  );

  app.get(
    '/api/v1/webhooks/:id',
    { schema: { params: Params, response: { 200: WebhookView } } },
    ({ params }) => {
      const webhook = alerts.webhook(params.id);
      if (webhook) return webhookView(webhook);
      const detail = `there is no webhook ${params.id}; GET /api/v1/webhooks lists them`;
      throw new Problem(404, 'unknownWebhook', detail);
    },
  );
}

function changingRoutes(app: Api, { alerts, clock }: AlertRouteParts): void {
  // Bodies are judged by the alerts, where every mistake is named with its field.
  const validatorCompiler = () => () => true;
  app.post(
    '/api/v1/webhooks',
    { schema: { body: WebhookBody, response: { 201: WebhookView } }, validatorCompiler },
    async (request, reply) => {
      const by = { account: request.account, atMs: clock.wallMs() };
      const webhook = valueOf(await alerts.addWebhook(request.body, by));
      void reply.code(201);
      return webhookView(webhook);
    },
  );

  app.put(
    '/api/v1/webhooks/:id',
    {
      schema: { params: Params, body: WebhookBody, response: { 200: WebhookView } },
      validatorCompiler,
    },
    async (request) => {
      const by = { account: request.account, atMs: clock.wallMs() };
      return webhookView(valueOf(await alerts.changeWebhook(request.params.id, request.body, by)));
    },
  );

  app.delete(
    '/api/v1/webhooks/:id',
    {
      schema: {
        params: Params,
        response: { 200: Type.Object({ id: Type.String(), cancelled: Type.Integer() }) },
      },
    },
    (request) => {
      const by = { account: request.account, atMs: clock.wallMs(), requestId: null };
      return valueOf(alerts.removeWebhook(request.params.id, by));
    },
  );
}

function drillRoutes(app: Api, { alerts, clock }: AlertRouteParts): void {
  const sound = (
    webhookId: string | null,
    {
      account,
      body,
    }: { readonly account: string; readonly body?: Static<typeof OnlyRequestId> | undefined },
  ): Static<typeof DrillView> => {
    const by = { account, atMs: clock.wallMs(), requestId: body?.requestId ?? null };
    return drillView(valueOf(alerts.drill(webhookId, by)));
  };
  app.post(
    '/api/v1/webhooks/:id/test',
    { schema: { params: Params, body: OnlyRequestId, response: { 202: DrillView } } },
    async (request, reply) => {
      const drill = sound(request.params.id, request);
      void reply.code(202);
      return drill;
    },
  );

  app.post(
    '/api/v1/drills',
    { schema: { body: OnlyRequestId, response: { 202: DrillView } } },
    async (request, reply) => {
      const drill = sound(null, request);
      void reply.code(202);
      return drill;
    },
  );
}

function webhookView(webhook: WebhookStanding): Static<typeof WebhookView> {
  const { lastTest, giveUpAfterMs, createdAtMs, settings, secretNames, ...rest } = webhook;
  return {
    ...rest,
    settings: { ...settings },
    secretNames: [...secretNames],
    giveUpAfterMs,
    giveUpAfterMinutes: giveUpAfterMs / 60_000,
    createdAtMs,
    createdAt: timeOf(createdAtMs),
    lastTest: lastTest && { ...lastTest, at: timeOf(lastTest.atMs) },
  };
}

function drillView({ eventId, atMs, deliveries }: Drill): Static<typeof DrillView> {
  return { eventId, atMs, at: timeOf(atMs), receipts: deliveries.map(deliveryView) };
}
