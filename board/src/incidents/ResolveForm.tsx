import { useState } from 'react';
import { personResolutions } from '@ppe-pulse/protocol';
import type { Act } from './act.ts';
import { MAX_TYPED_LENGTH } from './typed-limit.ts';
import { useIncidentWords } from './use-incident-words.ts';

/** Closes an incident with a cause. Folded away: what heals ends by itself. */
export function ResolveForm({ act }: { readonly act: Act }) {
  const { own, incident: texts } = useIncidentWords();
  const [resolution, setResolution] = useState<string>(personResolutions[0]);
  const [note, setNote] = useState('');
  return (
    <details>
      <summary>{own.resolve}</summary>
      <form
        className="fields"
        data-testid="resolve-form"
        onSubmit={(event) => {
          event.preventDefault();
          void act('resolve', { resolution, note });
        }}
      >
        <label>
          {own.resolveCause}
          <select value={resolution} onChange={({ target }) => setResolution(target.value)}>
            {personResolutions.map((each) => (
              <option key={each} value={each}>
                {texts.resolutions[each]}
              </option>
            ))}
          </select>
        </label>
        <input
          aria-label={own.resolveNote}
          placeholder={own.resolveNote}
          value={note}
          maxLength={MAX_TYPED_LENGTH}
          required={resolution === 'other'}
          onChange={({ target }) => setNote(target.value)}
        />
        <button type="submit">{own.resolveDo}</button>
      </form>
    </details>
  );
}
