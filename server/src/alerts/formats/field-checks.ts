import type { WebhookFormatId } from '../webhook.ts';
import type { FormatField } from './format.ts';
import { listOf } from './settings.ts';

/** Tokens of what can be wrong; the words are in the texts of incidents. */
export const settingReasons = [
  'unknownField',
  'missing',
  'badType',
  'empty',
  'tooLong',
  'notInChoices',
  'controlCharacters',
  'badUrl',
  'badScheme',
  'hasCredentials',
  'hasFragment',
  'addressRefused',
  'badPort',
  'badHost',
  'badAddress',
  'tooMany',
  'badChatId',
  'badThreadId',
  'badToken',
  'badSigningSecret',
  'onlyOneAuth',
  'incompleteAuth',
  'plainWithPassword',
  'noTemplate',
  'badTemplate',
] as const;

/** What is wrong, and with what its sentence is filled. Never with a secret. */
export interface FoundProblem {
  readonly reason: (typeof settingReasons)[number];
  readonly found?: string;
  readonly expected?: string;
}

/** Mails of one delivery; more people are a list of the mail server. */
const MAX_RECIPIENTS = 20;
const ADDRESS =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[?[0-9A-Fa-f:.]{2,45}\]?)$/;
const CHAT = /^(?:-?[0-9]{1,20}|@[A-Za-z][A-Za-z0-9_]{3,31})$/;
const BOT_TOKEN = /^[0-9]{1,20}:[A-Za-z0-9_-]{20,80}$/;
const SECRET_PREFIX = 'whsec_';
/** Standard Webhooks: 24 to 64 bytes. */
const SECRET_BYTES = { min: 24, max: 64 };
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** What is wrong with one value that is there; the first thing only. */
export function checkValue(
  field: FormatField,
  value: unknown,
  format: WebhookFormatId,
): readonly FoundProblem[] {
  switch (field.kind) {
    case 'number':
      if (typeof value !== 'number') return [{ reason: 'badType', expected: '1' }];
      return numberProblems(field.name, value);
    case 'boolean':
      return typeof value === 'boolean' ? [] : [{ reason: 'badType', expected: 'true, false' }];
    case 'url':
    case 'text':
    case 'choice':
    case 'list': {
      if (typeof value !== 'string') return [{ reason: 'badType', expected: '"…"' }];
      const plain = textProblems(field, value);
      return plain.length > 0 ? plain : contentProblems(field, value, format);
    }
  }
}

/** What is wrong with values that are right one by one. */
export function checkTogether(draft: {
  readonly format: WebhookFormatId;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, unknown>>;
  readonly keptSecrets: readonly string[];
}): readonly (FoundProblem & { readonly field: string })[] {
  const { settings, secrets, keptSecrets, format } = draft;
  const has = (name: string): boolean =>
    keptSecrets.includes(name) || (secrets[name] ?? settings[name] ?? '') !== '';
  const isPair = has('user') === has('password');
  const isOpen = format === 'email' && settings['security'] === 'plain';
  return [
    ...(isPair
      ? []
      : [{ field: has('user') ? 'password' : 'user', reason: 'incompleteAuth' } as const]),
    ...(has('bearerToken') && has('password')
      ? [{ field: 'bearerToken', reason: 'onlyOneAuth' } as const]
      : []),
    ...(isOpen && has('password')
      ? [{ field: 'security', reason: 'plainWithPassword' } as const]
      : []),
  ];
}

function textProblems(field: FormatField, value: string): readonly FoundProblem[] {
  if (value.trim() === '') return [{ reason: 'empty' }];
  if (field.maxLength !== undefined && value.length > field.maxLength)
    return [{ reason: 'tooLong', expected: String(field.maxLength) }];
  return CONTROL.test(value) ? [{ reason: 'controlCharacters' }] : [];
}

function contentProblems(
  field: FormatField,
  value: string,
  format: WebhookFormatId,
): readonly FoundProblem[] {
  if (field.kind === 'url') return urlProblems(value);
  if (field.kind === 'choice' && !field.choices?.includes(value))
    return [{ reason: 'notInChoices', found: value, expected: field.choices?.join(', ') ?? '' }];
  if (format === 'email') return mailProblems(field.name, value);
  switch (field.name) {
    case 'chatId':
      return CHAT.test(value) ? [] : [{ reason: 'badChatId' }];
    case 'token':
      return BOT_TOKEN.test(value) ? [] : [{ reason: 'badToken' }];
    case 'signingSecret':
      return isSigningSecret(value) ? [] : [{ reason: 'badSigningSecret' }];
    case 'bearerToken':
      // Anything else would end the header or not be a header's.
      return /^[\x21-\x7E]+$/.test(value) ? [] : [{ reason: 'controlCharacters' }];
    default:
      return [];
  }
}

function numberProblems(name: string, value: number): readonly FoundProblem[] {
  if (name === 'port')
    return Number.isInteger(value) && value >= 1 && value <= 65_535 ? [] : [{ reason: 'badPort' }];
  return Number.isSafeInteger(value) && value > 0 ? [] : [{ reason: 'badThreadId' }];
}

function urlProblems(value: string): readonly FoundProblem[] {
  // A URL drops spaces silently; who typed them did not mean what is left.
  if (/\s/.test(value) || !URL.canParse(value)) return [{ reason: 'badUrl' }];
  const { protocol, username, password, hostname } = new URL(value);
  if (protocol !== 'http:' && protocol !== 'https:')
    return [{ reason: 'badScheme', found: protocol.slice(0, -1) }];
  if (username !== '' || password !== '') return [{ reason: 'hasCredentials' }];
  if (hostname === '') return [{ reason: 'badUrl' }];
  return value.includes('#') ? [{ reason: 'hasFragment' }] : [];
}

function mailProblems(name: string, value: string): readonly FoundProblem[] {
  switch (name) {
    case 'host':
      return HOST.test(value) ? [] : [{ reason: 'badHost' }];
    case 'from':
      return ADDRESS.test(value) ? [] : [{ reason: 'badAddress', found: value }];
    case 'to': {
      const all = listOf(value);
      const bad = all.find((each) => !ADDRESS.test(each));
      if (bad !== undefined || all.length === 0)
        return [{ reason: 'badAddress', found: bad ?? value }];
      return all.length > MAX_RECIPIENTS
        ? [{ reason: 'tooMany', expected: String(MAX_RECIPIENTS) }]
        : [];
    }
    default:
      return [];
  }
}

function isSigningSecret(value: string): boolean {
  if (!value.startsWith(SECRET_PREFIX)) return false;
  const text = value.slice(SECRET_PREFIX.length);
  const bytes = Buffer.from(text, 'base64');
  const isWhole = bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '');
  return isWhole && bytes.length >= SECRET_BYTES.min && bytes.length <= SECRET_BYTES.max;
}
