import { useEffect, useRef, useState } from 'react';
import { keepOrder, worstFirst, type ShownSites } from './order.ts';

/** Tiles change places at most this often: operators learn positions. */
const RESORT_MS = 30_000;

/** The order of tiles: worst first, renewed every 30 s, or kept for good when pinned. */
export function useSiteOrder({ sites, registry }: ShownSites, isPinned: boolean): string[] {
  const [order, setOrder] = useState<string[]>(() => worstFirst({ sites, registry }));
  const latest = useRef({ sites, registry });
  useEffect(() => {
    latest.current = { sites, registry };
  }, [sites, registry]);
  // The first picture is sorted at once, also when the page was there before it.
  const hasSites = sites.size > 0;
  useEffect(() => {
    if (isPinned) return undefined;
    setOrder(worstFirst(latest.current));
    const timer = setInterval(() => setOrder(worstFirst(latest.current)), RESORT_MS);
    return () => clearInterval(timer);
  }, [isPinned, hasSites]);
  return keepOrder(order, sites);
}
