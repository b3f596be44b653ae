import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Freshness } from '../live/freshness.ts';
import { useMonotonic } from '../live/use-live.ts';
import { REGION_ZONE, isZone } from '../ui/time.ts';
import type { HqClient } from './hq-client.ts';
import { hqFreshnessOf } from './hq-freshness.ts';
import type { HqState } from './hq-state.ts';

/** The one client of the Штаб page; made in `main.tsx`. */
export const HqContext = createContext<HqClient | null>(null);

function useClient(): HqClient {
  const client = useContext(HqContext);
  if (!client) throw new Error('the page has no client of the relay');
  return client;
}

/** The newest picture. */
export function useHq(): HqState {
  const client = useClient();
  return useSyncExternalStore(client.subscribe, () => client.state);
}

/** The zone of the ППЭ; the usual one until the relay has a plan. */
export function useHqZone(): string {
  const { timeZone = REGION_ZONE } = useHq().frame ?? {};
  return isZone(timeZone) ? timeZone : REGION_ZONE;
}

/** How far the picture may be trusted, how old it is, and what time it is by the relay's clock. */
export interface HqNow {
  readonly freshness: Freshness;
  readonly frameAgeMs: number;
  /** Null before the first frame: a PC's own clock may be wrong. */
  readonly nowMs: number | null;
}

export function useHqNow(): HqNow {
  const client = useClient();
  const monotonicMs = useMonotonic(500);
  const line = useSyncExternalStore(client.subscribe, () => client.line);
  const { frame } = useHq();
  // A frame may be younger than the last renewal of the clock.
  const latestMs = Math.max(monotonicMs, line.lastFrameMs ?? 0);
  const frameAgeMs = line.lastFrameMs === null ? 0 : latestMs - line.lastFrameMs;
  return {
    freshness: hqFreshnessOf(line, Math.max(latestMs, line.closedSinceMs ?? 0)),
    frameAgeMs,
    nowMs: frame === null ? null : frame.atMs + frameAgeMs,
  };
}
