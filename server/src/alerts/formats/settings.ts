import type { WebhookWithSecrets } from '../webhook.ts';
import { FormatError } from './format.ts';

type Configured = Pick<WebhookWithSecrets, 'settings' | 'secrets' | 'format'>;

/** A text that must be there, plain or secret; what is saved was checked, so its absence is told. */
export function textOf(webhook: Configured, name: string): string {
  const value = optionalText(webhook, name);
  if (value === undefined) throw new FormatError(`${webhook.format}: ${name} is not set`);
  return value;
}

/** A text that may be there. */
export function optionalText(webhook: Configured, name: string): string | undefined {
  const value = own(webhook.secrets, name) ?? own(webhook.settings, name);
  if (value === undefined || value === '') return undefined;
  return String(value);
}

/** A number that may be there. */
export function numberOf(webhook: Configured, name: string, fallback: number): number {
  const value = Number(own(webhook.settings, name) ?? fallback);
  if (!Number.isFinite(value)) throw new FormatError(`${webhook.format}: ${name} is no number`);
  return value;
}

/** Parts of a list that is written as one text: `a@example.org, b@example.org`. */
export function listOf(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter((part) => part !== '');
}

function own<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
