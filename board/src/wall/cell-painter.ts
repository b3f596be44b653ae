import { cellBoxes, cellColumns, type CellBox, type CellStrip } from './cell-boxes.ts';
import { drawCell, lookOf, type CellLook, type CellPalette } from './cell-looks.ts';
import type { TileView } from './tiles.ts';

/** The cells of one tile. */
export interface CellPlace {
  readonly strip: CellStrip;
  readonly isWide: boolean;
}

/** Where every tile has its cells, in device pixels of the canvas. */
export interface CellField {
  readonly width: number;
  readonly height: number;
  readonly places: ReadonlyMap<string, CellPlace>;
}

/** Colours on a tile that fails, and on all others. */
export interface CellPalettes {
  readonly onFail: CellPalette;
  readonly onOthers: CellPalette;
}

/** What the painter follows. */
export interface CellSource {
  view(code: string): Pick<TileView, 'rooms' | 'verdict'> | undefined;
  /** Calls back with the tiles that look different. */
  subscribe(listener: (codes: readonly string[]) => void): () => void;
}

/** Calls back before the next frame is drawn; answers the way to take it back. */
export type NextFrame = (paint: () => void) => () => void;

/** What lies on the canvas of one tile. */
interface Drawn {
  readonly palette: CellPalette;
  readonly boxes: readonly CellBox[];
  readonly looks: readonly CellLook[];
}

const nothing: Drawn['looks'] = [];

/**
 * Draws the cells of all tiles on one canvas: everything once, then of each frame only the cells that look
 * different. Two thousand elements cost a wall PC without a graphics card more than all else of the board.
 */
export class CellPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #source: CellSource;
  readonly #nextFrame: NextFrame;
  readonly #drawn = new Map<string, Drawn>();
  readonly #dirty = new Set<string>();
  #field: CellField | undefined;
  #palettes: CellPalettes | undefined;
  #takeBack: (() => void) | undefined;

  constructor(canvas: HTMLCanvasElement, source: CellSource, nextFrame: NextFrame) {
    this.#canvas = canvas;
    this.#source = source;
    this.#nextFrame = nextFrame;
  }

  /** Follows the tiles until the returned function is called. */
  start(): () => void {
    const stop = this.#source.subscribe((codes) => this.#mark(codes));
    return () => {
      stop();
      this.#takeBack?.();
      this.#takeBack = undefined;
    };
  }

  /** Tiles in other places or other colours: drawn at once, as they must not part from their tiles. */
  lay(field: CellField, palettes: CellPalettes): void {
    const { width, height } = field;
    this.#field = field;
    this.#palettes = palettes;
    this.#dirty.clear();
    this.#drawn.clear();
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, width, height);
    for (const code of field.places.keys()) this.#draw(context, code);
  }

  #mark(codes: readonly string[]): void {
    for (const code of codes) this.#dirty.add(code);
    this.#takeBack ??= this.#nextFrame(() => {
      this.#takeBack = undefined;
      const context = this.#canvas.getContext('2d');
      if (context) for (const code of this.#dirty) this.#draw(context, code);
      this.#dirty.clear();
    });
  }

  #draw(context: CanvasRenderingContext2D, code: string): void {
    const place = this.#field?.places.get(code);
    const tile = this.#source.view(code);
    if (!place || !tile || !this.#palettes) return;
    const before = this.#drawn.get(code);
    const palette = tile.verdict === 'fail' ? this.#palettes.onFail : this.#palettes.onOthers;
    const looks = tile.rooms.map(lookOf);
    const isLaid = before?.looks.length === looks.length;
    const boxes = isLaid ? before.boxes : boxesOf(looks.length, place);
    const known = isLaid && before.palette === palette ? before.looks : nothing;
    if (!isLaid) for (const { x, y, w, h } of before?.boxes ?? []) context.clearRect(x, y, w, h);
    for (const [at, look] of looks.entries()) {
      const box = boxes[at];
      if (!box || known[at] === look) continue;
      context.clearRect(box.x, box.y, box.w, box.h);
      drawCell(context, look, box, palette);
    }
    this.#drawn.set(code, { palette, boxes, looks });
  }
}

function boxesOf(count: number, { strip, isWide }: CellPlace): CellBox[] {
  return cellBoxes(count, cellColumns(count, isWide), strip);
}
