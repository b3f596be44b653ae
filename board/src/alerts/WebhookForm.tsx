import { useState } from 'react';
import { Refusal } from '../incidents/Refusal.tsx';
import { useAction } from '../incidents/use-action.ts';
import type { FormatAnswer, WebhookAnswer } from './alert-shapes.ts';
import { SettingField } from './SettingField.tsx';
import { tokenText, useAlertWords } from './use-alert-words.ts';
import { bodyOf, draftOf, type WebhookDraft } from './webhook-draft.ts';

/** Adds a receiver or changes one. The fields are the format's own; secrets are never shown. */
export function WebhookForm({
  formats,
  webhook,
  onClose,
}: {
  readonly formats: readonly FormatAnswer[];
  readonly webhook: WebhookAnswer | undefined;
  readonly onClose: () => void;
}) {
  const { own } = useAlertWords();
  const { isBusy, failure, send } = useAction();
  const first = formats.find(({ id }) => id === webhook?.format) ?? formats[0];
  const [draft, setDraft] = useState(() => first && draftOf(first, webhook));
  const format = formats.find(({ id }) => id === draft?.format);
  if (!draft || !format) return null;
  const put = (part: Partial<WebhookDraft>): void => setDraft({ ...draft, ...part });
  const save = async (): Promise<void> => {
    const saved = await send({
      method: webhook ? 'PUT' : 'POST',
      path: webhook ? `/api/v1/webhooks/${webhook.id}` : '/api/v1/webhooks',
      body: bodyOf(format, draft),
    });
    if (saved !== undefined) onClose();
  };
  return (
    <form
      className="webhook-form"
      data-testid="webhook-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <NameField draft={draft} put={put} />
      <FormatChoice
        formats={formats}
        format={format}
        isFixed={webhook !== undefined}
        onChoose={(chosen) => setDraft({ ...draftOf(chosen, undefined), name: draft.name })}
      />
      {format.fields.map((field) => (
        <SettingField
          key={`${format.id} ${field.name}`}
          field={field}
          isSet={webhook?.secretNames.includes(field.name) ?? false}
          draft={draft}
          put={put}
        />
      ))}
      <CommonFields draft={draft} put={put} hasTemplate={format.hasTemplate} />
      <div className="fields">
        <button type="submit" disabled={isBusy}>
          {own.save}
        </button>
        <button type="button" onClick={onClose}>
          {own.cancel}
        </button>
      </div>
      <Refusal of={failure} />
    </form>
  );
}

/** Where whoever opened the form begins to type. */
function NameField({
  draft,
  put,
}: {
  readonly draft: WebhookDraft;
  readonly put: (part: Partial<WebhookDraft>) => void;
}) {
  const { own } = useAlertWords();
  return (
    <label>
      <span>{own.name}</span>
      <input
        value={draft.name}
        required
        autoFocus
        maxLength={100}
        onChange={({ target }) => put({ name: target.value })}
      />
    </label>
  );
}

function FormatChoice({
  formats,
  format,
  isFixed,
  onChoose,
}: {
  readonly formats: readonly FormatAnswer[];
  readonly format: FormatAnswer;
  readonly isFixed: boolean;
  readonly onChoose: (format: FormatAnswer) => void;
}) {
  const { own, incident } = useAlertWords();
  return (
    <label>
      <span>{own.format}</span>
      <select
        value={format.id}
        disabled={isFixed}
        onChange={({ target }) => {
          const chosen = formats.find(({ id }) => id === target.value);
          if (chosen) onChoose(chosen);
        }}
      >
        {formats.map(({ id }) => (
          <option key={id} value={id}>
            {tokenText(incident.webhookFormats, id)}
          </option>
        ))}
      </select>
    </label>
  );
}

/** What every receiver has, whatever its format. */
function CommonFields({
  draft,
  put,
  hasTemplate,
}: {
  readonly draft: WebhookDraft;
  readonly put: (part: Partial<WebhookDraft>) => void;
  readonly hasTemplate: boolean;
}) {
  const { own } = useAlertWords();
  return (
    <>
      <label>
        <span>{own.language}</span>
        <select
          value={draft.language}
          onChange={({ target }) => put({ language: target.value === 'en' ? 'en' : 'ru' })}
        >
          <option value="ru">{own.languages.ru}</option>
          <option value="en">{own.languages.en}</option>
        </select>
      </label>
      <label>
        <span>{own.giveUpAfterMinutes}</span>
        <input
          type="number"
          min={1}
          required
          value={Number.isNaN(draft.giveUpAfterMinutes) ? '' : draft.giveUpAfterMinutes}
          onChange={({ target }) => put({ giveUpAfterMinutes: target.valueAsNumber })}
        />
      </label>
      <label>
        <span>{own.isEnabled}</span>
        <input
          type="checkbox"
          checked={draft.isEnabled}
          onChange={({ target }) => put({ isEnabled: target.checked })}
        />
      </label>
      <label>
        <span>{own.allowsPrivate}</span>
        <input
          type="checkbox"
          checked={draft.allowsPrivate}
          onChange={({ target }) => put({ allowsPrivate: target.checked })}
        />
      </label>
      {hasTemplate && (
        <label className="is-wide">
          <span>{own.template}</span>
          <textarea
            value={draft.template}
            rows={4}
            placeholder={own.templateHint}
            spellCheck={false}
            onChange={({ target }) => put({ template: target.value })}
          />
        </label>
      )}
    </>
  );
}
