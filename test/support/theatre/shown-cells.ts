import type { Locator } from 'playwright-core';

/** A path of a tile's cells as the page holds it. */
export interface CellPath {
  readonly look: string;
  readonly d: string;
}

/** One tile: its code, its classes, what a reader hears of it, and its cells. */
export interface ShownTile {
  readonly code: string;
  readonly classes: string;
  readonly spoken: string;
  /** The look of every room in the order of the tile: `fail`, `done`, `unheard`… */
  readonly looks: readonly string[];
}

/** Height of a row of cells and the gap below it, in the path's units. */
const ROW = 105;
/** An outline is two lines: what lies twice is a hole. The cross lies upon a cell that is counted. */
const outlined: ReadonlySet<string> = new Set(['unknown', 'silentByRule']);

/** Every tile that the locator finds. */
export async function tilesIn(tiles: Locator): Promise<ShownTile[]> {
  const found = await tiles.evaluateAll((all) =>
    all.map((tile) => ({
      code: (tile.getAttribute('data-testid') ?? '').slice('tile-'.length),
      classes: tile.getAttribute('class') ?? '',
      spoken: tile.querySelector('a')?.getAttribute('aria-label') ?? '',
      paths: [...tile.querySelectorAll('.cells path')].map((path) => ({
        look: (path.getAttribute('class') ?? '').replace('cell-', ''),
        d: path.getAttribute('d') ?? '',
      })),
    })),
  );
  return found.map(({ paths, ...tile }) => ({ ...tile, looks: looksOf(paths) }));
}

/** The paths taken apart again: which look lies where, row by row. */
export function looksOf(paths: readonly CellPath[]): string[] {
  const cells = paths
    .filter(({ look }) => look !== 'cross')
    .flatMap(({ look, d }) => {
      const starts = [...d.matchAll(/M(-?\d+) (-?\d+)/g)];
      const own = outlined.has(look) ? starts.filter((_, at) => at % 2 === 0) : starts;
      return own.map(([, x, y]) => ({ look, x: Number(x), row: Math.floor(Number(y) / ROW) }));
    });
  return cells.sort((a, b) => a.row - b.row || a.x - b.x).map(({ look }) => look);
}
