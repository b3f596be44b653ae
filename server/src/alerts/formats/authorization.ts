import type { WebhookWithSecrets } from '../webhook.ts';
import type { FormatField } from './format.ts';
import { optionalText } from './settings.ts';

/** Settings of a receiver that may ask who is there. */
export const authorizationFields: readonly FormatField[] = [
  { name: 'user', kind: 'text', isSecret: false, isRequired: false, maxLength: 200 },
  { name: 'password', kind: 'text', isSecret: true, isRequired: false, maxLength: 200 },
  { name: 'bearerToken', kind: 'text', isSecret: true, isRequired: false, maxLength: 4_000 },
];

/** The header by what is set: a bearer token, or user and password. */
export function authorizationOf(webhook: WebhookWithSecrets): Readonly<Record<string, string>> {
  const token = optionalText(webhook, 'bearerToken');
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  const user = optionalText(webhook, 'user');
  const password = optionalText(webhook, 'password');
  if (user === undefined || password === undefined) return {};
  const pair = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
  return { authorization: `Basic ${pair}` };
}
