import { useCallback, useEffect, useRef, useState } from 'react';
import { sendJson, type ApiAnswer } from '../api/client.ts';
import { newRequestId } from './request-id.ts';
import { useIncidentWords } from './use-incident-words.ts';

/** A request that a person makes, one at a time. */
export interface Action {
  readonly isBusy: boolean;
  /** Sentence of the last refusal; empty for none. */
  readonly failure: string;
  /** Its token; empty for none. */
  readonly reason: string;
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

/** Sends with a fresh `requestId`; a second click while the first is in flight does nothing. */
export function useAction(): Action {
  const { own } = useIncidentWords();
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState('');
  const [reason, setReason] = useState('');
  const inFlight = useRef(false);
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  const send = useCallback(
    async <T>(order: Order): Promise<T | undefined> => {
      if (inFlight.current) return undefined;
      inFlight.current = true;
      setIsBusy(true);
      const { method = 'POST', path, body, hasRequestId = true } = order;
      const answer: ApiAnswer<T> = await sendJson(method, path, {
        ...body,
        ...(hasRequestId && { requestId: newRequestId() }),
      });
      inFlight.current = false;
      if (!isGone.current) {
        setIsBusy(false);
        setFailure(answer.kind === 'failed' ? answer.detail || own.noAnswer : '');
        setReason(answer.kind === 'failed' ? (answer.reason ?? '') : '');
      }
      return answer.kind === 'done' ? answer.value : undefined;
    },
    [own],
  );
  return { isBusy, failure, reason, send };
}
