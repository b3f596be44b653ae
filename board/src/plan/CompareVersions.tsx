import { useState } from 'react';
import { LineDiff } from './LineDiff.tsx';
import { usePlanWords } from './use-plan-words.ts';
import { useVersionText } from './use-version-text.ts';

/** Two versions beside each other; the newest two first. There are two at least. */
export function CompareVersions({ versions }: { readonly versions: readonly number[] }) {
  const { own } = usePlanWords();
  const [from, setFrom] = useState(versions[1] ?? 1);
  const [to, setTo] = useState(versions[0] ?? 1);
  const before = useVersionText(from);
  const after = useVersionText(to);
  const choice = (label: string, value: number, choose: (version: number) => void) => (
    <label>
      {label}
      <select value={value} onChange={({ target }) => choose(Number(target.value))}>
        {versions.map((version) => (
          <option key={version} value={version}>
            {version}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section className="panel is-wide" aria-label={own.compare} data-testid="plan-compare">
      <h2>{own.compare}</h2>
      <div className="fields">
        {choice(own.was, from, setFrom)}
        {choice(own.becomes, to, setTo)}
      </div>
      {before === undefined || after === undefined ? (
        <p role="status">{own.loading}</p>
      ) : (
        <LineDiff before={before} after={after} label={own.between(from, to)} />
      )}
    </section>
  );
}
