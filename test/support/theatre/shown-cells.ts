import type { Locator } from 'playwright-core';
import { cellBoxes, cellColumns, type CellBox } from '../../../board/src/wall/cell-boxes.ts';
import { layCells, type CellFit } from '../../../board/src/wall/cell-field.ts';
import type { TilePlace } from '../../../board/src/wall/fit-grid.ts';

/** One tile: its code, its classes, what a reader hears of it, and its cells. */
export interface ShownTile {
  readonly code: string;
  readonly classes: string;
  readonly spoken: string;
  /** The look of every room in the order of the tile as it is drawn: `fail`, `done`, `unheard`… */
  readonly looks: readonly string[];
}

/** `#rrggbb`, or an empty text where less is drawn than asked for, of 255. */
type ColourAt = (x: number, y: number, least?: number) => string;

/** The page's colours by the names of its variables. */
type Colours = Readonly<Record<string, string>>;

/** The grid's own numbers and the pixels of the canvas over it. */
interface Sheet {
  readonly grid: { readonly columns: string; readonly rows: string; readonly font: string };
  readonly remPx: number;
  readonly ratio: number;
  readonly width: number;
  /** Red, green, blue and alpha of every pixel, in base64. */
  readonly pixels: string;
  readonly colours: Colours;
}

const names = ['work', 'ok', 'fail', 'unknown', 'fail-work', 'fail-done'];
const WHITE = '#ffffff';
/** Half of a pixel is covered; all of it. */
const [HALF, WHOLE] = [128, 255];

/**
 * Every tile that the locator finds, its cells read off the pixels of the canvas. Where they are is reckoned
 * as the board does it, from the grid's own numbers.
 */
export async function tilesIn(tiles: Locator): Promise<ShownTile[]> {
  const sheet = await sheetOf(tiles);
  const found = await tiles.evaluateAll((all) =>
    all.map((tile) => ({
      code: (tile.getAttribute('data-testid') ?? '').slice('tile-'.length),
      classes: tile.getAttribute('class') ?? '',
      spoken: tile.querySelector('a')?.getAttribute('aria-label') ?? '',
      count: Number(tile.querySelector<HTMLElement>('.cells')?.dataset.cells ?? 0),
      columnStyle: tile instanceof HTMLElement ? tile.style.gridColumn : '',
      rowStyle: tile instanceof HTMLElement ? tile.style.gridRow : '',
    })),
  );
  if (!sheet) return [];
  const colourAt = reader(Buffer.from(sheet.pixels, 'base64'), sheet.width);
  const places = found.map(({ columnStyle, rowStyle }) => placeOf(columnStyle, rowStyle));
  const laid = layCells(
    found.map(({ code }) => code),
    fitOf(sheet, places),
    sheet,
  );
  return found.map(({ code, classes, spoken, count }) => {
    const place = laid.places.get(code);
    const boxes = place ? cellBoxes(count, cellColumns(count, place.isWide), place.strip) : [];
    const how = { colours: sheet.colours, isFail: /\btile-fail\b/.test(classes) };
    return { code, classes, spoken, looks: boxes.map((box) => lookIn(colourAt, box, how)) };
  });
}

/** Null while no cells are drawn. */
async function sheetOf(tiles: Locator): Promise<Sheet | null> {
  return tiles.page().evaluate((variables) => {
    const canvas = document.querySelector<HTMLCanvasElement>('.cell-canvas');
    const grid = document.querySelector<HTMLElement>('.grid');
    const context = canvas?.getContext('2d');
    if (!canvas || !grid || !context) return null;
    const style = getComputedStyle(canvas);
    const { width, height } = canvas;
    const { data } = context.getImageData(0, 0, width, height);
    let bytes = '';
    for (let at = 0; at < data.length; at += 32_768)
      bytes += String.fromCharCode(...data.subarray(at, at + 32_768));
    const { gridTemplateColumns, gridAutoRows, fontSize } = grid.style;
    return {
      grid: { columns: gridTemplateColumns, rows: gridAutoRows, font: fontSize },
      remPx: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
      ratio: window.devicePixelRatio,
      width,
      pixels: btoa(bytes),
      colours: Object.fromEntries(
        variables.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
      ),
    };
  }, names);
}

/** `3 / span 2` and `4`. */
function placeOf(column: string, row: string): TilePlace {
  const span = column.includes('span 2') ? 2 : 1;
  return { column: Number.parseInt(column, 10), row: Number.parseInt(row, 10), span };
}

/** The sizes as the grid holds them: `repeat(10, 121.5px)`, `75.5px`, `0.95rem`. */
function fitOf({ grid }: Sheet, places: readonly TilePlace[]): CellFit {
  const [, columns = '1', width = '0'] = /repeat\((\d+), ([\d.]+)px\)/.exec(grid.columns) ?? [];
  return {
    columns: Number(columns),
    rows: Math.max(1, ...places.map(({ row }) => row)),
    tileWidthPx: Number(width),
    tileHeightPx: Number.parseFloat(grid.rows),
    scale: Number.parseFloat(grid.font),
    places,
  };
}

function reader(pixels: Buffer, width: number): ColourAt {
  return (x, y, least = HALF) => {
    const at = (Math.floor(y) * width + Math.floor(x)) * 4;
    if ((pixels[at + 3] ?? 0) < least) return '';
    return `#${pixels.subarray(at, at + 3).toString('hex')}`;
  };
}

/** What is drawn in a box: told by its shape first, by its colour where shapes are the same. */
function lookIn(
  colourAt: ColourAt,
  { x, y, w, h }: CellBox,
  { colours, isFail }: { readonly colours: Colours; readonly isFail: boolean },
): string {
  const isHollow = colourAt(x + w / 2, y + h / 2) === '';
  const corner = colourAt(x, y, WHOLE);
  const side = colourAt(x, y + h / 2);
  if (isHollow && corner === '') return side === '' ? 'nothing' : 'silentByRule';
  if (isHollow) return corner === (isFail ? WHITE : colours.unknown) ? 'unknown' : 'unheard';
  if (corner === '') return colourAt(x + w / 2, y + h - 1) === '' ? 'notInvolved' : 'warn';
  const filled = isFail
    ? { [WHITE]: 'fail', ...named(colours, { 'fail-work': 'ok', 'fail-done': 'done' }) }
    : named(colours, { fail: 'fail', work: 'ok', ok: 'done' });
  // Between the arms of a cross.
  return filled[side] ?? '?';
}

function named(colours: Colours, looks: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(looks).map(([name, look]) => [colours[name], look]));
}
