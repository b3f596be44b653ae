import type { FormatAnswer, SettingValue, WebhookAnswer } from './alert-shapes.ts';

const MINUTE_MS = 60_000;
/** Until a person says otherwise a delivery is tried for so long. */
const USUAL_MINUTES = 60;

/** A receiver as the form holds it: every field as it is typed. */
export interface WebhookDraft {
  readonly name: string;
  readonly format: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Typed secrets; what is not typed stays as it is. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Secrets that are to be erased. */
  readonly erased: readonly string[];
  readonly isEnabled: boolean;
  readonly allowsPrivate: boolean;
  readonly giveUpAfterMinutes: number;
  readonly language: 'ru' | 'en';
  readonly template: string;
}

/** The form of a receiver that is there, or of a new one of a format. */
export function draftOf(format: FormatAnswer, webhook: WebhookAnswer | undefined): WebhookDraft {
  const settings = format.fields
    .filter(({ isSecret }) => !isSecret)
    .map((field) => [field.name, typedOf(webhook?.settings[field.name] ?? field.default)] as const);
  return {
    name: webhook?.name ?? '',
    format: format.id,
    settings: Object.fromEntries(settings),
    secrets: {},
    erased: [],
    isEnabled: webhook?.isEnabled ?? true,
    allowsPrivate: webhook?.allowsPrivate ?? false,
    giveUpAfterMinutes: webhook ? Math.round(webhook.giveUpAfterMs / MINUTE_MS) : USUAL_MINUTES,
    language: webhook?.language ?? 'ru',
    template: webhook?.template ?? '',
  };
}

/**
 * The draft as the API takes it: empty settings are left out, secrets that nobody typed too (they stay
 * as they are), and null erases one.
 */
export function bodyOf(format: FormatAnswer, draft: WebhookDraft): object {
  const settings: Record<string, SettingValue> = {};
  for (const { name, kind, isSecret } of format.fields) {
    const typed = draft.settings[name] ?? '';
    if (isSecret || typed === '') continue;
    settings[name] =
      kind === 'number' ? Number(typed) : kind === 'boolean' ? typed === 'true' : typed;
  }
  const typed = Object.entries(draft.secrets).filter(([, value]) => value !== '');
  const erased = draft.erased.map((name) => [name, null] as const);
  return {
    name: draft.name,
    format: draft.format,
    settings,
    secrets: Object.fromEntries([...erased, ...typed]),
    isEnabled: draft.isEnabled,
    allowsPrivate: draft.allowsPrivate,
    giveUpAfterMinutes: draft.giveUpAfterMinutes,
    language: draft.language,
    template: format.hasTemplate && draft.template !== '' ? draft.template : null,
  };
}

function typedOf(value: SettingValue | undefined): string {
  return value === undefined ? '' : String(value);
}
