import '../incidents/incidents.css';
import './plan.css';
import { useCallback, useEffect, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { getJson } from '../api/client.ts';
import { useLive } from '../live/use-live.ts';
import { useAnswer } from '../rehearsal/use-answer.ts';
import { useMay } from '../session/use-session.ts';
import { PageFooter } from '../ui/PageFooter.tsx';
import { PageHead } from '../ui/PageHead.tsx';
import { useZone } from '../ui/use-zone.ts';
import { NoPlan } from './NoPlan.tsx';
import { PlanEditor } from './PlanEditor.tsx';
import { PlanRead } from './PlanRead.tsx';
import { isChanged } from './plan-draft.ts';
import type { PlanAnswer } from './plan-shapes.ts';
import { useLeaveGuard } from '../ui/use-leave-guard.ts';
import { usePlanClock } from './use-plan-clock.ts';
import { usePlanDraft } from './use-plan-draft.ts';
import { refusalText, usePlanWords } from './use-plan-words.ts';
import { Versions } from './Versions.tsx';

const views = ['read', 'edit', 'versions'] as const;
type View = (typeof views)[number];

const ASK_EVERY_MS = 10_000;

/** The plan of the rehearsal: read, edited, its versions. */
export function PlanPage() {
  const words = usePlanWords();
  const { own } = words;
  const planVersion = useLive((state) => state.overview?.rehearsal?.planVersion);
  const [asked, setAsked] = useState(0);
  const answer = useAnswer(getJson<PlanAnswer>, '/api/v1/plan', `${planVersion ?? ''} ${asked}`);
  const onMoved = useCallback(() => setAsked((count) => count + 1), []);
  useWithoutRehearsal(planVersion === undefined, onMoved);
  const live = answer?.kind === 'done' ? answer.value : null;
  const hasNone = answer?.kind === 'failed' && answer.reason === 'noPlan';
  return (
    <div className="page">
      <PageHead title={own.title}>{(live || hasNone) && <ViewLinks />}</PageHead>
      <main id="main" className="plan-page">
        <EditedNow />
        {answer === undefined && <p role="status">{own.loading}</p>}
        {answer?.kind === 'failed' && !hasNone && (
          <p className="refusal" role="alert">
            {refusalText(words, { reason: answer.reason ?? '', detail: answer.detail })}
          </p>
        )}
        {(live || hasNone) && <Views live={live} onMoved={onMoved} />}
      </main>
      <PageFooter />
    </div>
  );
}

/** Without a registry there is no rehearsal whose picture would tell a new version: then it is asked for. */
function useWithoutRehearsal(isWithout: boolean, onMoved: () => void): void {
  useEffect(() => {
    if (!isWithout) return undefined;
    const timer = setInterval(onMoved, ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [isWithout, onMoved]);
}

interface ViewsProps {
  readonly live: PlanAnswer | null;
  readonly onMoved: () => void;
}

function Views({ live, onMoved }: ViewsProps) {
  const view = useView();
  const [, navigate] = useLocation();
  const { own } = usePlanWords();
  const control = usePlanDraft(live);
  const isDirty = isChanged(control.draft);
  useLeaveGuard(isDirty, own.leave);
  if (view === 'edit' || (live === null && control.isKept))
    return <PlanEditor live={live} control={control} onMoved={onMoved} />;
  if (live === null)
    return (
      <NoPlan
        onStart={(text) => {
          control.change({ text });
          navigate('/plan?view=edit');
        }}
      />
    );
  return (
    <>
      {isDirty && (
        <p className="kept" data-testid="plan-kept">
          {own.kept} <Link href="/plan?view=edit">{own.views.edit}</Link>
        </p>
      )}
      {view === 'versions' ? <Versions live={live} onMoved={onMoved} /> : <PlanRead live={live} />}
    </>
  );
}

function ViewLinks() {
  const { own } = usePlanWords();
  const view = useView();
  const maySetUp = useMay('setUp');
  return (
    <nav className="view-links" aria-label={own.viewsLabel}>
      {views
        .filter((each) => each !== 'edit' || maySetUp)
        .map((each) => (
          <Link
            key={each}
            href={each === 'read' ? '/plan' : `/plan?view=${each}`}
            aria-current={each === view ? 'page' : undefined}
          >
            {own.views[each]}
          </Link>
        ))}
    </nav>
  );
}

/** Which view the address names. */
function useView(): View {
  const named = new URLSearchParams(useSearch()).get('view');
  return views.find((each) => each === named) ?? 'read';
}

/** Somebody else is at it: better known before one begins as well. */
function EditedNow() {
  const { own } = usePlanWords();
  const editing = useLive((state) => state.overview?.planEditing);
  const session = useAnswer(getJson<{ readonly account: string }>, '/api/v1/session', '');
  const clock = usePlanClock(useZone(), '');
  const isMe = session?.kind === 'done' && session.value.account === editing?.by;
  if (!editing || isMe) return null;
  return (
    <p className="edited-now" role="status" data-testid="plan-edited-now">
      {own.editedNow(editing.by, clock.full(Date.parse(editing.sinceAt)))}
    </p>
  );
}
