import { authorizationFields, authorizationOf } from '../authorization.ts';
import type { WebhookFormat } from '../format.ts';
import { httpPost } from '../http-post.ts';
import { textOf } from '../settings.ts';
import { payloadOf } from './payload.ts';

/** For whatever takes the webhooks of an Alertmanager, without one. */
export const alertmanagerWebhookFormat: WebhookFormat = {
  id: 'alertmanager-webhook',
  fields: [
    { name: 'url', kind: 'url', isSecret: false, isRequired: true, maxLength: 2_000 },
    ...authorizationFields,
  ],
  hasTemplate: false,
  keepsState: true,
  make: (event, webhook, context) =>
    httpPost(textOf(webhook, 'url'), payloadOf(event, webhook, context), {
      context,
      headers: authorizationOf(webhook),
    }),
};
