import { cellAt, layoutCountry, type CountryLayout } from './country-layout.ts';
import type { CursorField, PlacedBox } from './country-cursor.ts';
import { CountryModel, type Looked } from './country-model.ts';
import { composeCells, type SpriteStrip } from './country-pixels.ts';
import {
  drawSprites,
  groundSpriteX,
  spriteX,
  stripWidth,
  type CountryPalette,
} from './cell-sprites.ts';

/** What the painter follows: the page's one picture. */
export interface CountrySource {
  readonly state: Looked;
  readonly subscribe: (listener: () => void) => () => void;
}

/** What the painter uses of the browser. */
export interface PainterEnvironment {
  /** Calls back before the next frame is drawn; answers the way to take it back. */
  readonly nextFrame: (paint: () => void) => () => void;
  /** A canvas that is not shown. */
  readonly makeCanvas: (width: number, height: number) => HTMLCanvasElement;
}

/** Every state of a cell, to copy and to compose; `ground` is a pixel of what lies between cells. */
interface Sprites {
  readonly canvas: HTMLCanvasElement;
  readonly strip: SpriteStrip;
  readonly ground: number;
}

/** A room needs a cell of three pixels; with less a cell is a site. */
const ROOM_PITCH_MIN = 3;

/**
 * Draws a country: everything once, then of each frame only the cells that look different. Lives outside
 * React, which only knows where the names of blocks are.
 */
export class CountryPainter {
  readonly model = new CountryModel();
  readonly #canvas: HTMLCanvasElement;
  readonly #source: CountrySource;
  readonly #environment: PainterEnvironment;
  readonly #listeners = new Set<() => void>();
  #layout: CountryLayout | undefined;
  #isOfRooms = true;
  #palette: CountryPalette | undefined;
  #sprites: Sprites | undefined;
  #area = { widthPx: 0, heightPx: 0, captionPx: 0, ratio: 1 };
  readonly #dirty = new Set<number>();
  #isWhole = true;
  #takeBack: (() => void) | undefined;

  constructor(canvas: HTMLCanvasElement, source: CountrySource, environment: PainterEnvironment) {
    this.#canvas = canvas;
    this.#source = source;
    this.#environment = environment;
  }

  /** Follows the picture until the returned function is called. */
  start(): () => void {
    const look = (): void => this.#look();
    look();
    const stop = this.#source.subscribe(look);
    return () => {
      stop();
      this.#takeBack?.();
      this.#takeBack = undefined;
    };
  }

  /** Another size of the canvas, in CSS pixels; `ratio` are device pixels of one. */
  resize(area: { widthPx: number; heightPx: number; captionPx: number; ratio: number }): void {
    this.#area = area;
    this.#place();
  }

  recolour(palette: CountryPalette): void {
    this.#palette = palette;
    this.#sprites = undefined;
    this.#ask(true);
  }

  /** Undefined while there is no room for the cells, or nobody to draw. */
  get layout(): CountryLayout | undefined {
    return this.#layout;
  }

  /** False: there are so many rooms that a cell is a whole site. */
  get isOfRooms(): boolean {
    return this.#isOfRooms;
  }

  /** The picture for whoever moves a cursor over it. */
  get field(): CursorField {
    return {
      sites: this.model.sites,
      groups: this.model.groups,
      widthPx: this.#area.widthPx,
      boxesOf: (site) => this.boxesOf(site),
      siteAt: (xPx, yPx) => this.siteAt(xPx, yPx),
    };
  }

  /** Device pixels of a CSS pixel. */
  get ratio(): number {
    return this.#area.ratio;
  }

