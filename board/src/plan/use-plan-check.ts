import { useEffect, useRef, useState } from 'react';
import type { PlanDraft } from './plan-draft.ts';
import { isChanged } from './plan-draft.ts';
import type { PlanChangeAnswer, PlanEditAnswer, PlanProblemAnswer } from './plan-shapes.ts';
import { sendWhole, type WholeAnswer } from './whole-answer.ts';

/** What the collector says of a text that is not applied. */
export interface PlanCheck {
  readonly kind: 'unchanged' | 'checking' | 'fine' | 'wrong' | 'failed';
  /** What would change; empty until it is known. */
  readonly changes: readonly PlanChangeAnswer[];
  /** Errors, or the warnings of a text that may be applied. The last ones stay while it is checked. */
  readonly problems: readonly PlanProblemAnswer[];
  /** Why there is no answer. */
  readonly failure?: WholeAnswer;
}

/** A person pauses so long between words; the dry run costs the collector a parse. */
const PAUSE_MS = 500;
const nothing: PlanCheck = { kind: 'unchanged', changes: [], problems: [] };

/** Checks a draft as it is written, by the dry run of applying it. */
export function usePlanCheck(
  draft: PlanDraft,
  liveVersion: number,
  onStale: () => void,
): PlanCheck {
  const [check, setCheck] = useState<PlanCheck>(nothing);
  const told = useRef(onStale);
  useEffect(() => {
    told.current = onStale;
  });
  const { text } = draft;
  const hasChanged = isChanged(draft);
  useEffect(() => {
    if (!hasChanged) {
      setCheck(nothing);
      return undefined;
    }
    let isCurrent = true;
    setCheck((known) => ({ ...known, kind: 'checking' }));
    const timer = setTimeout(async () => {
      // Against what holds: a text of an older version is checked while its conflict is settled.
      const body = { text, baseVersion: liveVersion, dryRun: true };
      const answer = await sendWhole('PUT', '/api/v1/plan', body);
      if (!isCurrent) return;
      if (answer.reason === 'stalePlan') told.current();
      else setCheck(checkOf(answer));
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text, liveVersion, hasChanged]);
  return check;
}

function checkOf(answer: WholeAnswer): PlanCheck {
  const problems = problemsIn(answer);
  if (problems) return { kind: 'wrong', changes: [], problems };
  if (answer.status !== 200) return { kind: 'failed', changes: [], problems: [], failure: answer };
  const { changes, problems: warnings } = answer.body as PlanEditAnswer;
  return { kind: 'fine', changes, problems: warnings };
}

/** The problems of a refusal; undefined where it is none of the text's. */
export function problemsIn({
  status,
  body,
}: WholeAnswer): readonly PlanProblemAnswer[] | undefined {
  if (status !== 422 || typeof body !== 'object' || body === null) return undefined;
  const { problems } = body as { readonly problems?: readonly PlanProblemAnswer[] };
  return Array.isArray(problems) ? problems : undefined;
}
