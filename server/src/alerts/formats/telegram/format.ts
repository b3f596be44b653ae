import { closingKinds } from '../../alert.ts';
import { FormatError, type WebhookFormat } from '../format.ts';
import { below, httpPost } from '../http-post.ts';
import { messageText } from '../message-text.ts';
import { cut, textAsItIs } from '../plain.ts';
import { numberOf, optionalText, textOf } from '../settings.ts';

/** Of the Bot API. */
const MAX_LENGTH = 4_096;
const DEFAULT_API_URL = 'https://api.telegram.org';

/** `sendMessage` of the Bot API, or of a Bot API server of one's own. */
export const telegramFormat: WebhookFormat = {
  id: 'telegram',
  fields: [
    { name: 'chatId', kind: 'text', isSecret: false, isRequired: true, maxLength: 64 },
    { name: 'token', kind: 'text', isSecret: true, isRequired: true, maxLength: 100 },
    { name: 'threadId', kind: 'number', isSecret: false, isRequired: false },
    {
      name: 'apiUrl',
      kind: 'url',
      isSecret: false,
      isRequired: false,
      default: DEFAULT_API_URL,
      maxLength: 2_000,
    },
  ],
  hasTemplate: true,
  keepsState: false,
  make: (event, webhook, context) => {
    // No parse_mode: nothing in the text is markup, so nothing is to be escaped.
    const { headline, rest } = messageText(event, webhook, context, textAsItIs);
    const token = textOf(webhook, 'token');
    if (!TOKEN.test(token)) throw new FormatError('telegram: the token cannot be one of a bot');
    const threadId = numberOf(webhook, 'threadId', 0);
    const isLoud = event.incident.severity === 'critical' && !closingKinds.has(event.kind);
    const body = {
      chat_id: textOf(webhook, 'chatId'),
      ...(threadId === 0 ? {} : { message_thread_id: threadId }),
      text: cut(rest === '' ? headline : `${headline}\n${rest}`, MAX_LENGTH),
      disable_notification: !isLoud,
      link_preview_options: { is_disabled: true },
    };
    const apiUrl = optionalText(webhook, 'apiUrl') ?? DEFAULT_API_URL;
    return httpPost(below(apiUrl, `/bot${token}/sendMessage`), body, { context });
  },
};

/** Number of the bot and its secret; nothing in it can lead out of the path. */
const TOKEN = /^[0-9]{1,20}:[A-Za-z0-9_-]{20,80}$/;
