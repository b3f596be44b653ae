import { Changes } from './Changes.tsx';
import { isChanged, type PlanDraft } from './plan-draft.ts';
import { ProblemList } from './ProblemList.tsx';
import type { Apply } from './use-apply.ts';
import type { PlanCheck } from './use-plan-check.ts';
import { refusalText, usePlanWords, type PlanWords } from './use-plan-words.ts';

interface CheckPanelProps {
  readonly check: PlanCheck;
  readonly draft: PlanDraft;
  readonly apply: Apply;
  readonly canApply: boolean;
  readonly onJump: (line: number, column: number) => void;
  readonly onNote: (note: string) => void;
  readonly onApply: () => void;
  readonly onUndo: () => void;
}

const NOTE_CHARACTERS = 300;

/** What the collector says of the text, what would change, and the way to apply it. */
export function CheckPanel(props: CheckPanelProps) {
  const { check, draft, apply, canApply, onJump, onNote, onApply, onUndo } = props;
  const words = usePlanWords();
  const { own } = words;
  return (
    <section className="panel plan-check" aria-label={own.changes} data-testid="plan-check">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (canApply) onApply();
        }}
      >
        <p role="status" className="verdict-line">
          {verdictText(words, check)}
        </p>
        {check.problems.length > 0 && <ProblemList problems={check.problems} onJump={onJump} />}
        <label className="note">
          {own.note}
          <input
            value={draft.note}
            maxLength={NOTE_CHARACTERS}
            onChange={({ target }) => onNote(target.value)}
          />
        </label>
        <div className="fields">
          <button type="submit" className="main" disabled={!canApply || apply.isBusy}>
            {apply.isBusy ? own.applying : own.apply}
          </button>
          <button type="button" disabled={!isChanged(draft) || apply.isBusy} onClick={onUndo}>
            {own.undoAll}
          </button>
        </div>
        {apply.failure && apply.failure.reason !== 'stalePlan' && (
          <p className="refusal" role="alert">
            {refusalText(words, apply.failure)}
          </p>
        )}
        {check.kind === 'fine' && (
          <>
            <h2>{own.changes}</h2>
            <Changes changes={check.changes} />
          </>
        )}
      </form>
    </section>
  );
}

function verdictText(words: PlanWords, { kind, problems, failure }: PlanCheck): string {
  const { own } = words;
  const counted = (severity: 'error' | 'warning'): number =>
    problems.filter((each) => each.severity === severity).length;
  switch (kind) {
    case 'unchanged':
      return own.unchanged;
    case 'checking':
      return own.checking;
    case 'failed':
      return failure ? refusalText(words, failure) : own.noAnswer;
    case 'wrong':
      return `${own.problems}: ${words.count(counted('error'), own.errors)}`;
    case 'fine': {
      const warnings = counted('warning');
      return warnings === 0 ? own.fine : `${own.fine} ${words.count(warnings, own.warnings)}`;
    }
  }
}
