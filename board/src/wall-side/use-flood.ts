import { useEffect, useState } from 'react';
import type { Incident, LiveState } from '@ppe-pulse/protocol';
import { isFlood, openedLately } from './flood.ts';

/** How many opened lately while the wall is in flood; undefined while it is not. */
export function useFlood(
  open: ReadonlyMap<string, Incident>,
  ended: LiveState['endedIncidents'],
  nowMs: number,
): number | undefined {
  const [wasFlood, setWasFlood] = useState(false);
  const lately = openedLately({ open: open.values(), ended }, nowMs);
  const isNow = isFlood(lately, wasFlood);
  useEffect(() => setWasFlood(isNow), [isNow]);
  return isNow ? lately : undefined;
}
