import { useEffect, useMemo, useState } from 'react';
import { keepOrder, onlyTroubled, worstFirst, type TileOrder } from './tile-order.ts';
import type { TileStore } from './tile-store.ts';
import { useTileCodes, useTroubled } from './use-tiles.ts';

/** Tiles change places and widths at most this often: operators learn positions. */
const RESORT_MS = 30_000;

/** Which tiles the wall shows, and how. */
export interface OrderChoice {
  readonly isPinned: boolean;
  readonly onlyProblems: boolean;
}

/** The order of tiles: worst first, renewed every 30 s, or kept for good when pinned. */
export function useTileOrder(store: TileStore, { isPinned, onlyProblems }: OrderChoice): TileOrder {
  const codes = useTileCodes(store);
  const troubled = useTroubled(store, onlyProblems);
  const [order, setOrder] = useState(() => sorted(store));
  // The first picture is sorted at once, also when the page was there before it.
  const hasTiles = codes.length > 0;
  useEffect(() => {
    if (isPinned) return undefined;
    setOrder(sorted(store));
    const timer = setInterval(() => setOrder(sorted(store)), RESORT_MS);
    return () => clearInterval(timer);
  }, [isPinned, hasTiles, store]);
  return useMemo(() => {
    const kept = keepOrder(order, codes);
    return onlyProblems ? onlyTroubled(kept, troubled) : kept;
  }, [order, codes, troubled, onlyProblems]);
}

function sorted(store: TileStore): TileOrder {
  return worstFirst(store.codes.flatMap((code) => store.view(code) ?? []));
}
