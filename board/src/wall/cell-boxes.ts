/**
 * Where the cells of a tile stand, in whole device pixels: then every straight edge is sharp on any
 * screen. Pure.
 */

/** In device pixels. */
export interface CellBox {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The strip of a tile's cells: its lower edge stays where it is, whatever the number of rows. */
export interface CellStrip {
  readonly x: number;
  readonly bottom: number;
  readonly w: number;
  /** Device pixels of the tile's em. */
  readonly em: number;
}

/** Height of a cell and the gap to the next one, in the tile's em. */
const CELL_EM = 0.85;
const GAP_EM = 0.2;
/** Cells of few rooms are as wide as those of the largest plain tile: two rows of ten. */
const [NARROW_COLUMNS, WIDE_COLUMNS] = [10, 20];
const MANY_ROOMS = 40;

/** Columns for so many rooms; at most two rows, on a plain tile three of them for more than forty. */
export function cellColumns(count: number, isWide: boolean): number {
  if (isWide) return Math.max(WIDE_COLUMNS, count > MANY_ROOMS ? Math.ceil(count / 2) : count);
  return Math.max(NARROW_COLUMNS, Math.ceil(count / (count > MANY_ROOMS ? 3 : 2)));
}

/** Of so many rows, in the tile's em. */
export function cellsHeightEm(rows: number): number {
  return Math.max(0, rows * (CELL_EM + GAP_EM) - GAP_EM);
}

/** A box a room, in rows of so many columns. */
export function cellBoxes(count: number, columns: number, strip: CellStrip): CellBox[] {
  // Gaps and heights are the same for all of them: others would look like other states.
  const pitch = (strip.w + GAP_EM * strip.em) / columns;
  const gap = Math.min(whole(GAP_EM * strip.em), Math.floor(pitch / 2));
  const h = whole(CELL_EM * strip.em);
  const bottom = Math.round(strip.bottom);
  const rows = Math.ceil(count / columns);
  return Array.from({ length: count }, (_, at) => {
    const column = at % columns;
    const x = Math.round(strip.x + column * pitch);
    const w = whole(Math.round(strip.x + (column + 1) * pitch) - gap - x);
    return { x, y: bottom + gap - (rows - Math.floor(at / columns)) * (h + gap), w, h };
  });
}

/** At least one. */
function whole(length: number): number {
  return Math.max(1, Math.round(length));
}
