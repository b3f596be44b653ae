import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
  type RefObject,
} from 'react';
import { LiveContext } from '../live/use-live.ts';
import type { Words } from '../text/texts.ts';
import { ageText } from './age-text.ts';
import { TileStore } from './tile-store.ts';
import type { TileFace, TileReason, TileView } from './tiles.ts';
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

/** The face of a ППЭ's tile. Renders again only when it looks different, whatever its cells do. */
export function useTileFace(code: string): TileFace | undefined {
  return useOfTile(code, ({ store }) => store.face(code));
}

/** What is worst in a ППЭ. Renders again only when that is another. */
export function useWorst(code: string): TileReason | null {
  return useOfTile(code, ({ store }) => store.view(code)?.worst ?? null);
}

function useOfTile<T>(code: string, select: (life: TileLife) => T): T {
  const life = useLife();
  const subscribe = useCallback(
    (listener: () => void) => life.store.subscribeTile(code, listener),
    [life, code],
  );
  return useSyncExternalStore(subscribe, () => select(life));
}

/**
 * What a reader hears of a tile and a pointer reads, as the name and the title of the element with this
 * reference. Told past React, and once a second: nobody listens four times a second, and to render a tile for
 * that costs more than to draw it.
 */
export function useSpoken<T extends Element>(
  code: string,
  speak: (tile: TileView) => string,
): RefObject<T | null> {
  const { store, clock } = useLife();
  const element = useRef<T>(null);
  const told = useRef<readonly [tile: TileView, name: string]>(null);
  // After every rendering, too: its words may be another language's.
  useLayoutEffect(() => {
    const tell = (isRendered: boolean): void => {
      const tile = store.view(code);
      if (!tile || (!isRendered && told.current?.[0] === tile)) return;
      const name = speak(tile);
      if (told.current?.[1] !== name)
        for (const each of ['aria-label', 'title']) element.current?.setAttribute(each, name);
      told.current = [tile, name];
    };
    tell(true);
    return clock.subscribe(() => tell(false));
  });
  return element;
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
