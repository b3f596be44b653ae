import { useEffect, useRef, useState } from 'react';
import { useLive } from '../live/use-live.ts';

/** When this page saw another version of the same plan, of the collector's clock; null for never. */
export function usePlanChange(nowMs: number): number | null {
  const planId = useLive((state) => state.overview?.rehearsal?.planId);
  const version = useLive((state) => state.overview?.rehearsal?.planVersion);
  const known = useRef({ planId, version });
  const latestMs = useRef(nowMs);
  const [changedAtMs, setChangedAtMs] = useState<number | null>(null);
  useEffect(() => {
    latestMs.current = nowMs;
  }, [nowMs]);
  useEffect(() => {
    const before = known.current;
    if (version === undefined) return;
    known.current = { planId, version };
    if (before.planId === planId && before.version !== undefined && before.version !== version)
      setChangedAtMs(latestMs.current);
  }, [planId, version]);
  return changedAtMs;
}
