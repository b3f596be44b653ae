import type { WebhookFormatId } from '../webhook.ts';
import { alertmanagerFormat } from './alertmanager/format.ts';
import { alertmanagerWebhookFormat } from './alertmanager-webhook/format.ts';
import { emailFormat } from './email/format.ts';
import type { WebhookFormat } from './format.ts';
import { jsonFormat } from './json/format.ts';
import { mattermostFormat } from './mattermost/format.ts';
import { slackFormat } from './slack/format.ts';
import { telegramFormat } from './telegram/format.ts';

/** Every format; a new one is a folder, a line here and a word in the texts. */
const byId: Readonly<Record<WebhookFormatId, WebhookFormat>> = {
  json: jsonFormat,
  alertmanager: alertmanagerFormat,
  'alertmanager-webhook': alertmanagerWebhookFormat,
  mattermost: mattermostFormat,
  slack: slackFormat,
  telegram: telegramFormat,
  email: emailFormat,
};

/** In the order in which people choose. */
export const formats: readonly WebhookFormat[] = Object.values(byId);

/** The format of an id. */
export function formatOf(id: WebhookFormatId): WebhookFormat {
  return byId[id];
}
