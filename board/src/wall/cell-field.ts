import type { CellField, CellPlace } from './cell-painter.ts';
import { GAP_REM, type GridFit } from './fit-grid.ts';

/** From the edges of a tile to its cells, in its em: the edge and the padding of `tiles.css`. */
const [LEFT_EM, RIGHT_EM, BOTTOM_EM] = [1, 0.6, 0.6];
/** No browser draws on a longer canvas; one of a whole page that scrolls is then a little coarse. */
const LONGEST_PX = 16_000;

/** The canvas of all cells over a grid, in CSS px, and its places in device pixels. */
export interface LaidCells extends CellField {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Of a fit, what decides where cells stand. */
export type CellFit = Pick<
  GridFit,
  'columns' | 'rows' | 'tileWidthPx' | 'tileHeightPx' | 'scale' | 'places'
>;

/** Where the cells of each tile stand. `ratio` are device pixels of a CSS px. Pure. */
export function layCells(
  codes: readonly string[],
  fit: CellFit,
  { remPx, ratio }: { readonly remPx: number; readonly ratio: number },
): LaidCells {
  const { tileWidthPx, tileHeightPx, columns, rows, scale, places } = fit;
  const gapPx = GAP_REM * remPx;
  const widthPx = lengthOf(columns, tileWidthPx, gapPx);
  const heightPx = lengthOf(rows, tileHeightPx, gapPx);
  const drawn = Math.min(ratio, LONGEST_PX / Math.max(widthPx, heightPx));
  const em = scale * remPx * drawn;
  const found = new Map<string, CellPlace>();
  codes.forEach((code, at) => {
    const place = places[at];
    if (!place) return;
    const { column, row, span } = place;
    const left = (column - 1) * (tileWidthPx + gapPx) * drawn;
    const right = left + lengthOf(span, tileWidthPx, gapPx) * drawn;
    const bottom = ((row - 1) * (tileHeightPx + gapPx) + tileHeightPx) * drawn;
    const x = left + LEFT_EM * em;
    const w = Math.max(1, right - RIGHT_EM * em - x);
    found.set(code, { strip: { x, bottom: bottom - BOTTOM_EM * em, w, em }, isWide: span === 2 });
  });
  return {
    widthPx,
    heightPx,
    width: Math.ceil(widthPx * drawn),
    height: Math.ceil(heightPx * drawn),
    places: found,
  };
}

/** Of so many equal parts with gaps between them. */
function lengthOf(parts: number, part: number, gap: number): number {
  return parts * (part + gap) - gap;
}
