import { useLayoutEffect, useMemo, useRef } from 'react';
import { useFreshness, useLive } from '../live/use-live.ts';
import { useSettings } from '../ui/settings.ts';
import { layCells } from './cell-field.ts';
import type { CellPalette } from './cell-looks.ts';
import { CellPainter, type CellPalettes, type NextFrame } from './cell-painter.ts';
import type { GridFit } from './fit-grid.ts';
import { useCellTitles } from './use-cell-titles.ts';
import { useTileStore } from './use-tiles.ts';

interface CellCanvasProps {
  readonly codes: readonly string[];
  readonly fit: GridFit;
  readonly remPx: number;
}

/** A cell a room on every tile, by shape and colour. Readers hear the rooms in the tiles' names. */
export function CellCanvas({ codes, fit, remPx }: CellCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const store = useTileStore();
  const { theme } = useSettings();
  const { freshness } = useFreshness();
  const isEarly = useLive(({ overview }) => overview?.rehearsal?.phase === 'preparation');
  const ratio = window.devicePixelRatio || 1;
  const laid = useMemo(() => layCells(codes, fit, { remPx, ratio }), [codes, fit, remPx, ratio]);
  const painter = useRef<CellPainter>(null);
  useLayoutEffect(() => {
    if (!canvas.current) return undefined;
    painter.current = new CellPainter(canvas.current, store, nextFrame);
    return painter.current.start();
  }, [store]);
  useLayoutEffect(() => {
    // What is stale is drained: it has colours of its own.
    if (canvas.current) painter.current?.lay(laid, palettesOf(canvas.current, isEarly));
  }, [store, laid, isEarly, theme, freshness]);
  useCellTitles(canvas);
  return (
    <canvas
      ref={canvas}
      className="cell-canvas"
      style={{ width: `${laid.widthPx}px`, height: `${laid.heightPx}px` }}
      aria-hidden="true"
    />
  );
}

const nextFrame: NextFrame = (paint) => {
  const id = requestAnimationFrame(paint);
  return () => cancelAnimationFrame(id);
};

/** The page's colours where the canvas stands: a canvas does not know variables. */
function palettesOf(canvas: HTMLCanvasElement, isEarly: boolean): CellPalettes {
  const style = getComputedStyle(canvas);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim() || '#888';
  const others: CellPalette = {
    work: colour('work'),
    done: colour('ok'),
    warn: colour('warn'),
    fail: colour('fail'),
    mark: WHITE,
    unknown: colour('unknown'),
    unheard: colour(isEarly ? 'text-2' : 'unknown'),
    isUnheardThin: isEarly,
    other: colour('text-2'),
  };
  const onFail: CellPalette = {
    ...others,
    work: colour('fail-work'),
    done: colour('fail-done'),
    fail: WHITE,
    mark: colour('fail-ground'),
    unknown: WHITE,
    unheard: WHITE,
    other: WHITE,
  };
  return { onFail, onOthers: others };
}

const WHITE = '#fff';
