import './agents.css';
import { useState } from 'react';
import { Link } from 'wouter';
import { getJson } from '../api/client.ts';
import { useLive } from '../live/use-live.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { useMay } from '../session/use-session.ts';
import { PageFooter } from '../ui/PageFooter.tsx';
import { PageHead } from '../ui/PageHead.tsx';
import { AgentControls } from './AgentControls.tsx';
import { AgentTable } from './AgentTable.tsx';
import { Rollout } from './Rollout.tsx';
import { agentsPath, type AgentQuery, type AgentsAnswer } from './agent-answer.ts';
import { useAgentsWords } from './agents-texts.ts';

const EVERY_MS = 5_000;
const everything: AgentQuery = { filter: 'all', search: '', version: '', cursor: '' };

/** Every agent: version, journal, plan, clock, when it was heard. A hundred a page, the fullest journal first. */
export function AgentsPage() {
  const { own, number } = useAgentsWords();
  const mayFollow = useMay('followUpdates');
  const [query, setQuery] = useState(everything);
  const rhythm = useLive((state) => Math.floor(state.serverTimeMs / EVERY_MS));
  const unplanned = useLive((state) => state.overview?.workstations.unplanned ?? 0);
  const answer = useAnswer(getJson<AgentsAnswer>, agentsPath(query), rhythm);
  const known = answer?.kind === 'done' ? answer.value : undefined;
  // Another question starts with its first page.
  const ask = (part: Partial<AgentQuery>): void => setQuery({ ...query, cursor: '', ...part });
  return (
    <div className="page">
      <PageHead title={own.title}>
        {known && (
          <p data-testid="agents-heard">
            {own.summary(number(known.summary.heard), number(known.summary.total))}
          </p>
        )}
        {unplanned > 0 && <Link href="/rehearsal">{own.unplanned(number(unplanned))}</Link>}
      </PageHead>
      <main id="main" className="agents">
        <AgentControls query={query} summary={known?.summary} onAsk={ask} />
        {mayFollow && <Rollout />}
        {answer?.kind === 'failed' && <p role="alert">{own.failed}</p>}
        <section className="panel" aria-label={own.title} aria-busy={known === undefined}>
          {known && <AgentTable answer={known} />}
          <p className="agents-pages">
            {known && <span data-testid="agents-found">{own.found(number(known.found))}</span>}
            {query.cursor !== '' && (
              <button type="button" onClick={() => ask({ cursor: '' })}>
                {own.first}
              </button>
            )}
            {known?.nextCursor !== undefined && (
              <button type="button" onClick={() => ask({ cursor: known.nextCursor ?? '' })}>
                {own.next}
              </button>
            )}
          </p>
        </section>
      </main>
      <PageFooter />
    </div>
  );
}
