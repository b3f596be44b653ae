import { useCallback, useEffect, useRef, useState } from 'react';
import { sendJson, type ApiAnswer } from '../api/client.ts';
import { useIsReplay } from '../replay/is-replay.ts';
import type { Refused } from './refused.ts';
import { newRequestId } from './request-id.ts';

/** A request that a person makes, one at a time. */
export interface Action {
  readonly isBusy: boolean;
  /** Why the last one came to nothing. */
  readonly failure: Refused | undefined;
  /** The answer, undefined when it was refused or another one is in flight. */
  readonly send: <T>(order: Order) => Promise<T | undefined>;
}

export interface Order {
  /** POST unless said otherwise. */
  readonly method?: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  /** False for a change that a version guards, not an id. */
  readonly hasRequestId?: boolean;
}

/**
 * Sends with a fresh `requestId`; a second click while the first is in flight does nothing. The same
 * order again after no answer carries the same id: whatever became of the first, it is done once.
 * In a replay nothing is sent: what is shown there is over.
 */
export function useAction(): Action {
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<Refused>();
  const inFlight = useRef(false);
  const isGone = useRef(false);
  const isReplay = useIsReplay();
  const unanswered = useRef({ order: '', requestId: '' });
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  const send = useCallback(
    async <T>(order: Order): Promise<T | undefined> => {
      if (inFlight.current || isReplay) return undefined;
      inFlight.current = true;
      setIsBusy(true);
      const { method = 'POST', path, body, hasRequestId = true } = order;
      const said = JSON.stringify({ method, path, body });
      const last = unanswered.current;
      const requestId = last.order === said ? last.requestId : newRequestId();
      const answer: ApiAnswer<T> = await sendJson(method, path, {
        ...body,
        ...(hasRequestId && { requestId }),
      });
      inFlight.current = false;
      const isUnanswered = answer.kind === 'failed' && answer.status === 0;
      unanswered.current = isUnanswered ? { order: said, requestId } : { order: '', requestId: '' };
      if (!isGone.current) {
        setIsBusy(false);
        setFailure(refusedOf(answer));
      }
      return answer.kind === 'done' ? answer.value : undefined;
    },
    [isReplay],
  );
  return { isBusy, failure, send };
}

function refusedOf(answer: ApiAnswer<unknown>): Refused | undefined {
  switch (answer.kind) {
    case 'done':
      return undefined;
    case 'signedOut':
      return { reason: 'notSignedIn', detail: '' };
    case 'failed':
      return {
        reason: answer.reason ?? '',
        detail: answer.detail,
        ...(answer.retryAfterMs !== undefined && { retryAfterMs: answer.retryAfterMs }),
      };
  }
}
