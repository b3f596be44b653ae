import { authorizationFields, authorizationOf } from '../authorization.ts';
import type { WebhookFormat } from '../format.ts';
import { below, httpPost } from '../http-post.ts';
import { textOf } from '../settings.ts';
import { alertsOf } from './alerts.ts';

/** `POST /api/v2/alerts` of an Alertmanager, which groups, inhibits and tells by its own rules. */
export const alertmanagerFormat: WebhookFormat = {
  id: 'alertmanager',
  fields: [
    { name: 'url', kind: 'url', isSecret: false, isRequired: true, maxLength: 2_000 },
    ...authorizationFields,
  ],
  hasTemplate: false,
  keepsState: true,
  make: (event, webhook, context) =>
    httpPost(
      below(textOf(webhook, 'url'), '/api/v2/alerts'),
      alertsOf(event, webhook.language, context),
      { context, headers: authorizationOf(webhook) },
    ),
};
