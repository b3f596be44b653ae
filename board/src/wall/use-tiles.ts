import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
} from 'react';
import { LiveContext } from '../live/use-live.ts';
import type { Words } from '../text/texts.ts';
import { ageText } from './age-text.ts';
import { TileStore } from './tile-store.ts';
import type { TileView } from './tiles.ts';
import { WallClock } from './wall-clock.ts';

/** What the tiles of a wall live on. */
export interface TileLife {
  readonly store: TileStore;
  readonly clock: WallClock;
}

const monotonicMs = (): number => performance.now();

export const TileLifeContext = createContext<TileLife | null>(null);

/** Store and clock of this wall, running while it is shown. */
export function useTileLife(): TileLife {
  const live = useContext(LiveContext);
  if (!live) throw new Error('the page has no live client');
  const life = useMemo(
    () => ({ store: new TileStore(live), clock: new WallClock(live, monotonicMs) }),
    [live],
  );
  useEffect(() => {
    const stops = [life.store.start(), life.clock.start()];
    return () => {
      for (const stop of stops) stop();
    };
  }, [life]);
  return life;
}

function useLife(): TileLife {
  const life = useContext(TileLifeContext);
  if (!life) throw new Error('no wall gives the tiles here');
  return life;
}

/** The tile of a ППЭ. Renders again only when it looks different. */
export function useTile(code: string): TileView | undefined {
  const { store } = useLife();
  const subscribe = useCallback(
    (listener: () => void) => store.subscribeTile(code, listener),
    [store, code],
  );
  return useSyncExternalStore(subscribe, () => store.tile(code));
}

/** Codes of every ППЭ. */
export function useTileCodes(store: TileStore): readonly string[] {
  return useSyncExternalStore(store.subscribeLists, () => store.codes);
}

/** Codes of those in which something is wrong, for who shows no others: else none, and no rendering. */
export function useTroubled(store: TileStore, isAsked: boolean): readonly string[] {
  return useSyncExternalStore(store.subscribeLists, () => (isAsked ? store.troubled : nobody));
}

const nobody: readonly string[] = [];

/** The store of this wall. */
export function useTileStore(): TileStore {
  return useLife().store;
}

/** An age in words that renews itself; renders only when the words are others. */
export function useAge(words: Words, sinceMs: number): string {
  const { clock } = useLife();
  return useSyncExternalStore(clock.subscribe, () => ageText(words, clock.ageMs(sinceMs)));
}
