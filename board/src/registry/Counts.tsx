import { useState } from 'react';
import { useAction } from '../incidents/use-action.ts';
import { usePlanClock } from '../plan/use-plan-clock.ts';
import { useMay } from '../session/use-session.ts';
import type { RegistryAnswer } from './registry-shapes.ts';
import { refusalText, useRegistryWords } from './use-registry-words.ts';

interface CountsProps {
  readonly registry: RegistryAnswer;
  readonly onChanged: () => void;
}

/** How much of what the registry has, and whether it is a real one. */
export function Counts({ registry, onChanged }: CountsProps) {
  const words = useRegistryWords();
  const { own } = words;
  const maySetUp = useMay('setUp');
  const clock = usePlanClock(registry.timeZone, '');
  const { counts, isSample, importedAt, importedBy, version } = registry;
  const isEmpty = counts.sites === 0;
  const figures = [
    [own.sites, counts.sites],
    [own.rooms, counts.rooms],
    [own.workstations, counts.workstations],
    [own.cameras, counts.cameras],
  ] as const;
  return (
    <section className="panel is-wide" aria-label={own.counts} data-testid="registry-counts">
      {isEmpty ? (
        <>
          <h2>{own.empty}</h2>
          <p>{own.emptyHint}</p>
        </>
      ) : (
        <>
          <dl className="figures">
            {figures.map(([name, count]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{words.number(count)}</dd>
              </div>
            ))}
          </dl>
          {counts.adopted > 0 && <p>{own.adopted(words.number(counts.adopted))}</p>}
        </>
      )}
      {importedAt !== null && (
        <p className="quiet" data-testid="registry-version">
          {own.version(version, importedBy ?? own.none, clock.full(Date.parse(importedAt)))}
        </p>
      )}
      {isSample && <p className="sample-note">{own.sample}</p>}
      {(isEmpty || isSample) && maySetUp && <SampleForm onChanged={onChanged} />}
    </section>
  );
}

const SAMPLE_FIRST = 20;
const SAMPLE_MAX = 6_000;

/** An invented region to try things with; never in place of a real one. */
function SampleForm({ onChanged }: { readonly onChanged: () => void }) {
  const words = useRegistryWords();
  const { own } = words;
  const [ppe, setPpe] = useState(String(SAMPLE_FIRST));
  const { isBusy, failure, send } = useAction();
  const make = async (): Promise<void> => {
    const path = '/api/v1/registry/sample';
    const done = await send({ path, body: { ppe: Number(ppe) }, hasRequestId: false });
    if (done !== undefined) onChanged();
  };
  return (
    <form
      className="fields"
      data-testid="sample-form"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <label>
        {own.samplePpe}
        <input
          type="number"
          min={1}
          max={SAMPLE_MAX}
          required
          value={ppe}
          onChange={({ target }) => setPpe(target.value)}
        />
      </label>
      <button type="submit" disabled={isBusy}>
        {own.makeSample}
      </button>
      {failure && (
        <p className="refusal" role="alert">
          {refusalText(words, failure)}
        </p>
      )}
    </form>
  );
}
