import { useState } from 'react';
import { IncidentTime } from '../incidents/IncidentTime.tsx';
import { timelineFilters, type TimelineFilter } from './timeline-answer.ts';
import { TimelineList } from './TimelineList.tsx';
import { usePpeWords } from './use-ppe-words.ts';
import { useTimeline } from './use-timeline.ts';

const FIRST = 30;
/** The collector gives no more at once; scripts page on by the cursor. */
const MOST = 500;

/** «Лента ППЭ»: verdicts, incidents, what people did and said, stages; newest first. */
export function SiteTimeline({ code }: { readonly code: string }) {
  const { own } = usePpeWords();
  const [filter, setFilter] = useState<TimelineFilter>('all');
  const [limit, setLimit] = useState(FIRST);
  const answer = useTimeline(code, filter, limit);
  const known = answer?.kind === 'done' ? answer.value : undefined;
  return (
    <section className="panel" aria-label={own.timeline} data-testid="timeline">
      <div className="ppe-timeline-head">
        <h2>{own.timeline}</h2>
        <label>
          <span className="rooms-read">{own.filter}</span>
          <select
            value={filter}
            onChange={({ target }) => setFilter(target.value as TimelineFilter)}
          >
            {timelineFilters.map((each) => (
              <option key={each} value={each}>
                {own.filters[each]}
              </option>
            ))}
          </select>
        </label>
      </div>
      {answer?.kind === 'failed' && <p role="alert">{own.failed}</p>}
      {known && known.items.length === 0 && <p className="quiet">{own.nothingHappened}</p>}
      {known && (
        <IncidentTime>
          <TimelineList answer={known} />
        </IncidentTime>
      )}
      {known?.nextCursor !== undefined && limit < MOST && (
        <button type="button" onClick={() => setLimit(Math.min(MOST, limit * 4))}>
          {own.older}
        </button>
      )}
    </section>
  );
}
