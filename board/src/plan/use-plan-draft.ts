import { useCallback, useEffect, useState } from 'react';
import { freshDraft, isChanged, keepDraft, keptDraft, type PlanDraft } from './plan-draft.ts';
import type { PlanAnswer } from './plan-shapes.ts';

export interface DraftControl {
  readonly draft: PlanDraft;
  /** True while it is what the tab kept of an earlier visit. */
  readonly isKept: boolean;
  readonly change: (part: Partial<PlanDraft>) => void;
  /** Goes on from a text that holds; what was written is forgotten. */
  readonly rebase: (baseVersion: number, baseText: string) => void;
}

/** The draft of this tab over the plan that holds. One without changes follows every new version. */
export function usePlanDraft(live: PlanAnswer | null): DraftControl {
  const [kept] = useState(keptDraft);
  const [draft, setDraft] = useState<PlanDraft>(
    () => kept ?? freshDraft(live?.version ?? 0, live?.text ?? ''),
  );
  useEffect(() => keepDraft(draft), [draft]);
  useEffect(() => {
    if (live === null) return;
    setDraft((known) =>
      isChanged(known) || known.baseVersion === live.version
        ? known
        : { ...freshDraft(live.version, live.text), note: known.note },
    );
  }, [live]);
  const change = useCallback(
    (part: Partial<PlanDraft>) => setDraft((known) => ({ ...known, ...part })),
    [],
  );
  const rebase = useCallback(
    (baseVersion: number, baseText: string) => setDraft(freshDraft(baseVersion, baseText)),
    [],
  );
  return { draft, isKept: kept !== null && kept.text === draft.text, change, rebase };
}
