import type { DoneBy, Outcome } from '../incidents/incident-book.ts';
import type { Audit, AuditEntry } from '../state/audit.ts';
import type { SqlRow, StateDatabase } from '../state/database.ts';
import type { DeskReceiver } from './desk.ts';
import { formatOf } from './formats/catalogue.ts';
import { webhookIdOf, webhookNumber } from './outbox/delivery-rows.ts';
import type { OutboxStore } from './outbox/outbox-store.ts';
import { lastTestOf } from './last-test.ts';
import type { Webhook, WebhookFormatId, WebhookWithSecrets } from './webhook.ts';

/** A webhook as somebody wants it; it was checked. */
export type WebhookDraft = Pick<
  WebhookWithSecrets,
  | 'name'
  | 'format'
  | 'settings'
  | 'secrets'
  | 'isEnabled'
  | 'allowsPrivate'
  | 'giveUpAfterMs'
  | 'language'
  | 'template'
>;

export interface WebhookStoreParts {
  readonly database: StateDatabase;
  readonly audit: Audit;
  readonly outbox: Pick<OutboxStore, 'cancelOf' | 'lastDrillOf'>;
}

/** More than a region has, and few enough to be read at a glance. */
export const MAX_WEBHOOKS = 50;
/** Two clicks: the same name and format within this time are one. */
const DOUBLE_CLICK_MS = 5_000;

/**
 * Receivers over the state database. Secrets leave it with `withSecrets` only: no answer, no log and no
 * audit ever has one.
 */
export class WebhookStore {
  readonly #parts: WebhookStoreParts;
  /** Undefined when the rows must be read again. */
  #all: readonly StoredWebhook[] | undefined;
  #receivers: readonly DeskReceiver[] | undefined;
  #revision = 0;

  constructor(parts: WebhookStoreParts) {
    this.#parts = parts;
  }

  /** Another one after each change. */
  get revision(): number {
    return this.#revision;
  }

  /** The oldest first; removed ones are not there. */
  list(): readonly Webhook[] {
    return this.#read().map((stored) => this.#shown(stored));
  }

  find(id: string): Webhook | undefined {
    const stored = this.#of(id);
    return stored && this.#shown(stored);
  }

