import { filled, incidentTexts } from '@ppe-pulse/protocol/texts';
import { Type, type Static } from 'typebox';
import { checkSettings, type SettingsDraft } from './formats/check-settings.ts';
import { formatOf } from './formats/catalogue.ts';
import { shapeProblems, type ShapeProblem } from './routing/shape-problems.ts';
import type { AddressPolicy } from './transport/address-policy.ts';
import { checkHost, checkName } from './transport/check-url.ts';
import type { ResolveName } from './transport/host-resolver.ts';
import { within } from './transport/within.ts';
import { webhookFormats, type WebhookWithSecrets } from './webhook.ts';
import type { WebhookDraft } from './webhook-store.ts';

const MINUTE_MS = 60_000;
const MAX_NAME_LENGTH = 100;
const DEFAULT_MINUTES = 60;
const MAX_MINUTES = 1_440;

/** Names that take longer to ask are judged when something is delivered. */
const ASK_NAMES_MS = 3_000;

const Values = Type.Optional(Type.Record(Type.String({ maxLength: 60 }), Type.Unknown()));

/** What a person sends. Of a webhook that is there what is missing stays as it is. */
export const WebhookBody = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: MAX_NAME_LENGTH })),
    format: Type.Optional(Type.Enum([...webhookFormats])),
    /** By the format: GET /api/v1/webhooks/formats. All of them: what is missing is not set. */
    settings: Values,
    /** Written, never read. A name that is missing stays as it is, null clears it. */
    secrets: Values,
    isEnabled: Type.Optional(Type.Boolean()),
    /** Takes addresses of private networks and of the collector's own machine. */
    allowsPrivate: Type.Optional(Type.Boolean()),
    giveUpAfterMinutes: Type.Optional(Type.Number({ minimum: 1, maximum: MAX_MINUTES })),
    language: Type.Optional(Type.Enum(['ru', 'en'])),
    /** Liquid; null for the format's own text. */
    template: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    requestId: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._:-]{8,64}$' })),
  },
  { additionalProperties: false },
);
type WebhookBody = Static<typeof WebhookBody>;

/** What a draft is judged by. */
export interface AddressGround {
  readonly policy: AddressPolicy;
  readonly resolve: ResolveName;
}

export type DraftOutcome =
  | { readonly ok: true; readonly draft: WebhookDraft; readonly requestId: string | null }
  | { readonly ok: false; readonly problems: readonly ShapeProblem[] };

/** Judges what a person sent: its shape, its format's settings, where its addresses lead. */
export async function draftOf(
  body: unknown,
  before: WebhookWithSecrets | undefined,
  ground: AddressGround,
): Promise<DraftOutcome> {
  const wrongShape = shapeProblems(WebhookBody, body);
  if (wrongShape.length > 0) return { ok: false, problems: wrongShape };
  const said = body as WebhookBody;
  const wrong = missing(said, before) ?? wrongName(said) ?? otherFormat(said, before);
  if (wrong) return { ok: false, problems: [wrong] };
  const draft = merged(said, before);
  const problems = settingProblems(draft, ground.policy);
  if (problems.length > 0) return { ok: false, problems };
  const last = before && keptSecrets(said, before, draft);
  if (last) return { ok: false, problems: [last] };
  const refused = await refusedHosts(draft as WebhookDraft, ground);
  if (refused.length > 0) return { ok: false, problems: refused };
  return { ok: true, draft: draft as WebhookDraft, requestId: said.requestId ?? null };
}

function missing(said: WebhookBody, before: WebhookWithSecrets | undefined) {
  const name = before ? undefined : (['name', 'format'] as const).find((key) => !said[key]);
  return name === undefined ? undefined : problem(name, 'missing', 'is missing');
}

function wrongName({ name }: WebhookBody): ShapeProblem | undefined {
  if (name === undefined) return undefined;
  if (name.trim() === '') return problem('name', 'empty', 'must not be empty');
  return /[\p{Cc}\u2028\u2029]/u.test(name)
    ? problem('name', 'controlCharacters', 'must be one line')
    : undefined;
}

