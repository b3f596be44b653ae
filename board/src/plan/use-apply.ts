import { useCallback, useRef, useState } from 'react';
import type { PlanEditAnswer, PlanProblemAnswer } from './plan-shapes.ts';
import { problemsIn } from './use-plan-check.ts';
import { sendWhole, type WholeAnswer } from './whole-answer.ts';

/** Applying a text as a new version, once however often it is clicked. */
export interface Apply {
  readonly isBusy: boolean;
  readonly failure: WholeAnswer | undefined;
  readonly problems: readonly PlanProblemAnswer[];
  /** The version that holds afterwards; undefined where it was refused or is being sent already. */
  readonly send: (text: string, baseVersion: number, note: string) => Promise<number | undefined>;
}

/** `onMoved` is told when the plan that holds is another one now. */
export function useApply(onMoved: () => void): Apply {
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<WholeAnswer>();
  const inFlight = useRef(false);
  const send = useCallback<Apply['send']>(
    async (text, baseVersion, note) => {
      if (inFlight.current) return undefined;
      inFlight.current = true;
      setIsBusy(true);
      const answer = await sendWhole('PUT', '/api/v1/plan', { text, baseVersion, note });
      inFlight.current = false;
      setIsBusy(false);
      const isDone = answer.status === 200;
      setFailure(isDone ? undefined : answer);
      // Without an answer it may have been applied all the same.
      if (isDone || answer.reason === 'stalePlan' || answer.status === 0) onMoved();
      return isDone ? (answer.body as PlanEditAnswer).version : undefined;
    },
    [onMoved],
  );
  const problems = (failure && problemsIn(failure)) ?? [];
  return { isBusy, failure, problems, send };
}
