import { LineDiff } from './LineDiff.tsx';
import { mergeTexts } from './merge-texts.ts';
import type { PlanDraft } from './plan-draft.ts';
import type { PlanAnswer } from './plan-shapes.ts';
import { usePlanClock } from './use-plan-clock.ts';
import { usePlanWords } from './use-plan-words.ts';

interface ConflictProps {
  readonly draft: PlanDraft;
  readonly live: PlanAnswer;
  /** The text to go on with, over the version that holds, and in how many places both disagree. */
  readonly onSettled: (text: string, conflicts: number) => void;
}

/** Somebody applied another version meanwhile: both edits side by side, and what to do with them. */
export function Conflict({ draft, live, onSettled }: ConflictProps) {
  const { own } = usePlanWords();
  const clock = usePlanClock(live.plan.timeZone, live.plan.date);
  const { baseText: base, text: mine } = draft;
  const theirs = live.text;
  const merge = (): void => {
    const names = { mine: own.markMine, theirs: own.markTheirs };
    const { text, conflicts } = mergeTexts({ base, mine, theirs }, names);
    onSettled(text, conflicts);
  };
  return (
    <section className="panel is-wide conflict" role="alert" data-testid="plan-conflict">
      <h2>{own.stale(live.by, live.version, clock.full(Date.parse(live.at)))}</h2>
      {live.note !== '' && <p>{live.note}</p>}
      <p>{own.staleHint}</p>
      <div className="conflict-sides">
        <div>
          <h3>{own.theirs}</h3>
          <LineDiff before={base} after={theirs} label={own.theirs} />
        </div>
        <div>
          <h3>{own.mine}</h3>
          <LineDiff before={base} after={mine} label={own.mine} />
        </div>
      </div>
      <div className="fields">
        <button type="button" className="main" onClick={merge}>
          {own.merge}
        </button>
        <button type="button" onClick={() => onSettled(mine, 0)}>
          {own.keepMine}
        </button>
        <button type="button" onClick={() => onSettled(theirs, 0)}>
          {own.takeTheirs}
        </button>
      </div>
    </section>
  );
}
