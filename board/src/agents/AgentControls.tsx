import {
  agentFilters,
  type AgentFilter,
  type AgentQuery,
  type AgentSummary,
} from './agent-answer.ts';
import { useAgentsWords } from './agents-texts.ts';

interface AgentControlsProps {
  readonly query: AgentQuery;
  readonly summary: AgentSummary | undefined;
  readonly onAsk: (part: Partial<AgentQuery>) => void;
}

/** What is the matter with how many, and which of them the list shows. */
export function AgentControls({ query, summary, onAsk }: AgentControlsProps) {
  const { own, number } = useAgentsWords();
  return (
    <section className="panel agents-controls" aria-label={own.show}>
      <div role="group" aria-label={own.show} className="agents-filters">
        {agentFilters.map((filter) => (
          <button
            key={filter}
            type="button"
            aria-pressed={query.filter === filter}
            onClick={() => onAsk({ filter })}
          >
            {own.filters[filter]}
            {summary && <strong> {number(countOf(filter, summary))}</strong>}
          </button>
        ))}
        <label>
          {own.search}{' '}
          <input
            type="search"
            value={query.search}
            maxLength={64}
            placeholder={own.searchHint}
            onChange={({ target }) => onAsk({ search: target.value })}
          />
        </label>
      </div>
      {summary && <Versions query={query} summary={summary} onAsk={onAsk} />}
    </section>
  );
}

/** How many run which version, the newest marked; one of them narrows the list to it. */
function Versions({ query, summary, onAsk }: AgentControlsProps & { summary: AgentSummary }) {
  const { own, number } = useAgentsWords();
  const { versions } = summary;
  if (versions.length === 0) return <p className="quiet">{own.noVersions}</p>;
  return (
    <div role="group" aria-label={own.versions} className="agents-filters" data-testid="versions">
      <span className="quiet">{own.versions}</span>
      <button
        type="button"
        aria-pressed={query.version === ''}
        onClick={() => onAsk({ version: '' })}
      >
        {own.allVersions}
      </button>
      {versions.map(({ version, count }, at) => (
        <button
          key={version}
          type="button"
          aria-pressed={query.version === version}
          onClick={() => onAsk({ version })}
        >
          {version} <strong>{number(count)}</strong>
          {at === 0 && <small> {own.newest}</small>}
        </button>
      ))}
    </div>
  );
}

function countOf(filter: AgentFilter, summary: AgentSummary): number {
  switch (filter) {
    case 'all':
      return summary.total;
    case 'oldVersion':
      return summary.versions.slice(1).reduce((sum, { count }) => sum + count, 0);
    case 'lagging':
    case 'planBehind':
    case 'clockOff':
    case 'neverHeard':
    case 'clones':
    case 'dropped':
      return summary[filter];
  }
}
