/** What the tiles must fit into, and what they are. Lengths are in CSS px. */
export interface GridNeed {
  readonly widthPx: number;
  /** Null where the page scrolls anyway, as on a narrow one: then tiles have their drawn size. */
  readonly heightPx: number | null;
  /** In order; true for a tile that wants double width. */
  readonly wants: readonly boolean[];
  /** CSS px of one rem: tiles are measured in it. */
  readonly remPx: number;
}

/** Where one tile stands; columns and rows count from 1 as in CSS. */
export interface TilePlace {
  readonly column: number;
  readonly row: number;
  readonly span: 1 | 2;
}

export interface GridFit {
  readonly columns: number;
  readonly rows: number;
  readonly tileWidthPx: number;
  readonly tileHeightPx: number;
  /** 1 for a tile of the size that the wall was drawn for; text follows it. */
  readonly scale: number;
  /** False where problem tiles had to give up their double width. */
  readonly hasWide: boolean;
  /** False where even the smallest tiles do not fit: the grid scrolls. */
  readonly isFitting: boolean;
  readonly places: readonly TilePlace[];
}

/** Between tiles, in rem. */
export const GAP_REM = 0.5;
/** The size that the type of a tile was drawn for, in rem. */
const DRAWN = { width: 11, height: 7 };
/** Below these a code of four digits and two rows of cells are no longer told apart. */
const SMALLEST = { width: 8.4, height: 5.2 };
/** A handful of tiles does not become a handful of posters. */
const LARGEST = { width: 24, height: 14 };
/** Problem tiles stay wide only while a plain one keeps this part of its drawn size. */
const WIDE_FROM_SCALE = 0.8;

/**
 * The number of columns at which the tiles are largest and all of them fit. Problem tiles are wide while
 * there is room; in a flood they shrink, and nothing ever scrolls out of sight that can be kept in it.
 */
export function fitGrid(need: GridNeed): GridFit {
  if (need.heightPx === null) return freeFit(need);
  const wide = best(need, need.wants);
  if (!need.wants.includes(true)) return wide;
  if (wide.isFitting && wide.scale >= WIDE_FROM_SCALE) return wide;
  const narrow = best(
    need,
    need.wants.map(() => false),
  );
  return { ...narrow, hasWide: false };
}

/** As many columns of the drawn size as there is room for. */
function freeFit({ widthPx, remPx, wants }: GridNeed): GridFit {
  const across = (widthPx / remPx + GAP_REM) / (DRAWN.width + GAP_REM);
  const columns = Math.max(1, Math.floor(across));
  const places = placed(wants, columns);
  return {
    columns,
    rows: places.at(-1)?.row ?? 1,
    tileWidthPx: share(widthPx, columns, remPx),
    tileHeightPx: DRAWN.height * remPx,
    scale: 1,
    hasWide: wants.includes(true),
    isFitting: true,
    places,
  };
}

function best(need: GridNeed, wants: readonly boolean[]): GridFit {
  const { widthPx, remPx } = need;
  const most = Math.max(1, Math.floor((widthPx / remPx + GAP_REM) / (SMALLEST.width + GAP_REM)));
  const fewest = Math.min(most, wants.includes(true) ? 2 : 1);
  let found = fitOf(need, wants, fewest);
  for (let columns = fewest + 1; columns <= most; columns += 1) {
    const next = fitOf(need, wants, columns);
    if (isBetter(next, found)) found = next;
  }
  return found;
}

/** One that fits is better than one that does not, the larger of two that fit, the shorter of the rest. */
function isBetter(next: GridFit, found: GridFit): boolean {
  if (next.isFitting !== found.isFitting) return next.isFitting;
  return next.isFitting ? next.scale > found.scale : next.rows < found.rows;
}

function fitOf(need: GridNeed, wants: readonly boolean[], columns: number): GridFit {
  const { widthPx, heightPx, remPx } = need;
  const places = placed(wants, columns);
  const rows = Math.max(1, places.at(-1)?.row ?? 1);
  const width = share(widthPx, columns, remPx) / remPx;
  const height = share(heightPx ?? 0, rows, remPx) / remPx;
  const isFitting = width >= SMALLEST.width && height >= SMALLEST.height;
  const tileWidth = within(width, SMALLEST.width, LARGEST.width);
  const tileHeight = within(height, SMALLEST.height, LARGEST.height);
  return {
    columns,
    rows,
    tileWidthPx: tileWidth * remPx,
    tileHeightPx: tileHeight * remPx,
    scale: Math.min(tileWidth / DRAWN.width, tileHeight / DRAWN.height),
    hasWide: wants.includes(true),
    isFitting,
    places,
  };
}

/** Row by row in the order given: a wide tile that does not fit at the end of a row begins the next. */
function placed(wants: readonly boolean[], columns: number): TilePlace[] {
  const places: TilePlace[] = [];
  let column = 1;
  let row = 1;
  for (const wantsWide of wants) {
    const span = wantsWide && columns > 1 ? 2 : 1;
    if (column + span - 1 > columns) {
      column = 1;
      row += 1;
    }
    places.push({ column, row, span });
    column += span;
  }
  return places;
}

/** What each of several has of a length after the gaps between them. */
function share(px: number, parts: number, remPx: number): number {
  return (px - GAP_REM * remPx * (parts - 1)) / parts;
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
