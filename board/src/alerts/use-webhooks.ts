import { useCallback, useEffect, useState } from 'react';
import { getJson } from '../api/client.ts';
import type { WebhookAnswer, WebhooksAnswer } from './alert-shapes.ts';

/** While a drill is on its way its receipt is looked for this often, otherwise rarely. */
const DRILL_EVERY_MS = 1_000;
const CALM_EVERY_MS = 10_000;

/** The receivers, followed; `nudge` asks at once. */
export interface FollowedWebhooks {
  readonly items: readonly WebhookAnswer[];
  /** False before the first answer. */
  readonly isKnown: boolean;
  readonly nudge: () => void;
}

export function useWebhooks(): FollowedWebhooks {
  const [items, setItems] = useState<readonly WebhookAnswer[]>();
  const [nudges, setNudges] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      const answer = await getJson<WebhooksAnswer>('/api/v1/webhooks');
      if (!isCurrent || answer.kind === 'signedOut') return;
      if (answer.kind === 'done') setItems(answer.value.items);
      const isWaiting =
        answer.kind === 'done' &&
        answer.value.items.some(({ lastTest }) => lastTest?.state === 'pending');
      timer = setTimeout(() => void ask(), isWaiting ? DRILL_EVERY_MS : CALM_EVERY_MS);
    };
    void ask();
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [nudges]);
  const nudge = useCallback(() => setNudges((before) => before + 1), []);
  return { items: items ?? [], isKnown: items !== undefined, nudge };
}
