import { colourOf } from '../colour.ts';
import type { WebhookFormat } from '../format.ts';
import { httpPost } from '../http-post.ts';
import { messageText } from '../message-text.ts';
import { cut } from '../plain.ts';
import { textOf } from '../settings.ts';
import { escapeSlack } from './escape.ts';

/** Slack shows 4,000 characters and cuts the rest. */
const MAX_LENGTH = 4_000;

/** Incoming webhook of Slack and of what speaks like it; its URL is a secret. */
export const slackFormat: WebhookFormat = {
  id: 'slack',
  fields: [{ name: 'url', kind: 'url', isSecret: true, isRequired: true, maxLength: 2_000 }],
  hasTemplate: true,
  keepsState: false,
  make: (event, webhook, context) => {
    const { headline, rest, isOwn } = messageText(event, webhook, context, escapeSlack);
    const body = {
      text: cut(headline, MAX_LENGTH),
      // Names may hold * and _: only the receiver's own text is markup.
      mrkdwn: isOwn,
      attachments: [
        {
          color: colourOf(event),
          fallback: cut(headline, MAX_LENGTH),
          text: cut(rest === '' ? event.incident.id : rest, MAX_LENGTH),
          mrkdwn_in: isOwn ? ['text'] : [],
        },
      ],
    };
    return httpPost(textOf(webhook, 'url'), body, { context });
  },
};
