import '../incidents/incidents.css';
import '../access/access.css';
import './enrolment.css';
import { useList } from '../access/use-list.ts';
import { useMay } from '../session/use-session.ts';
import { LiveFooter } from '../ui/LiveFooter.tsx';
import { PageHead } from '../ui/PageHead.tsx';
import { CreateFile } from './CreateFile.tsx';
import { Decision } from './Decision.tsx';
import { DriveRequest } from './DriveRequest.tsx';
import type { EnrolmentAnswer, EnrolmentsAnswer } from './enrolment-shapes.ts';
import { useEnrolmentWords } from './use-enrolment-words.ts';
import { SiteList } from './SiteList.tsx';
import { undecided } from './site-places.ts';

const none: readonly EnrolmentAnswer[] = [];

/** Who belongs: files for ППЭ, what PCs ask, what stands where, and the ways to take it back. */
export function EnrolmentPage() {
  const { own, number } = useEnrolmentWords();
  const maySetUp = useMay('setUp');
  const mayDecide = useMay('decideEnrolment');
  const { answer, nudge } = useList<EnrolmentsAnswer>('/api/v1/enrolments');
  const items = answer?.kind === 'done' ? answer.value.items : none;
  const active = items.filter(({ state }) => state === 'active' || state === 'replaceAsked');
  return (
    <div className="page">
      <PageHead title={own.title}>
        {items.length > 0 && (
          <p data-testid="enrolment-summary">
            {own.summary(number(active.length), number(items.length))}
          </p>
        )}
      </PageHead>
      <main id="main" className="access">
        {answer?.kind === 'failed' && <p role="alert">{own.loadFailed}</p>}
        <Undecided items={undecided(items)} onDecided={nudge} />
        <div className="access-columns enrolment-columns">
          {maySetUp && <CreateFile onMade={nudge} />}
          {mayDecide && <DriveRequest onTaken={nudge} />}
        </div>
        {answer?.kind === 'done' && <SiteList items={items} onChanged={nudge} />}
      </main>
      <LiveFooter />
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