function otherFormat({ format }: WebhookBody, before: WebhookWithSecrets | undefined) {
  if (!before || format === undefined || format === before.format) return undefined;
  const text = `stays ${before.format}; add another webhook for ${format} and remove this one`;
  return problem('format', 'formatFixed', text);
}

type MergedDraft = Omit<WebhookDraft, 'settings' | 'secrets'> & {
  readonly settings: SettingsDraft['settings'];
  readonly secrets: SettingsDraft['secrets'];
};

function merged(said: WebhookBody, before: WebhookWithSecrets | undefined): MergedDraft {
  const secrets = { ...before?.secrets, ...said.secrets };
  const minutes = said.giveUpAfterMinutes;
  return {
    name: said.name?.trim() ?? before?.name ?? '',
    format: before?.format ?? (said.format as WebhookDraft['format']),
    settings: said.settings ?? before?.settings ?? {},
    secrets: Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== null)),
    isEnabled: said.isEnabled ?? before?.isEnabled ?? true,
    allowsPrivate: said.allowsPrivate ?? before?.allowsPrivate ?? false,
    giveUpAfterMs:
      minutes === undefined
        ? (before?.giveUpAfterMs ?? DEFAULT_MINUTES * MINUTE_MS)
        : Math.round(minutes * MINUTE_MS),
    language: said.language ?? before?.language ?? 'ru',
    template: said.template === undefined ? (before?.template ?? null) : said.template,
  };
}

function settingProblems(draft: MergedDraft, policy: AddressPolicy): readonly ShapeProblem[] {
  const found = checkSettings({ ...draft, keptSecrets: [] }, (host) =>
    checkName(host, draft.allowsPrivate, policy),
  );
  return found.map(({ field, reason, detail }) => {
    // What stands before the colon of such a secret may be all of it.
    const isTold = reason !== 'badScheme' || !Object.hasOwn(draft.secrets, field);
    const shown = incidentTexts(draft.language).settingProblems.badScheme ?? reason;
    return problem(field, reason, isTold ? detail : filled(shown, { found: '…' }));
  });
}

/**
 * A secret that nobody may read must not be had by pointing the webhook to a receiver of one's own:
 * whoever changes where it goes writes the secrets again. What only signs is never sent.
 */
function keptSecrets(
  said: WebhookBody,
  before: WebhookWithSecrets,
  draft: MergedDraft,
): ShapeProblem | undefined {
  if (targetOf(before) === targetOf(draft)) return undefined;
  const kept = Object.keys(draft.secrets).filter(
    (name) => name !== 'signingSecret' && !Object.hasOwn(said.secrets ?? {}, name),
  );
  const first = kept[0];
  const text = `the address changed: write ${kept.join(', ')} again, or clear it with null`;
  return first === undefined ? undefined : problem(first, 'secretNeeded', text);
}

/** Where a message goes, and how openly. */
function targetOf({ format, settings }: Pick<MergedDraft, 'format' | 'settings'>): string {
  const parts = formatOf(format).fields.map((field) => {
    const value = settings[field.name] ?? field.default;
    if (field.kind === 'url')
      return typeof value === 'string' && URL.canParse(value) ? new URL(value).origin : '';
    return ['host', 'port', 'security'].includes(field.name) ? value : '';
  });
  return JSON.stringify(parts);
}

/** Asks the names where they lead. One that is not known now may be, on the day. */
async function refusedHosts(
  draft: WebhookDraft,
  ground: AddressGround,
): Promise<readonly ShapeProblem[]> {
  const values: Readonly<Record<string, unknown>> = { ...draft.settings, ...draft.secrets };
  const asked = formatOf(draft.format).fields.map(async ({ name, kind }) => {
    const value = values[name];
    const isHost = kind === 'url' || (draft.format === 'email' && name === 'host');
    if (!isHost || typeof value !== 'string') return [];
    const found = await within(ASK_NAMES_MS, checkHost(value, draft.allowsPrivate, ground));
    return found ? [problem(name, found.reason, found.detail)] : [];
  });
  return (await Promise.all(asked)).flat();
}

function problem(path: string, reason: string, text: string): ShapeProblem {
  return { path, reason, detail: `${path}: ${text}` };
}
