import type { Outgoing } from '../../delivery.ts';
import { FormatError, type FormatField, type WebhookFormat } from '../format.ts';
import { messageText } from '../message-text.ts';
import { cut, textAsItIs } from '../plain.ts';
import { listOf, numberOf, optionalText, textOf } from '../settings.ts';
import { subjectOf } from './subject.ts';
import { threadOf } from './thread.ts';

type Security = Extract<Outgoing, { kind: 'mail' }>['security'];

const SUBMISSION_PORT = 587;
const DEFAULT_SECURITY: Security = 'startTls';
const MAX_LENGTH = 20_000;

const fields: readonly FormatField[] = [
  { name: 'host', kind: 'text', isSecret: false, isRequired: true, maxLength: 253 },
  { name: 'port', kind: 'number', isSecret: false, isRequired: false, default: SUBMISSION_PORT },
  {
    name: 'security',
    kind: 'choice',
    isSecret: false,
    isRequired: false,
    choices: ['tls', 'startTls', 'plain'],
    default: DEFAULT_SECURITY,
  },
  { name: 'user', kind: 'text', isSecret: false, isRequired: false, maxLength: 200 },
  { name: 'password', kind: 'text', isSecret: true, isRequired: false, maxLength: 200 },
  { name: 'from', kind: 'text', isSecret: false, isRequired: true, maxLength: 254 },
  { name: 'to', kind: 'list', isSecret: false, isRequired: true, maxLength: 2_000 },
];

/** A mail of plain text; mails of one incident are one thread. */
export const emailFormat: WebhookFormat = {
  id: 'email',
  fields,
  hasTemplate: true,
  keepsState: false,
  make: (event, webhook, context) => {
    const { headline, rest, isOwn } = messageText(event, webhook, context, textAsItIs);
    const from = textOf(webhook, 'from');
    return {
      kind: 'mail',
      host: textOf(webhook, 'host'),
      port: numberOf(webhook, 'port', SUBMISSION_PORT),
      security: securityOf(optionalText(webhook, 'security')),
      user: optionalText(webhook, 'user') ?? null,
      password: optionalText(webhook, 'password') ?? null,
      from,
      to: listOf(textOf(webhook, 'to')),
      subject: subjectOf(event, webhook.language, context),
      text: cut([headline, rest].join(isOwn ? '\n' : '\n\n').trim(), MAX_LENGTH),
      ...threadOf(event, from),
    };
  },
};

function securityOf(value: string = DEFAULT_SECURITY): Security {
  if (value === 'tls' || value === 'startTls' || value === 'plain') return value;
  throw new FormatError(`email: security "${value}" is none of tls, startTls, plain`);
}
