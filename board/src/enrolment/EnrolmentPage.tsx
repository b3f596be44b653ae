import '../incidents/incidents.css';
import '../access/access.css';
import './enrolment.css';
import { useMay } from '../session/use-session.ts';
import { PageFooter } from '../ui/PageFooter.tsx';
import { PageHead } from '../ui/PageHead.tsx';
import { CreateFile } from './CreateFile.tsx';
import { Decision } from './Decision.tsx';
import { DriveRequest } from './DriveRequest.tsx';
import type { EnrolmentAnswer } from './enrolment-shapes.ts';
import { useEnrolmentWords } from './use-enrolment-words.ts';
import { SiteList } from './SiteList.tsx';
import { byWait } from './site-places.ts';
import { usePlaces } from './use-places.ts';

/** Who belongs: files for ППЭ, what PCs ask, what stands where, and the ways to take it back. */
export function EnrolmentPage() {
  const { own, number } = useEnrolmentWords();
  const maySetUp = useMay('setUp');
  const mayDecide = useMay('decideEnrolment');
  const { places, undecided, isLost, nudge } = usePlaces();
  const waiting = undecided?.kind === 'done' ? undecided.value : undefined;
  return (
    <div className="page">
      <PageHead title={own.title}>
        {waiting !== undefined && waiting.summary.total > 0 && (
          <p data-testid="enrolment-summary">
            {own.summary(number(waiting.summary.active), number(waiting.summary.total))}
          </p>
        )}
      </PageHead>
      <main id="main" className="access">
        {isLost && <p role="alert">{own.loadFailed}</p>}
        <Undecided items={byWait(waiting?.items ?? [])} onDecided={nudge} />
        <div className="access-columns enrolment-columns">
          {maySetUp && <CreateFile onMade={nudge} />}
          {mayDecide && <DriveRequest onTaken={nudge} />}
        </div>
        <SiteList of={places} onChanged={nudge} />
      </main>
      <PageFooter />
    </div>
  );
}

interface UndecidedProps {
  readonly items: readonly EnrolmentAnswer[];
  readonly onDecided: () => void;
}

function Undecided({ items, onDecided }: UndecidedProps) {
  const { own, number } = useEnrolmentWords();
  if (items.length === 0) return null;
  return (
    <section className="panel undecided" aria-label={own.undecided} data-testid="undecided">
      <h2>
        {own.undecided} <span className="quiet">{number(items.length)}</span>
      </h2>
      <ul>
        {items.map((item) => (
          <Decision key={item.codeId} of={item} onDecided={onDecided} />
        ))}
      </ul>
    </section>
  );
}
