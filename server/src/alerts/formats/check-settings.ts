import { filled, incidentTexts, type Language } from '@ppe-pulse/protocol/texts';
import type { Webhook, WebhookFormatId } from '../webhook.ts';
import { formatOf } from './catalogue.ts';
import { checkTemplate } from './check-template.ts';
import { checkTogether, checkValue, type FoundProblem } from './field-checks.ts';
import type { FormatField, SettingProblem } from './format.ts';
import { MAX_TEMPLATE_LENGTH } from './template.ts';

/** A receiver as somebody wants it; values are whatever came in. */
export interface SettingsDraft {
  readonly format: WebhookFormatId;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Secrets that are written now. */
  readonly secrets: Readonly<Record<string, unknown>>;
  /** Names of secrets that are set already and stay. */
  readonly keptSecrets: readonly string[];
  readonly template: Webhook['template'];
  readonly language: Language;
}

/** What a policy says against a host, null for nothing: `checkName` of the transport. No DNS. */
export type HostPolicy = (host: string) => Pick<SettingProblem, 'reason' | 'detail'> | null;

/** All that is wrong with a receiver's settings, in the order of its fields; empty for nothing. */
export function checkSettings(draft: SettingsDraft, hostPolicy?: HostPolicy): SettingProblem[] {
  const { fields, hasTemplate } = formatOf(draft.format);
  const say = (field: string, found: FoundProblem): SettingProblem =>
    spoken(field, found, draft.language);
  const ofFields = fields.flatMap((field) =>
    problemsOf(field, draft).map((found) => say(field.name, found)),
  );
  const ofHosts = ofFields.length > 0 || !hostPolicy ? [] : hostProblems(draft, hostPolicy);
  return [
    ...unknownFields(draft, fields).map(([field, found]) => say(field, found)),
    ...ofFields,
    ...checkTogether(draft).map(({ field, ...found }) => say(field, found)),
    ...ofHosts,
    ...templateProblems(draft, hasTemplate).map((found) => say('template', found)),
  ];
}

function problemsOf(field: FormatField, draft: SettingsDraft): readonly FoundProblem[] {
  const value = valueOf(field, draft);
  const isKept = field.isSecret && draft.keptSecrets.includes(field.name);
  if (value === undefined || value === null)
    return field.isRequired && !isKept ? [{ reason: 'missing' }] : [];
  return checkValue(field, value, draft.format);
}

/** A name in the wrong one of the two is unknown there: a secret must never be saved as a setting. */
function unknownFields(
  draft: SettingsDraft,
  fields: readonly FormatField[],
): readonly (readonly [string, FoundProblem])[] {
  return [false, true].flatMap((isSecret) => {
    const known = fields.filter((field) => field.isSecret === isSecret).map(({ name }) => name);
    const expected = known.length === 0 ? '—' : known.join(', ');
    return Object.keys(isSecret ? draft.secrets : draft.settings)
      .filter((name) => !known.includes(name))
      .map((name) => [name, { reason: 'unknownField', expected }] as const);
  });
}

function hostProblems(draft: SettingsDraft, policy: HostPolicy): SettingProblem[] {
  return formatOf(draft.format).fields.flatMap((field) => {
    const value = valueOf(field, draft);
    if (typeof value !== 'string') return [];
    const isHost = draft.format === 'email' && field.name === 'host';
    const host = field.kind === 'url' ? new URL(value).hostname : isHost ? value : undefined;
    const problem = host === undefined ? null : policy(host);
    if (problem === null) return [];
    const { reason, detail } = problem;
    const ownWords = incidentTexts(draft.language).settingProblems[reason];
    return [{ field: field.name, reason, detail: ownWords ?? detail }];
  });
}

function templateProblems(draft: SettingsDraft, hasTemplate: boolean): readonly FoundProblem[] {
  const { template, language } = draft;
  if (template === null) return [];
  if (!hasTemplate) return [{ reason: 'noTemplate' }];
  if (template.trim() === '') return [{ reason: 'empty' }];
  if (template.length > MAX_TEMPLATE_LENGTH)
    return [{ reason: 'tooLong', expected: String(MAX_TEMPLATE_LENGTH) }];
  const found = checkTemplate(template, language);
  return found === undefined ? [] : [{ reason: 'badTemplate', found }];
}

function valueOf(field: FormatField, draft: SettingsDraft): unknown {
  const values = field.isSecret ? draft.secrets : draft.settings;
  return Object.hasOwn(values, field.name) ? values[field.name] : undefined;
}

function spoken(field: string, problem: FoundProblem, language: Language): SettingProblem {
  const { reason, found = '', expected = '' } = problem;
  const text = incidentTexts(language).settingProblems[reason] ?? reason;
  return { field, reason, detail: filled(text, { found, expected }) };
}
