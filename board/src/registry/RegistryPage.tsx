import '../incidents/incidents.css';
import './registry.css';
import { useCallback, useState } from 'react';
import { useSearch } from 'wouter';
import { getJson } from '../api/client.ts';
import { useLive } from '../live/use-live.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { useMay } from '../session/use-session.ts';
import { PageFooter } from '../ui/PageFooter.tsx';
import { PageHead } from '../ui/PageHead.tsx';
import { Counts } from './Counts.tsx';
import { ImportPanel } from './ImportPanel.tsx';
import type { RegistryAnswer } from './registry-shapes.ts';
import { SiteList } from './SiteList.tsx';
import { refusalText, useRegistryWords } from './use-registry-words.ts';

/** The registry: read, imported with a difference, edited site by site; its templates. */
export function RegistryPage() {
  const words = useRegistryWords();
  const { own } = words;
  const [asked, setAsked] = useState(0);
  const onChanged = useCallback(() => setAsked((count) => count + 1), []);
  const maySetUp = useMay('setUp');
  const first = new URLSearchParams(useSearch()).get('site') ?? '';
  // The picture tells no version: what most imports change is told by it.
  const sites = useLive((state) => state.registry.size);
  const planned = useLive((state) => state.overview?.workstations.planned);
  const trigger = `${sites} ${planned} ${asked}`;
  const answer = useAnswer(getJson<RegistryAnswer>, '/api/v1/registry', trigger);
  const registry = answer?.kind === 'done' ? answer.value : undefined;
  return (
    <div className="page">
      <PageHead title={own.title} />
      <main id="main" className="registry-page">
        {answer === undefined && <p role="status">{own.loading}</p>}
        {answer?.kind === 'failed' && (
          <p className="refusal" role="alert">
            {refusalText(words, { reason: answer.reason ?? '', detail: answer.detail })}
          </p>
        )}
        {registry && (
          <>
            <Counts registry={registry} onChanged={onChanged} />
            {maySetUp && (
              <ImportPanel municipalities={registry.municipalities} onApplied={onChanged} />
            )}
            {registry.counts.sites > 0 && (
              <SiteList key={first} registry={registry} first={first} onChanged={onChanged} />
            )}
          </>
        )}
      </main>
      <PageFooter />
    </div>
  );
}
