import { useEffect, useRef, useState } from 'react';
import type { PlanAnswer, ShiftOrder } from './plan-shapes.ts';
import { useApply, type Apply } from './use-apply.ts';
import { usePlanCheck, type PlanCheck } from './use-plan-check.ts';
import type { DraftControl } from './use-plan-draft.ts';
import { refusalText, usePlanWords } from './use-plan-words.ts';
import { sendWhole } from './whole-answer.ts';

interface WorkParts {
  readonly live: PlanAnswer | null;
  readonly control: DraftControl;
  readonly onMoved: () => void;
  /** Puts another text into the field, so that it can be undone there. */
  readonly replace: (text: string) => void;
}

/** What the editor does with the collector, and what came of it last. */
export interface EditorWork {
  readonly check: PlanCheck;
  readonly apply: Apply;
  readonly isShifting: boolean;
  /** What happened last, for everybody to hear. */
  readonly said: string;
  /** The last thing said is old: somebody writes on. */
  readonly hush: () => void;
  readonly shift: (order: ShiftOrder) => void;
  readonly doApply: () => void;
  /** Goes on from the version that holds, with the text that a person chose of two edits. */
  readonly settle: (text: string, conflicts: number) => void;
}

/** Checks, shifts, applies and settles the text of the editor. */
export function useEditorWork({ live, control, onMoved, replace }: WorkParts): EditorWork {
  const words = usePlanWords();
  const { own } = words;
  const { draft, change, rebase } = control;
  const [said, setSaid] = useState('');
  const [isShifting, setIsShifting] = useState(false);
  const liveVersion = live?.version ?? 0;
  const check = usePlanCheck(draft, liveVersion, onMoved);
  const apply = useApply(onMoved);
  // Somebody may write on while the collector answers: what was written meanwhile is never put back.
  const latest = useRef(draft.text);
  useEffect(() => {
    latest.current = draft.text;
  }, [draft.text]);
  const shift = async (order: ShiftOrder): Promise<void> => {
    const text = latest.current;
    setIsShifting(true);
    const answer = await sendWhole('POST', '/api/v1/plan/shift', { text, ...order });
    if (answer.status === 200 && latest.current !== text) return shift(order);
    setIsShifting(false);
    if (answer.status !== 200) return setSaid(refusalText(words, answer));
    replace((answer.body as { readonly text: string }).text);
    const minutes = order.minutes > 0 ? `+${order.minutes}` : `−${-order.minutes}`;
    return setSaid(own.shifted(words.stages.stages[order.stage], minutes));
  };
  const doApply = async (): Promise<void> => {
    setSaid('');
    const { text, note } = draft;
    const version = await apply.send(text, liveVersion, note);
    if (version === undefined) return;
    if (latest.current === text) rebase(version, text);
    else change({ baseVersion: version, baseText: text });
    setSaid(own.applied(version));
  };
  const settle = (text: string, conflicts: number): void => {
    if (live === null) return;
    change({ text, baseVersion: live.version, baseText: live.text });
    const places = `${words.count(conflicts, own.conflicts)} ${own.conflictHint}`;
    setSaid(conflicts > 0 ? places : text === live.text ? '' : own.merged);
  };
  return {
    check,
    apply,
    isShifting,
    said,
    hush: () => setSaid(''),
    shift: (order) => void shift(order),
    doApply: () => void doApply(),
    settle,
  };
}
