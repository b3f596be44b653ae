import { Changes } from './Changes.tsx';
import { freshDraft } from './plan-draft.ts';
import type { PlanAnswer } from './plan-shapes.ts';
import { ProblemList } from './ProblemList.tsx';
import { useApply } from './use-apply.ts';
import { usePlanCheck } from './use-plan-check.ts';
import { refusalText, usePlanWords } from './use-plan-words.ts';
import { useVersionText } from './use-version-text.ts';

interface ReturnToProps {
  readonly version: number;
  readonly live: PlanAnswer;
  readonly onEnd: () => void;
  readonly onMoved: () => void;
}

/** What returning to a version would change, and the way to do it: its text as a new version. */
export function ReturnTo({ version, live, onEnd, onMoved }: ReturnToProps) {
  const words = usePlanWords();
  const { own } = words;
  const old = useVersionText(version);
  const text = old ?? live.text;
  const draft = { ...freshDraft(live.version, live.text), text };
  const check = usePlanCheck(draft, live.version, onMoved);
  const apply = useApply(onMoved);
  const failure = apply.failure ?? check.failure;
  const doReturn = async (): Promise<void> => {
    const done = await apply.send(text, live.version, own.backNote(version));
    if (done !== undefined) onEnd();
  };
  return (
    <section className="panel is-wide" aria-label={own.backTo(version)} data-testid="plan-return">
      <h2>{own.backTo(version)}</h2>
      {(old === undefined || check.kind === 'checking') && <p role="status">{own.checking}</p>}
      {check.problems.length > 0 && <ProblemList problems={check.problems} />}
      {check.kind === 'fine' && <Changes changes={check.changes} />}
      {old !== undefined && check.kind === 'unchanged' && <p>{own.noDifference}</p>}
      {failure && (
        <p className="refusal" role="alert">
          {refusalText(words, failure)}
        </p>
      )}
      <div className="fields">
        <button
          type="button"
          className="main"
          disabled={check.kind !== 'fine' || apply.isBusy}
          onClick={() => void doReturn()}
        >
          {own.backTo(version)}
        </button>
        <button type="button" onClick={onEnd}>
          {own.cancel}
        </button>
      </div>
    </section>
  );
}
