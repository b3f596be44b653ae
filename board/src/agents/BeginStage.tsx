import { useState } from 'react';
import { useAction } from '../incidents/use-action.ts';
import { useLive } from '../live/use-live.ts';
import { SureButton } from '../ui/SureButton.tsx';
import { RolloutRefusal } from './RolloutRefusal.tsx';
import { scopes, type BundleAnswer, type ScopeKind } from './rollout-shapes.ts';
import { useRolloutWords } from './use-rollout-words.ts';

interface BeginStageProps {
  /** That agents still take, the newest added first. */
  readonly bundles: readonly BundleAnswer[];
  readonly onBegun: () => void;
}

/** Whom the next step is for, as a person has chosen it so far. */
interface Draft {
  readonly scope: ScopeKind;
  readonly siteCode: string;
  readonly municipality: string;
}

/** The next step of a rollout: which version, and to whom. */
export function BeginStage({ bundles, onBegun }: BeginStageProps) {
  const { own } = useRolloutWords();
  const municipalities = useLive((state) => state.municipalities);
  const [chosen, setChosen] = useState('');
  const [asked, setAsked] = useState<Draft>({ scope: 'site', siteCode: '', municipality: '' });
  const { isBusy, failure, send } = useAction();
  const version = bundles.some((each) => each.version === chosen) ? chosen : bundles[0]?.version;
  const draft = { ...asked, municipality: asked.municipality || (municipalities[0]?.slug ?? '') };
  const begin = async (): Promise<void> => {
    const { siteCode, municipality } = draft;
    const scope = { site: { siteCode }, municipality: { municipality }, all: 'all' }[draft.scope];
    const path = `/api/v1/updates/${version}/stages`;
    if (await send({ path, body: { scope }, hasRequestId: false })) onBegun();
  };
  return (
    <form
      className="agents-filters"
      data-testid="begin-stage"
      onSubmit={(event) => event.preventDefault()}
    >
      <label>
        {own.version}{' '}
        <select value={version} onChange={({ target }) => setChosen(target.value)}>
          {bundles.map((each) => (
            <option key={each.version}>{each.version}</option>
          ))}
        </select>
      </label>
      <WhoFields draft={draft} put={(part) => setAsked({ ...asked, ...part })} />
      <SureButton
        text={own.begin}
        sureText={own.beginReally}
        isBusy={isBusy || !isWhole(draft)}
        onSure={() => void begin()}
      />
      <RolloutRefusal of={failure} />
    </form>
  );
}

interface WhoFieldsProps {
  readonly draft: Draft;
  readonly put: (part: Partial<Draft>) => void;
}

function WhoFields({ draft, put }: WhoFieldsProps) {
  const { own } = useRolloutWords();
  const municipalities = useLive((state) => state.municipalities);
  return (
    <>
      <label>
        {own.who}{' '}
        <select
          value={draft.scope}
          onChange={({ target }) =>
            put({ scope: scopes.find((each) => each === target.value) ?? 'site' })
          }
        >
          {scopes.map((each) => (
            <option key={each} value={each}>
              {own.scopes[each]}
            </option>
          ))}
        </select>
      </label>
      {draft.scope === 'site' && (
        <label>
          {own.siteCode}{' '}
          <input
            className="rollout-code"
            inputMode="numeric"
            maxLength={4}
            value={draft.siteCode}
            onChange={({ target }) => put({ siteCode: target.value.trim() })}
          />
        </label>
      )}
      {draft.scope === 'municipality' && (
        <label>
          {own.municipality}{' '}
          <select
            value={draft.municipality}
            onChange={({ target }) => put({ municipality: target.value })}
          >
            {municipalities.map((each) => (
              <option key={each.slug} value={each.slug}>
                {each.name}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}

function isWhole({ scope, siteCode, municipality }: Draft): boolean {
  switch (scope) {
    case 'site':
      return /^[0-9]{4}$/.test(siteCode);
    case 'municipality':
      return municipality !== '';
    case 'all':
      return true;
  }
}
