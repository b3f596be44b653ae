import { fieldKey } from './site-draft.ts';
import type { Mistakes } from './use-site-edit.ts';

interface RowInputProps {
  readonly label: string;
  readonly value: string;
  readonly place: { readonly table: string; readonly row: number; readonly field: string };
  readonly mistakes: Mistakes;
  readonly onChange: (value: string) => void;
}

/** A short field in a row of a table: its column names it, its row completes the name. */
export function RowInput({ label, value, place, mistakes, onChange }: RowInputProps) {
  const mistake = mistakes.get(fieldKey(place.table, place.row, place.field));
  return (
    <>
      <input
        className="row-input"
        inputMode="numeric"
        aria-label={label}
        aria-invalid={mistake !== undefined}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
      {mistake && <p className="field-mistake">{mistake.text}</p>}
    </>
  );
}
