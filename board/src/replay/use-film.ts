import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { ReplayFrames, ReplayMoment, ReplaySpan, ReplaySpans } from '@ppe-pulse/protocol';
import { getJson } from '../api/client.ts';
import { ReplayClient, type ReplayStatus } from './replay-client.ts';

/** A film that is still made grows: its spans are asked for again after this. */
const SPANS_EVERY_MS = 10_000;

/** The film and what is known of it. */
export interface Film {
  readonly client: ReplayClient;
  /** Undefined before the collector told. */
  readonly spans: readonly ReplaySpan[] | undefined;
  /** The collector did not tell. */
  readonly isUnanswered: boolean;
}

/** The film of this collector; it is wound as long as somebody looks. */
export function useFilm(): Film {
  const [spans, setSpans] = useState<readonly ReplaySpan[]>();
  const [isUnanswered, setUnanswered] = useState(false);
  const client = useMemo(() => createClient(), []);
  const ask = useCallback(async () => {
    const answer = await getJson<ReplaySpans>('/api/v1/replay/spans');
    setUnanswered(answer.kind !== 'done');
    if (answer.kind !== 'done') return;
    client.setSpans(answer.value.items);
    // The same object while nothing is new: the clock and the reels are made of it.
    setSpans((known) => (areSame(known, answer.value.items) ? known : answer.value.items));
  }, [client]);
  useEffect(() => {
    client.start();
    void ask();
    const timer = setInterval(() => void ask(), SPANS_EVERY_MS);
    return () => {
      clearInterval(timer);
      client.stop();
    };
  }, [client, ask]);
  return { client, spans, isUnanswered };
}

function areSame(a: readonly ReplaySpan[] | undefined, b: readonly ReplaySpan[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function createClient(): ReplayClient {
  return new ReplayClient({
    moment: (atMs) => getJson<ReplayMoment>(`/api/v1/replay?at=${timeOf(atMs)}`),
    frames: (fromMs, toMs) =>
      getJson<ReplayFrames>(`/api/v1/replay/frames?from=${timeOf(fromMs)}&to=${timeOf(toMs)}`),
    nowMs: () => performance.now(),
  });
}

/** What the film shows now. */
export function useStatus<T>(client: ReplayClient, select: (status: ReplayStatus) => T): T {
  return useSyncExternalStore(client.subscribe, () => select(client.status));
}

export function timeOf(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}
