import type { FieldAnswer } from './alert-shapes.ts';
import { tokenText, useAlertWords } from './use-alert-words.ts';
import type { WebhookDraft } from './webhook-draft.ts';

interface SettingFieldProps {
  readonly field: FieldAnswer;
  /** Of a secret: one is there. */
  readonly isSet: boolean;
  readonly draft: WebhookDraft;
  readonly put: (part: Partial<WebhookDraft>) => void;
}

/** One setting of a format as a field of the form. */
export function SettingField(props: SettingFieldProps) {
  const { own, incident } = useAlertWords();
  const { field, draft, put } = props;
  const { name, kind, isRequired } = field;
  const label = tokenText(incident.webhookFields, name);
  if (field.isSecret) return <SecretField {...props} label={label} />;
  const value = draft.settings[name] ?? '';
  const set = (typed: string): void => put({ settings: { ...draft.settings, [name]: typed } });
  const hint = [...(kind === 'list' ? [own.listHint] : []), ...(isRequired ? [] : [own.optional])];
  if (kind === 'choice' || kind === 'boolean') {
    const choices =
      kind === 'boolean'
        ? [
            ['true', own.yes],
            ['false', own.no],
          ]
        : (field.choices ?? []).map((choice) => [choice, choice]);
    return (
      <label>
        <span>{label}</span>
        <select value={value} required={isRequired} onChange={({ target }) => set(target.value)}>
          {(!isRequired || value === '') && <option value="">—</option>}
          {choices.map(([choice, text]) => (
            <option key={choice} value={choice}>
              {text}
            </option>
          ))}
        </select>
      </label>
    );
  }
  return (
    <label>
      <span>{label}</span>
      <input
        type={kind === 'number' ? 'number' : 'text'}
        inputMode={kind === 'url' ? 'url' : undefined}
        value={value}
        required={isRequired}
        maxLength={field.maxLength}
        placeholder={hint.join(', ')}
        spellCheck={false}
        onChange={({ target }) => set(target.value)}
      />
    </label>
  );
}

/** A secret: it can be set and erased; nobody reads it back. */
function SecretField({
  field: { name, isRequired, maxLength },
  isSet,
  draft,
  put,
  label,
}: SettingFieldProps & { readonly label: string }) {
  const { own } = useAlertWords();
  const isErased = draft.erased.includes(name);
  return (
    <div className="secret">
      <label>
        <span>{label}</span>
        <input
          type="password"
          autoComplete="new-password"
          value={draft.secrets[name] ?? ''}
          required={isRequired && !isSet}
          maxLength={maxLength}
          placeholder={isSet && !isErased ? own.secretSet : own.secretUnset}
          onChange={({ target }) => put({ secrets: { ...draft.secrets, [name]: target.value } })}
        />
      </label>
      {isSet && !isRequired && (
        <button
          type="button"
          aria-pressed={isErased}
          onClick={() =>
            put({
              erased: isErased
                ? draft.erased.filter((each) => each !== name)
                : [...draft.erased, name],
            })
          }
        >
          {own.secretRemove}
        </button>
      )}
    </div>
  );
}
