import type { Verdict } from '@ppe-pulse/protocol';
import type { RoomCell } from './tiles.ts';

/**
 * The cells of a tile as a handful of paths, one a look: two thousand boxes with gradients and shadows
 * cost a wall PC without a graphics card more than everything else of the board together. Lengths are in
 * hundredths of the tile's em. Pure.
 */

/** What a cell looks like; `cross` is the mark upon a failed one. */
export type CellLook = Verdict | 'done' | 'unheard' | 'cross';

export interface CellsPicture {
  readonly width: number;
  readonly height: number;
  /** In the order of painting. */
  readonly shapes: readonly { readonly look: CellLook; readonly path: string }[];
}

const CELL_HEIGHT = 85;
const GAP = 20;
/** Of outlines: one drawn from within, one of the stroke that lies half inside. */
const OUTLINE = 18;
const RING = 16;
/** How far the bars of a cross reach along the edges of their cell. */
const BAR = 16;
/** Cells of few rooms are as wide as those of the largest plain tile: two rows of ten. */
const [NARROW_COLUMNS, WIDE_COLUMNS] = [10, 20];
const MANY_ROOMS = 40;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Columns for so many rooms; at most two rows, on a plain tile three of them for more than forty. */
export function cellColumns(count: number, isWide: boolean): number {
  if (isWide) return Math.max(WIDE_COLUMNS, count > MANY_ROOMS ? Math.ceil(count / 2) : count);
  return Math.max(NARROW_COLUMNS, Math.ceil(count / (count > MANY_ROOMS ? 3 : 2)));
}

/** The cells in rows of so many columns, on so wide a strip. */
export function cellsPicture(
  rooms: readonly RoomCell[],
  columns: number,
  width: number,
): CellsPicture {
  const w = Math.max(1, (width - (columns - 1) * GAP) / columns);
  const paths = new Map<CellLook, string>();
  const draw = (look: CellLook, path: string): void =>
    void paths.set(look, (paths.get(look) ?? '') + path);
  rooms.forEach((room, at) => {
    const x = (at % columns) * (w + GAP);
    const y = Math.floor(at / columns) * (CELL_HEIGHT + GAP);
    const box = { x, y, w, h: CELL_HEIGHT };
    const look = lookOf(room);
    draw(look, shapes[look](box));
    if (look === 'fail') draw('cross', shapes.cross(box));
  });
  const rows = Math.ceil(rooms.length / columns);
  return {
    width,
    height: Math.max(0, rows * (CELL_HEIGHT + GAP) - GAP),
    // One order for all: the same elements stay where they are.
    shapes: (Object.keys(shapes) as CellLook[]).flatMap((look) => {
      const path = paths.get(look);
      return path === undefined ? [] : [{ look, path }];
    }),
  };
}

/** Which room lies there, in parts of the strip's width and height; undefined between and beyond them. */
export function roomAt<T>(
  rooms: readonly T[],
  columns: number,
  { x, y }: { readonly x: number; readonly y: number },
): T | undefined {
  const rows = Math.ceil(rooms.length / columns);
  const [column, row] = [Math.floor(x * columns), Math.floor(y * rows)];
  if (column < 0 || column >= columns || row < 0) return undefined;
  return rooms[row * columns + column];
}

function lookOf({ verdict, isDone, isUnheard }: RoomCell): CellLook {
  if (isUnheard && verdict === 'unknown') return 'unheard';
  return isDone && verdict === 'ok' ? 'done' : verdict;
}

const square = ({ x, y, w, h }: Box): string => `M${n(x)} ${n(y)}h${n(w)}v${n(h)}h${n(-w)}z`;
const inner = ({ x, y, w, h }: Box, by: number): Box => ({
  x: x + by,
  y: y + by,
  w: Math.max(0, w - 2 * by),
  h: h - 2 * by,
});
const ellipse = ({ x, y, w, h }: Box): string => {
  const half = `a${n(w / 2)} ${n(h / 2)} 0 1 0`;
  return `M${n(x)} ${n(y + h / 2)}${half} ${n(w)} 0${half} ${n(-w)} 0z`;
};

/** The shape of every look; what lies twice is a hole. Each is told from the others without its colour. */
const shapes: Readonly<Record<CellLook, (box: Box) => string>> = {
  ok: square,
  done: square,
  warn: ({ x, y, w, h }) => `M${n(x)} ${n(y + h)}h${n(w)}L${n(x + w / 2)} ${n(y)}z`,
  fail: square,
  unknown: (box) => square(box) + square(inner(box, OUTLINE)),
  // A line that the style makes thin before the day.
  unheard: (box) => square(inner(box, OUTLINE / 2)),
  silentByRule: (box) => ellipse(box) + ellipse(inner(box, RING)),
  notInvolved: ({ x, y, w, h }) => square({ x, y: y + (h - OUTLINE) / 2, w, h: OUTLINE }),
  cross: ({ x, y, w, h }) => {
    const [far, low] = [x + w, y + h];
    const falling = `M${n(x)} ${n(y)}h${BAR}L${n(far)} ${n(low - BAR)}v${BAR}h${-BAR}L${n(x)} ${n(y + BAR)}z`;
    // The same way round, so that the middle is no hole.
    return `${falling}M${n(far)} ${n(y)}v${BAR}L${n(x + BAR)} ${n(low)}h${-BAR}v${-BAR}L${n(far - BAR)} ${n(y)}z`;
  },
};

/** Whole hundredths: nobody sees less, and texts stay short. */
function n(length: number): number {
  return Math.round(length);
}
