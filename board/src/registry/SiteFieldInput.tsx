import { useId, type ReactNode } from 'react';
import { commissionKinds, periods, siteKinds, type Municipality } from '@ppe-pulse/protocol';
import { fieldKey, type SiteDraft, type SiteField } from './site-draft.ts';
import type { Mistakes } from './use-site-edit.ts';
import { useRegistryWords, type RegistryWords } from './use-registry-words.ts';

interface SiteFieldInputProps {
  readonly field: SiteField;
  readonly draft: SiteDraft;
  readonly municipalities: readonly Municipality[];
  readonly mistakes: Mistakes;
  readonly onChange: (value: string) => void;
}

/** One field of a site with its name and what is wrong with it. */
export function SiteFieldInput(props: SiteFieldInputProps) {
  const { field, draft, municipalities, mistakes, onChange } = props;
  const words = useRegistryWords();
  const id = useId();
  const mistake = mistakes.get(fieldKey('site', 1, field));
  const { kind } = draft.site;
  // What belongs to another kind of site is not asked.
  if (field === 'period' && kind !== 'ppe') return null;
  if (field === 'commission' && kind !== 'commission') return null;
  const choices = choicesOf(words, field, municipalities);
  const common = {
    value: draft.site[field],
    'aria-invalid': mistake !== undefined,
    'aria-describedby': mistake && id,
  };
  const input: ReactNode = choices ? (
    <select {...common} onChange={({ target }) => onChange(target.value)}>
      {choices.map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </select>
  ) : (
    <input
      {...common}
      type={field === 'dutyPhone' ? 'tel' : 'text'}
      onChange={({ target }) => onChange(target.value)}
    />
  );
  return (
    <div className="site-field">
      <label>
        <span>{words.own.fields[field]}</span>
        {input}
      </label>
      {mistake && (
        <p className="field-mistake" id={id}>
          {mistake.text}
        </p>
      )}
    </div>
  );
}

type Choice = readonly [value: string, name: string];

/** What may be chosen; undefined where people write. */
function choicesOf(
  { own }: RegistryWords,
  field: SiteField,
  municipalities: readonly Municipality[],
): readonly Choice[] | undefined {
  switch (field) {
    case 'kind':
      return siteKinds.map((kind) => [kind, own.siteKinds[kind]]);
    case 'period':
      return [['', own.none], ...periods.map((each): Choice => [each, own.periods[each]])];
    case 'commission':
      return [
        ['', own.none],
        ...commissionKinds.map((each): Choice => [each, own.commissions[each]]),
      ];
    case 'isRemote':
      return [
        ['no', own.no],
        ['yes', own.yes],
      ];
    case 'municipality':
      return municipalities.map(({ slug, name, kind }) => [slug, `${name}, ${kind}`]);
    case 'siteName':
    case 'address':
    case 'timeZone':
    case 'provider':
    case 'contractMbit':
    case 'dutyPhone':
      return undefined;
  }
}
