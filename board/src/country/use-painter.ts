import {
  useContext,
  useEffect,
  useLayoutEffect,
  useState,
  useSyncExternalStore,
  type RefObject,
} from 'react';
import { LiveContext } from '../live/use-live.ts';
import { useSettings } from '../ui/settings.ts';
import { useArea } from '../wall/use-area.ts';
import type { CountryPalette } from './cell-sprites.ts';
import type { CountryLayout } from './country-layout.ts';
import { CountryPainter } from './country-painter.ts';

/** Names of blocks, in rem. */
const CAPTION_REM = 1.8;

/** The painter of a canvas that fills a box, following the live picture while it is shown. */
export function usePainter(
  canvas: RefObject<HTMLCanvasElement | null>,
  box: RefObject<HTMLElement | null>,
): CountryPainter | null {
  const live = useContext(LiveContext);
  if (!live) throw new Error('the page has no live client');
  const { theme } = useSettings();
  const { widthPx, heightPx, remPx } = useArea(box);
  const [painter, setPainter] = useState<CountryPainter | null>(null);
  useEffect(() => {
    if (!canvas.current) return undefined;
    const fresh = new CountryPainter(canvas.current, live, {
      nextFrame: (paint) => {
        const id = requestAnimationFrame(paint);
        return () => cancelAnimationFrame(id);
      },
      makeCanvas: (width, height) =>
        Object.assign(document.createElement('canvas'), { width, height }),
    });
    setPainter(fresh);
    return fresh.start();
  }, [canvas, live]);
  useLayoutEffect(() => {
    painter?.resize({
      widthPx,
      heightPx,
      captionPx: CAPTION_REM * remPx,
      ratio: window.devicePixelRatio || 1,
    });
  }, [painter, widthPx, heightPx, remPx]);
  useLayoutEffect(() => painter?.recolour(palette()), [painter, theme]);
  return painter;
}

/** Where things are; renders again when they are elsewhere. */
export function useLayout(painter: CountryPainter | null): CountryLayout | undefined {
  return useSyncExternalStore(
    (listener) => painter?.subscribe(listener) ?? (() => {}),
    () => painter?.layout,
  );
}

/** The theme's colours: a canvas does not know variables. */
function palette(): CountryPalette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim() || '#888';
  return {
    ground: colour('ground'),
    work: colour('work'),
    done: colour('ok'),
    warn: colour('warn'),
    fail: colour('fail'),
    unknown: colour('unknown'),
    quiet: colour('text-2'),
  };
}