  /** For delivering. */
  withSecrets(id: string): WebhookWithSecrets | undefined {
    const stored = this.#of(id);
    return stored && { ...this.#shown(stored), secrets: stored.secrets };
  }

  /** Whom decisions may be about. */
  receivers(): readonly DeskReceiver[] {
    this.#receivers ??= this.#read().map(({ id, isEnabled, giveUpAfterMs, format }) => {
      const { keepsState } = formatOf(format);
      return { id, isEnabled, giveUpAfterMs, keepsState };
    });
    return this.#receivers;
  }

  /** Adds one; the same request or a second click answers the first. */
  add(draft: WebhookDraft, by: DoneBy): Outcome<Webhook> {
    const earlier = this.#earlier(draft, by);
    if (earlier) return earlier;
    const refused = this.#refusedName(draft.name) ?? this.#refusedCount();
    if (refused) return refused;
    this.#write(() => {
      this.#parts.database.run(
        `INSERT INTO webhooks
           (name, format, settings, secrets, is_enabled, allows_private, give_up_after_ms, language,
            template, created_at_ms, created_by, request_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        draft.name,
        draft.format,
        ...columnsOf(draft),
        Math.round(by.atMs),
        by.account,
        by.requestId,
      );
      this.#audit('create', this.#newestId(), { by, details: detailsOf(draft) });
    });
    return this.#done(this.#newestId());
  }

  /** Changes one; what is as it was already is not written again. */
  change(id: string, draft: WebhookDraft, by: DoneBy): Outcome<Webhook> {
    const before = this.#of(id);
    if (!before) return unknownWebhook(id);
    const refused = draft.name === before.name ? undefined : this.#refusedName(draft.name, id);
    if (refused) return refused;
    const changed = changedIn(before, draft);
    if (changed === '') return this.#done(id);
    this.#write(() => {
      this.#parts.database.run(
        `UPDATE webhooks SET name = ?, settings = ?, secrets = ?, is_enabled = ?,
           allows_private = ?, give_up_after_ms = ?, language = ?, template = ?
         WHERE id = ?`,
        draft.name,
        ...columnsOf(draft),
        webhookNumber(id),
      );
      const details = { ...detailsOf(draft), changed };
      this.#audit('update', id, { by, details });
    });
    return this.#done(id);
  }

  /** Removes one with what it is owed; twice is once. */
  remove(id: string, by: DoneBy): Outcome<{ readonly id: string; readonly cancelled: number }> {
    const before = this.#of(id);
    if (!before) return unknownWebhook(id);
    let cancelled = 0;
    this.#write(() => {
      // Secrets of what is gone are of use to nobody but a thief.
      this.#parts.database.run(
        `UPDATE webhooks SET removed_at_ms = ?, secrets = '{}', is_enabled = 0 WHERE id = ?`,
        Math.round(by.atMs),
        webhookNumber(id),
      );
      cancelled = this.#parts.outbox.cancelOf(id, by.atMs);
      this.#audit('remove', id, { by, details: { name: before.name, cancelled } });
    });
    return { kind: 'done', value: { id, cancelled } };
  }

  /** The webhook that a request or the click before made. */
  #earlier({ name, format }: WebhookDraft, by: DoneBy): Outcome<Webhook> | undefined {
    const id = by.requestId === null ? undefined : this.#ofRequest(by.requestId);
    if (id !== undefined) {
      if (this.#of(id)) return this.#done(id);
      const detail = `the request made ${id}, which was removed since; use a fresh requestId`;
      return { kind: 'refused', reason: 'requestIdUsed', detail };
    }
    const twin = this.#read().find((each) => each.name === name && each.format === format);
    const ageMs = twin === undefined ? Number.NaN : by.atMs - twin.createdAtMs;
    return twin && ageMs >= 0 && ageMs < DOUBLE_CLICK_MS ? this.#done(twin.id) : undefined;
  }

  #ofRequest(requestId: string): string | undefined {
    const sql = 'SELECT id FROM webhooks WHERE request_id = ?';
    const row = this.#parts.database.all(sql, requestId)[0];
    return row && webhookIdOf(row.id);
  }

  #refusedName(name: string, exceptId?: string): Refused | undefined {
    const wanted = name.toLowerCase();
    const taken = this.#read().find((each) => each.name.toLowerCase() === wanted);
    if (!taken || taken.id === exceptId) return undefined;
    const detail = `name: ${taken.id} has this name already; choose another`;
    return { kind: 'refused', reason: 'nameTaken', detail };
  }

  #refusedCount(): Refused | undefined {
    if (this.#read().length < MAX_WEBHOOKS) return undefined;
    const detail = `there are ${MAX_WEBHOOKS} webhooks, which is the most: remove one first`;
    return { kind: 'refused', reason: 'tooManyWebhooks', detail };
  }

  #newestId(): string {
    const row = this.#parts.database.all('SELECT max(id) AS id FROM webhooks')[0];
    return webhookIdOf(row?.id);
  }

  #done(id: string): Outcome<Webhook> {
    const value = this.find(id);
    if (!value) throw new Error(`${id} was written and is not there`);
    return { kind: 'done', value };
  }

  #write(work: () => void): void {
    try {
      this.#parts.database.transaction(work);
    } finally {
      this.#all = undefined;
      this.#receivers = undefined;
      this.#revision += 1;
    }
  }

  #audit(
    what: 'create' | 'update' | 'remove',
    subject: string,
    { by, details }: { readonly by: DoneBy; readonly details: AuditEntry['details'] },
  ): void {
    const { account, atMs } = by;
    this.#parts.audit.add({ atMs, account, action: `webhook.${what}`, subject, details });
  }

  #of(id: string): StoredWebhook | undefined {
    return this.#read().find((each) => each.id === id);
  }

  #read(): readonly StoredWebhook[] {
    this.#all ??= this.#parts.database
      .all('SELECT * FROM webhooks WHERE removed_at_ms IS NULL ORDER BY id')
      .map(storedOf);
    return this.#all;
  }

  #shown({ secrets, ...rest }: StoredWebhook): Webhook {
    const secretNames = Object.keys(secrets).toSorted();
    return { ...rest, secretNames, lastTest: lastTestOf(this.#parts.outbox.lastDrillOf(rest.id)) };
  }
}

type StoredWebhook = Omit<WebhookWithSecrets, 'secretNames' | 'lastTest'>;
type Refused = Extract<Outcome<never>, { kind: 'refused' }>;

export function unknownWebhook(id: string): Refused {
  const detail = `there is no webhook ${id}; GET /api/v1/webhooks lists them`;
  return { kind: 'refused', reason: 'unknownWebhook', detail };
}

function columnsOf(draft: WebhookDraft) {
  return [
    JSON.stringify(draft.settings),
    JSON.stringify(draft.secrets),
    draft.isEnabled ? 1 : 0,
    draft.allowsPrivate ? 1 : 0,
    Math.round(draft.giveUpAfterMs),
    draft.language,
    draft.template,
  ] as const;
}

/** Settings are left out: an address may be as good as a secret. */
function detailsOf(draft: WebhookDraft): AuditEntry['details'] {
  const { name, format, isEnabled, allowsPrivate } = draft;
  return { name, format, isEnabled, allowsPrivate };
}

/** Names of what a person changed; of secrets too, without their values. */
function changedIn(before: StoredWebhook, draft: WebhookDraft): string {
  const plain = (
    ['name', 'isEnabled', 'allowsPrivate', 'giveUpAfterMs', 'language'] as const
  ).filter((key) => before[key] !== draft[key]);
  const inside = (key: 'settings' | 'secrets'): readonly string[] => {
    const names = new Set([...Object.keys(before[key]), ...Object.keys(draft[key])]);
    return [...names].filter((name) => before[key][name] !== draft[key][name]);
  };
  const template = before.template === draft.template ? [] : ['template'];
  return [...plain, ...template, ...inside('settings'), ...inside('secrets')].join(', ');
}

function storedOf(row: SqlRow): StoredWebhook {
  return {
    id: webhookIdOf(row.id),
    name: String(row.name),
    format: String(row.format) as WebhookFormatId,
    settings: JSON.parse(String(row.settings)) as StoredWebhook['settings'],
    secrets: JSON.parse(String(row.secrets)) as StoredWebhook['secrets'],
    isEnabled: row.is_enabled === 1,
    allowsPrivate: row.allows_private === 1,
    giveUpAfterMs: Number(row.give_up_after_ms),
    language: row.language === 'en' ? 'en' : 'ru',
    template: typeof row.template === 'string' ? row.template : null,
    createdAtMs: Number(row.created_at_ms),
    createdBy: String(row.created_by),
  };
}
