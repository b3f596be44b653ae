import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { freshnessOf, type Freshness } from './freshness.ts';
import type { LiveClient, LineState } from './live-client.ts';
import type { LiveState } from '@ppe-pulse/protocol';

/** The one live client of the page; made in `main.tsx`. */
export const LiveContext = createContext<LiveClient | null>(null);

function useClient(): LiveClient {
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
  const [nowMs, setNowMs] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(performance.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}

/** How far the picture may be trusted now, and how old it is. */
export function useFreshness(): { freshness: Freshness; frameAgeMs: number; nowMs: number } {
  const nowMs = useMonotonic(500);
  const lastFrameMs = useLine((line) => line.lastFrameMs);
  const closedSinceMs = useLine((line) => line.closedSinceMs);
  // A frame may be younger than the last renewal of the clock.
  const latestMs = Math.max(nowMs, lastFrameMs ?? 0);
  return {
    freshness: freshnessOf({ lastFrameMs, closedSinceMs }, latestMs),
    frameAgeMs: lastFrameMs === null ? 0 : latestMs - lastFrameMs,
    nowMs: latestMs,
  };
}
