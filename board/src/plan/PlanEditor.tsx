import { useCallback, useMemo, useRef } from 'react';
import { CheckPanel } from './CheckPanel.tsx';
import { Conflict } from './Conflict.tsx';
import { isChanged } from './plan-draft.ts';
import type { PlanAnswer } from './plan-shapes.ts';
import { ShiftForm } from './ShiftForm.tsx';
import { TextEditor, type EditorHandle } from './TextEditor.tsx';
import { marksOf } from './text-places.ts';
import { useEditorWork } from './use-editor-work.ts';
import { useEditingMark } from './use-editing-mark.ts';
import type { DraftControl } from './use-plan-draft.ts';
import { usePlanWords } from './use-plan-words.ts';

interface PlanEditorProps {
  /** Null while there is no plan. */
  readonly live: PlanAnswer | null;
  readonly control: DraftControl;
  /** The plan that holds is another one now, or may be: it is asked for again. */
  readonly onMoved: () => void;
}

/** The text of the plan: written, checked as it is written, compared and applied. */
export function PlanEditor({ live, control, onMoved }: PlanEditorProps) {
  const { own } = usePlanWords();
  const { draft, change } = control;
  const editor = useRef<EditorHandle>(null);
  const replace = useCallback((text: string) => editor.current?.replace(text), []);
  const work = useEditorWork({ live, control, onMoved, replace });
  const { check } = work;
  const marks = useMemo(() => marksOf(check.problems), [check.problems]);
  const isDirty = isChanged(draft);
  useEditingMark();
  const isStale = live !== null && isDirty && draft.baseVersion !== live.version;
  return (
    <div className="plan-edit" {...(isDirty && { 'data-unsaved': '' })}>
      <p role="status" className="said" data-testid="plan-said">
        {work.said}
      </p>
      {control.isKept && <Kept live={live} rebase={control.rebase} />}
      {isStale && <Conflict draft={draft} live={live} onSettled={work.settle} />}
      {live && (
        <section className="panel is-wide" aria-label={own.shift}>
          <h2>{own.shift}</h2>
          <ShiftForm plan={live.plan} isBusy={work.isShifting} onShift={work.shift} />
        </section>
      )}
      <section className="panel plan-text" aria-label={own.text}>
        <h2>{own.text}</h2>
        <TextEditor
          value={draft.text}
          onChange={(text) => {
            work.hush();
            change({ text });
          }}
          marks={marks}
          label={own.text}
          hint={own.textHint}
          handle={editor}
        />
      </section>
      <CheckPanel
        check={check}
        draft={draft}
        apply={work.apply}
        canApply={isDirty && !isStale && check.kind === 'fine'}
        onJump={(line, column) => editor.current?.jumpTo(line, column)}
        onNote={(note) => change({ note })}
        onApply={work.doApply}
        onUndo={() => replace(draft.baseText)}
      />
    </div>
  );
}

/** Says that the text is one of an earlier visit. */
function Kept({ live, rebase }: Pick<PlanEditorProps, 'live'> & Pick<DraftControl, 'rebase'>) {
  const { own } = usePlanWords();
  return (
    <p className="kept" data-testid="plan-kept">
      {own.kept}{' '}
      <button type="button" onClick={() => rebase(live?.version ?? 0, live?.text ?? '')}>
        {own.forget}
      </button>
    </p>
  );
}
