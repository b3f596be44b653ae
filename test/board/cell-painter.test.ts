import { describe, expect, it } from 'vitest';
import type { Verdict } from '@ppe-pulse/protocol';
import { layCells } from '../../board/src/wall/cell-field.ts';
import type { CellPalette } from '../../board/src/wall/cell-looks.ts';
import { CellPainter, type CellField, type CellPlace } from '../../board/src/wall/cell-painter.ts';
import { fitGrid } from '../../board/src/wall/fit-grid.ts';
import type { TileView } from '../../board/src/wall/tiles.ts';
import { recordingPen } from '../support/cell-pen.ts';

const palette = (prefix: string): CellPalette => ({
  work: `${prefix}work`,
  done: `${prefix}done`,
  warn: `${prefix}warn`,
  fail: `${prefix}fail`,
  mark: `${prefix}mark`,
  unknown: `${prefix}unknown`,
  unheard: `${prefix}unheard`,
  isUnheardThin: false,
  other: `${prefix}other`,
});
const palettes = { onFail: palette('red '), onOthers: palette('') };

const placeAt = (x: number): CellPlace => ({
  strip: { x, bottom: 40, w: 108, em: 10 },
  isWide: false,
});
const field: CellField = {
  width: 300,
  height: 50,
  places: new Map([
    ['4201', placeAt(0)],
    ['4202', placeAt(150)],
  ]),
};

type Shown = Pick<TileView, 'rooms' | 'verdict'>;

const tileOf = (verdict: Verdict, verdicts: readonly Verdict[]): Shown => ({
  verdict,
  rooms: verdicts.map((each, at) => ({
    code: String(at),
    verdict: each,
    isDone: false,
    isUnheard: false,
  })),
});

/** A painter over a canvas that remembers its strokes; frames are drawn when the test says so. */
function easel(): {
  readonly painter: CellPainter;
  readonly show: (code: string, tile: Shown) => void;
  /** Draws the frame that was asked for, and answers the colours used since the last one. */
  readonly frame: () => string[];
  readonly cleared: string[];
  readonly asked: () => number;
} {
  const pen = recordingPen();
  const cleared: string[] = [];
  const context = Object.assign(pen, {
    clearRect: (...numbers: readonly number[]) => void cleared.push(numbers.join(' ')),
  });
  const canvas = { width: 0, height: 0, getContext: () => context } as unknown as HTMLCanvasElement;
  const tiles = new Map<string, Shown>();
  const listeners = new Set<(codes: readonly string[]) => void>();
  const frames: (() => void)[] = [];
  let asked = 0;
  const source = {
    view: (code: string) => tiles.get(code),
    subscribe: (listener: (codes: readonly string[]) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const painter = new CellPainter(canvas, source, (paint) => {
    asked += 1;
    frames.push(paint);
    return () => void frames.splice(frames.indexOf(paint), 1);
  });
  let told = 0;
  return {
    painter,
    cleared,
    asked: () => asked,
    show: (code, tile) => {
      tiles.set(code, tile);
      for (const listener of listeners) listener([code]);
    },
    frame: () => {
      for (const paint of frames.splice(0)) paint();
      const used = pen.colours.slice(told);
      told = pen.colours.length;
      return used;
    },
  };
}

describe('the canvas of all cells', () => {
  it('draws everything at once, then of a frame only the cells that look different', () => {
    const { painter, show, frame, cleared, asked } = easel();
    show('4201', tileOf('ok', ['ok', 'ok', 'ok']));
    show('4202', tileOf('warn', ['warn', 'ok']));
    painter.lay(field, palettes);
    expect(frame()).toEqual(['work', 'work', 'work', 'warn', 'work']);
    painter.start();
    cleared.length = 0;
    show('4201', tileOf('warn', ['ok', 'warn', 'ok']));
    show('4201', tileOf('warn', ['ok', 'warn', 'ok']));
    expect(asked()).toBe(1);
    expect(frame()).toEqual(['warn']);
    expect(cleared).toEqual(['11 31 9 9']);
  });

  it('draws all cells of a tile that turns to failure, and back', () => {
    const { painter, show, frame } = easel();
    show('4201', tileOf('ok', ['ok', 'ok']));
    painter.lay(field, palettes);
    painter.start();
    frame();
    show('4201', tileOf('fail', ['ok', 'fail']));
    expect(frame()).toEqual(['red work', 'red fail', 'red mark']);
    show('4201', tileOf('ok', ['ok', 'ok']));
    expect(frame()).toEqual(['work', 'work']);
  });

  it('takes away the cells of rooms that are gone', () => {
    const { painter, show, frame, cleared } = easel();
    show(
      '4201',
      tileOf(
        'ok',
        Array.from({ length: 12 }, () => 'ok'),
      ),
    );
    painter.lay(field, palettes);
    painter.start();
    frame();
    cleared.length = 0;
    show('4201', tileOf('ok', ['ok']));
    expect(frame()).toEqual(['work']);
    // Twelve old ones, and the ground of the new one.
    expect(cleared.length).toBe(13);
  });

  it('knows nothing of a tile that has no place, and draws no more once it is stopped', () => {
    const { painter, show, frame } = easel();
    painter.lay(field, palettes);
    const stop = painter.start();
    show('9999', tileOf('fail', ['fail']));
    expect(frame()).toEqual([]);
    show('4201', tileOf('fail', ['fail']));
    stop();
    expect(frame()).toEqual([]);
  });
});

describe('the places of all cells', () => {
  const fit = fitGrid({ widthPx: 1_260, heightPx: 830, remPx: 10, wants: [true, false, false] });

  it('are within their tiles, in device pixels', () => {
    const laid = layCells(['4201', '4202', '4203'], fit, { remPx: 10, ratio: 2 });
    expect([laid.width, laid.height]).toEqual([
      Math.ceil(laid.widthPx * 2),
      Math.ceil(laid.heightPx * 2),
    ]);
    const places = [...laid.places.values()];
    expect(places.map(({ isWide }) => isWide)).toEqual([true, false, false]);
    for (const [at, { strip }] of places.entries()) {
      const { column = 0, row = 0, span = 1 } = fit.places[at] ?? {};
      const left = (column - 1) * (fit.tileWidthPx + 5) * 2;
      expect(strip.x).toBeCloseTo(left + fit.scale * 20, 6);
      expect(strip.x + strip.w).toBeLessThan(left + span * (fit.tileWidthPx + 5) * 2);
      const top = (row - 1) * (fit.tileHeightPx + 5) * 2;
      expect(strip.bottom).toBeCloseTo(top + fit.tileHeightPx * 2 - fit.scale * 12, 6);
    }
  });

  it('of a page that is longer than any canvas are coarser, and still all there', () => {
    const codes = Array.from({ length: 400 }, (_, at) => String(at));
    const long = fitGrid({
      widthPx: 360,
      heightPx: null,
      remPx: 10,
      wants: codes.map(() => false),
    });
    const laid = layCells(codes, long, { remPx: 10, ratio: 3 });
    expect(laid.height).toBeLessThanOrEqual(16_000);
    expect(laid.places.size).toBe(400);
    const last = [...laid.places.values()].at(-1);
    expect(last?.strip.bottom).toBeLessThan(laid.height);
  });
});
