import { IncidentTime } from '../incidents/IncidentTime.tsx';
import { TimelineList } from './TimelineList.tsx';
import { usePpeWords } from './use-ppe-words.ts';
import { useTimeline } from './use-timeline.ts';

/** Calls of the day are few. */
const SHOWN = 20;

/** Who called the Штаб about what, and what came of it. */
export function CallLog({ code }: { readonly code: string }) {
  const { own } = usePpeWords();
  const answer = useTimeline(code, 'call', SHOWN);
  if (answer?.kind !== 'done') return null;
  const { items } = answer.value;
  return (
    <section className="panel" aria-label={own.calls} data-testid="calls">
      <h2>{own.calls}</h2>
      {items.length === 0 && <p className="quiet">{own.noCalls}</p>}
      {items.length > 0 && (
        <IncidentTime>
          <TimelineList answer={answer.value} />
        </IncidentTime>
      )}
    </section>
  );
}
