import { colourOf } from '../colour.ts';
import type { WebhookFormat } from '../format.ts';
import { httpPost } from '../http-post.ts';
import { messageText } from '../message-text.ts';
import { cut } from '../plain.ts';
import { optionalText, textOf } from '../settings.ts';
import { escapeMattermost } from './escape.ts';

/** Half of what a post may have, for the headline and for the rest. */
const MAX_LENGTH = 8_000;

/** Incoming webhook of Mattermost; whoever has its URL may post, so it is a secret. */
export const mattermostFormat: WebhookFormat = {
  id: 'mattermost',
  fields: [
    { name: 'url', kind: 'url', isSecret: true, isRequired: true, maxLength: 2_000 },
    { name: 'channel', kind: 'text', isSecret: false, isRequired: false, maxLength: 64 },
  ],
  hasTemplate: true,
  keepsState: false,
  make: (event, webhook, context) => {
    const { headline, rest } = messageText(event, webhook, context, escapeMattermost);
    const channel = optionalText(webhook, 'channel');
    const body = {
      text: cut(headline, MAX_LENGTH),
      ...(channel === undefined ? {} : { channel }),
      attachments: [
        {
          color: colourOf(event),
          fallback: cut(headline, MAX_LENGTH),
          text: cut(rest === '' ? event.incident.id : rest, MAX_LENGTH),
        },
      ],
    };
    return httpPost(textOf(webhook, 'url'), body, { context });
  },
};
