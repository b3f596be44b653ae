import type { Locator } from 'playwright-core';
import { cellBoxes, cellColumns, type CellBox } from '../../../board/src/wall/cell-boxes.ts';

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

const names = ['work', 'ok', 'fail', 'unknown'];
const onFail = ['fail-work', 'fail-done', 'fail-ground'];
const WHITE = '#ffffff';
/** Half of a pixel is covered; all of it. */
const [HALF, WHOLE] = [128, 255];

/** Every tile that the locator finds, its cells read off the pixels of the canvas. */
export async function tilesIn(tiles: Locator): Promise<ShownTile[]> {
  const found = await tiles.evaluateAll(
    (all, variables) => {
      const canvas = document.querySelector<HTMLCanvasElement>('.cell-canvas');
      const context = canvas?.getContext('2d');
      if (!canvas || !context) return [];
      const frame = canvas.getBoundingClientRect();
      const ratio = canvas.width / frame.width;
      const style = getComputedStyle(canvas);
      const colours = Object.fromEntries(
        variables.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
      );
      return all.map((tile) => {
        const cells = tile.querySelector<HTMLElement>('.cells');
        const rect = (cells ?? tile).getBoundingClientRect();
        const [left, top] = [
          Math.floor((rect.left - frame.left) * ratio) - 2,
          Math.floor((rect.top - frame.top) * ratio) - 2,
        ];
        const width = Math.ceil(rect.width * ratio) + 4;
        const height = Math.ceil(rect.height * ratio) + 4;
        const { data } = context.getImageData(left, top, width, height);
        return {
          code: (tile.getAttribute('data-testid') ?? '').slice('tile-'.length),
          classes: tile.getAttribute('class') ?? '',
          spoken: tile.querySelector('a')?.getAttribute('aria-label') ?? '',
          count: Number(cells?.dataset.cells ?? 0),
          strip: {
            x: (rect.left - frame.left) * ratio - left,
            bottom: (rect.bottom - frame.top) * ratio - top,
            w: rect.width * ratio,
            em: Number.parseFloat(getComputedStyle(cells ?? tile).fontSize) * ratio,
          },
          width,
          pixels: btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join('')),
          colours,
        };
      });
    },
    [...names, ...onFail],
  );
  return found.map(({ count, strip, width, pixels, colours, ...tile }) => {
    const boxes = cellBoxes(count, cellColumns(count, tile.classes.includes('is-wide')), strip);
    const isFail = /\btile-fail\b/.test(tile.classes);
    const colourAt = reader(Buffer.from(pixels, 'base64'), width);
    return { ...tile, looks: boxes.map((box) => lookIn(colourAt, box, { colours, isFail })) };
  });
}

function reader(pixels: Buffer, width: number): ColourAt {
  return (x, y, least = HALF) => {
    const at = (Math.floor(y) * width + Math.floor(x)) * 4;
    if ((pixels[at + 3] ?? 0) < least) return '';
    return `#${pixels.subarray(at, at + 3).toString('hex')}`;
  };
}

/**
 * What is drawn in a box: told by its shape first, by its colour where shapes are the same. The page rounds
 * lengths in its own way: a box may lie a pixel beside the one that was asked for.
 */
export function lookIn(
  colourAt: ColourAt,
  { x, y, w, h }: CellBox,
  { colours, isFail }: { readonly colours: Colours; readonly isFail: boolean },
): string {
  const side = colourAt(x, y + h / 2) || colourAt(x + 1, y + h / 2);
  if (colourAt(x + w / 2, y + h / 2) === '') {
    const corners = [x, x + w - 1].flatMap((at) => [
      colourAt(at, y, WHOLE),
      colourAt(at, y + h - 1, WHOLE),
    ]);
    const outline = corners.find((colour) => colour !== '');
    if (outline) return outline === (isFail ? WHITE : colours.unknown) ? 'unknown' : 'unheard';
    // A ring is all edge: its colour is mixed.
    return side === '' ? 'nothing' : 'silentByRule';
  }
  if (side === '') return 'warn';
  if (colourAt(x + w / 2, y + 1) === '') return 'notInvolved';
  const filled = isFail
    ? { [WHITE]: 'fail', ...named(colours, { 'fail-work': 'ok', 'fail-done': 'done' }) }
    : named(colours, { fail: 'fail', work: 'ok', ok: 'done' });
  // Between the arms of a cross.
  return filled[colourAt(x + 1, y + h / 2)] ?? '?';
}

function named(colours: Colours, looks: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(looks).map(([name, look]) => [colours[name], look]));
}
