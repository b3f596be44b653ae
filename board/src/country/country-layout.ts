/** A group of sites, drawn as one labelled block. `cells` are those of each of its sites, at least one. */
export interface LayoutGroup {
  readonly cells: readonly number[];
}

/** Where to draw. All lengths are device pixels, so that cells have sharp edges. */
export interface LayoutArea {
  readonly width: number;
  readonly height: number;
  /** Height of a block's name. */
  readonly caption: number;
  /** Between blocks. */
  readonly gap: number;
}

/** A block, or a part of one that is too long for a row. */
export interface Block {
  /** Place of its group in the list. */
  readonly group: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The first cell in it, and how many. Cells go down the columns. */
  readonly firstCell: number;
  readonly cells: number;
}

/** Every cell in its place. Depends on who is there, never on how they stand: nothing jumps. */
export interface CountryLayout {
  /** From cell to cell. */
  readonly pitch: number;
  /** Cells of a column. */
  readonly rows: number;
  readonly caption: number;
  readonly blocks: readonly Block[];
  /** Left and upper edges of cells. */
  readonly x: Int32Array;
  readonly y: Int32Array;
}

/** A cell is never wider: few sites do not need a whole wall. */
const PITCH_MAX = 64;
/** Rows of blocks that are tried. */
const SHELVES_MAX = 48;
/** Names need room: a block is at least so many captions wide. */
const MIN_CAPTIONS = 5;

/**
 * Packs groups as blocks into rows, with the largest cells that fit. Undefined when they do not fit even
 * with the smallest.
 */
export function layoutCountry(
  groups: readonly LayoutGroup[],
  area: LayoutArea,
  pitchMin: number,
): CountryLayout | undefined {
  const sizes = groups.map(({ cells }) => cells.reduce((sum, each) => sum + each, 0));
  for (let pitch = PITCH_MAX; pitch >= pitchMin; pitch -= 1) {
    // Short and wide blocks are read like lines of text: the most rows that fit.
    for (let shelves = SHELVES_MAX; shelves >= 1; shelves -= 1) {
      const blocks = shelve(sizes, area, { pitch, shelves });
      if (blocks) return placed(blocks, rowsOf(area, { pitch, shelves }), { pitch, ...area });
    }
  }
  return undefined;
}

/** The cell at a point, −1 for none. */
export function cellAt(layout: CountryLayout, x: number, y: number): number {
  const { pitch, rows, caption, blocks } = layout;
  const block = blocks.find(
    (each) => x >= each.x && x < each.x + each.width && y >= each.y && y < each.y + each.height,
  );
  if (!block || y < block.y + caption) return -1;
  const row = Math.floor((y - block.y - caption) / pitch);
  const at = Math.floor((x - block.x) / pitch) * rows + row;
  return row < rows && at < block.cells ? block.firstCell + at : -1;
}

interface Try {
  readonly pitch: number;
  readonly shelves: number;
}

function rowsOf({ height, caption, gap }: LayoutArea, { pitch, shelves }: Try): number {
  return Math.floor((height - (shelves - 1) * gap - shelves * caption) / (shelves * pitch));
}

/** Blocks in rows of one height, or undefined when there are too many. */
function shelve(sizes: readonly number[], area: LayoutArea, tried: Try): Block[] | undefined {
  const { width, caption, gap } = area;
  const { pitch, shelves } = tried;
  const rows = rowsOf(area, tried);
  const perShelf = Math.floor(width / pitch);
  if (rows < 1 || perShelf < 1) return undefined;
  const height = caption + rows * pitch;
  const narrowest = Math.min(width, MIN_CAPTIONS * caption);
  const blocks: Block[] = [];
  let [x, shelf, firstCell] = [0, 0, 0];
  for (const [group, size] of sizes.entries()) {
    let left = size;
    const wanted = Math.max(narrowest, Math.ceil(size / rows) * pitch);
    if (x > 0 && x + Math.min(wanted, width) > width) [x, shelf] = [0, shelf + 1];
    while (left > 0) {
      const columns = Math.min(Math.ceil(left / rows), Math.floor((width - x) / pitch));
      if (shelf >= shelves) return undefined;
      const cells = Math.min(left, columns * rows);
      const blockWidth = Math.max(columns * pitch, Math.min(narrowest, width - x));
      blocks.push({
        group,
        x,
        y: shelf * (height + gap),
        width: blockWidth,
        height,
        firstCell,
        cells,
      });
      firstCell += cells;
      left -= cells;
      x += blockWidth + gap;
      if (left > 0 || x + pitch > width) [x, shelf] = [0, shelf + 1];
    }
  }
  return blocks;
}

function placed(
  blocks: readonly Block[],
  rows: number,
  { pitch, caption }: { readonly pitch: number; readonly caption: number },
): CountryLayout {
  const count = blocks.reduce((sum, { cells }) => sum + cells, 0);
  const x = new Int32Array(count);
  const y = new Int32Array(count);
  for (const block of blocks) {
    for (let at = 0; at < block.cells; at += 1) {
      x[block.firstCell + at] = block.x + Math.floor(at / rows) * pitch;
      y[block.firstCell + at] = block.y + caption + (at % rows) * pitch;
    }
  }
  return { pitch, rows, caption, blocks, x, y };
}