  /** Calls back when blocks are in other places. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The site at a point of the canvas, in CSS pixels; −1 for none. */
  siteAt(xPx: number, yPx: number): number {
    if (!this.#layout) return -1;
    const { ratio } = this.#area;
    const cell = cellAt(this.#layout, xPx * ratio, yPx * ratio);
    if (cell < 0) return -1;
    return this.#isOfRooms ? this.model.siteOfRoom(cell) : cell;
  }

  /** The columns of cells that are a site's. */
  boxesOf(site: number): PlacedBox[] {
    const layout = this.#layout;
    const found = this.model.sites[site];
    if (!layout || !found) return [];
    const [first, count] = this.#isOfRooms ? [found.firstRoom, found.roomCodes.length] : [site, 1];
    const boxes: PlacedBox[] = [];
    const { ratio } = this.#area;
    let from = first;
    for (let cell = first; cell < first + count; cell += 1) {
      const isLast = cell === first + count - 1 || layout.x[cell + 1] !== layout.x[cell];
      if (!isLast) continue;
      boxes.push({
        leftPx: (layout.x[from] ?? 0) / ratio,
        topPx: (layout.y[from] ?? 0) / ratio,
        widthPx: layout.pitch / ratio,
        heightPx: ((cell - from + 1) * layout.pitch) / ratio,
      });
      from = cell + 1;
    }
    return boxes;
  }

  #look(): void {
    const change = this.model.update(this.#source.state);
    if (change.isRebuilt) {
      this.#place();
      return;
    }
    const changed = this.#isOfRooms ? change.rooms : change.sites;
    if (changed.length === 0) return;
    for (const cell of changed) this.#dirty.add(cell);
    this.#ask(false);
  }

  #place(): void {
    const { widthPx, heightPx, captionPx, ratio } = this.#area;
    const { groups, sites } = this.model;
    const area = {
      width: Math.floor(widthPx * ratio),
      height: Math.floor(heightPx * ratio),
      caption: Math.ceil(captionPx * ratio),
      gap: Math.ceil(6 * ratio),
    };
    const ofRooms = groups.map((group) => ({
      cells: group.sites.map((site) => sites[site]?.roomCodes.length ?? 1),
    }));
    const ofSites = groups.map((group) => ({ cells: group.sites.map(() => 1) }));
    const layout = layoutCountry(ofRooms, area, Math.ceil(ROOM_PITCH_MIN * ratio));
    this.#isOfRooms = layout !== undefined;
    this.#layout = layout ?? layoutCountry(ofSites, area, 1);
    this.#canvas.width = area.width;
    this.#canvas.height = area.height;
    this.#sprites = undefined;
    this.#ask(true);
    for (const listener of this.#listeners) listener();
  }

  /** One frame is asked for, however much changes before it. */
  #ask(isWhole: boolean): void {
    this.#isWhole ||= isWhole;
    this.#takeBack ??= this.#environment.nextFrame(() => {
      this.#takeBack = undefined;
      this.#paint();
    });
  }

  #paint(): void {
    const context = this.#canvas.getContext('2d', { alpha: false });
    const isWhole = this.#isWhole;
    if (!context || !this.#palette) return;
    this.#isWhole = false;
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    const layout = this.#layout;
    const sprites = layout && this.#spritesOf(layout.pitch, this.#palette);
    if (!layout || !sprites) {
      context.fillStyle = this.#palette.ground;
      context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    } else if (isWhole) this.#paintWhole(context, layout, sprites);
    else {
      const { pitch, x, y } = layout;
      for (const cell of dirty) {
        const from = this.#spriteX(cell, pitch);
        const [left, top] = [x[cell] ?? 0, y[cell] ?? 0];
        context.drawImage(sprites.canvas, from, 0, pitch, pitch, left, top, pitch, pitch);
      }
    }
  }

  #paintWhole(context: CanvasRenderingContext2D, layout: CountryLayout, sprites: Sprites): void {
    const { width, height } = this.#canvas;
    const image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    pixels.fill(sprites.ground);
    const cells = { layout, spriteX: (cell: number) => this.#spriteX(cell, layout.pitch) };
    composeCells(pixels, width, cells, sprites.strip);
    context.putImageData(image, 0, 0);
  }

  #spriteX(cell: number, pitch: number): number {
    const states = this.#isOfRooms ? this.model.roomStates : this.model.siteStates;
    const site = this.#isOfRooms ? this.model.siteOfRoom(cell) : cell;
    return spriteX(states[cell] ?? 0, site % 2 === 1, pitch);
  }

  #spritesOf(pitch: number, palette: CountryPalette): Sprites | undefined {
    if (this.#sprites) return this.#sprites;
    const [width, groundX] = [stripWidth(pitch), groundSpriteX(pitch)];
    const canvas = this.#environment.makeCanvas(width, pitch);
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) return undefined;
    drawSprites(context, palette, pitch);
    const pixels = new Uint32Array(context.getImageData(0, 0, width, pitch).data.buffer);
    this.#sprites = { canvas, strip: { pixels, width }, ground: pixels[groundX] ?? 0 };
    return this.#sprites;
  }
}
