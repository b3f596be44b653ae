import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import { freshnessOf, type Freshness } from './freshness.ts';
import type { LineState, LiveSource } from './live-source.ts';
import { renewedClock } from './monotonic.ts';
import type { LiveState } from '@ppe-pulse/protocol';

/** Where the page has its picture from: the live client made in `main.tsx`, in a replay the film. */
export const LiveContext = createContext<LiveSource | null>(null);

function useClient(): LiveSource {
  const client = useContext(LiveContext);
  if (!client) throw new Error('the page has no live client');
  return client;
}

/** A part of the picture. Renders again only when the part is another object or value. */
export function useLive<T>(select: (state: LiveState) => T): T {
  const client = useClient();
  return useSyncExternalStore(client.subscribe, () => select(client.state));
}

/** A fact about the line. */
export function useLine<T>(select: (line: LineState) => T): T {
  const client = useClient();
  return useSyncExternalStore(client.subscribe, () => select(client.line));
}

/** Monotonic time, renewed in this rhythm: proof of life that stops when scripts stop. */
export function useMonotonic(everyMs: number): number {
  const clock = useMemo(() => renewedClock(everyMs), [everyMs]);
  return useSyncExternalStore(clock.subscribe, clock.nowMs);
}

/** How far the picture may be trusted now, and how old it is. */
export function useFreshness(): { freshness: Freshness; frameAgeMs: number; nowMs: number } {
  const nowMs = useMonotonic(500);
  const lastFrameMs = useLine((line) => line.lastFrameMs);
  const closedSinceMs = useLine((line) => line.closedSinceMs);
  const isRestored = useLine((line) => line.isRestored);
  const heldAgeMs = useLine((line) => line.heldAgeMs);
  if (heldAgeMs !== undefined) return { freshness: 'live', frameAgeMs: heldAgeMs, nowMs };
  // A frame may be younger than the last renewal of the clock.
  const latestMs = Math.max(nowMs, lastFrameMs ?? 0);
  return {
    freshness: freshnessOf({ lastFrameMs, closedSinceMs, isRestored }, latestMs),
    frameAgeMs: lastFrameMs === null ? 0 : latestMs - lastFrameMs,
    nowMs: latestMs,
  };
}
