import { describe, expect, it } from 'vitest';
import type { Verdict } from '@ppe-pulse/protocol';
import { cellBoxes, cellColumns, cellsHeightEm } from '../../board/src/wall/cell-boxes.ts';
import { roomAt } from '../../board/src/wall/use-cell-titles.ts';
import { drawCell, lookOf, type CellPalette } from '../../board/src/wall/cell-looks.ts';
import type { RoomCell } from '../../board/src/wall/tiles.ts';
import { recordingPen } from '../support/cell-pen.ts';

const roomOf = (verdict: Verdict, part: Partial<RoomCell> = {}): RoomCell => ({
  code: '0001',
  verdict,
  isDone: false,
  isUnheard: false,
  ...part,
});

const strip = { x: 10, bottom: 100, w: 108, em: 10 };

describe('the cells of a tile', () => {
  it('stand in rows on the lower edge of their strip, with a gap between them', () => {
    const boxes = cellBoxes(4, 2, strip);
    expect(boxes).toEqual([
      { x: 10, y: 80, w: 53, h: 9 },
      { x: 65, y: 80, w: 53, h: 9 },
      { x: 10, y: 91, w: 53, h: 9 },
      { x: 65, y: 91, w: 53, h: 9 },
    ]);
    expect(cellsHeightEm(2)).toBeCloseTo(1.9, 9);
    expect([cellsHeightEm(0), cellBoxes(0, 10, strip)]).toEqual([0, []]);
  });

  it('stand on whole pixels, never touch and stay within the strip, whatever its size', () => {
    for (const w of [83.3, 100, 131.7, 260.04, 333.3])
      for (const columns of [10, 11, 20]) {
        const boxes = cellBoxes(columns, columns, { x: 7.4, bottom: 50.6, w, em: 9.3 });
        for (const [at, { x, y, w: width, h }] of boxes.entries()) {
          expect([x, y, width, h].every(Number.isInteger)).toBe(true);
          expect(width).toBeGreaterThanOrEqual(1);
          const next = boxes[at + 1];
          if (next) expect(x + width).toBeLessThan(next.x);
          else expect(x + width).toBeLessThanOrEqual(Math.round(7.4 + w));
        }
      }
  });

  it('have a size also where there are far too many of them', () => {
    const boxes = cellBoxes(999, 333, { x: 0, bottom: 60, w: 300, em: 10 });
    expect(boxes.every(({ w, h }) => w >= 1 && h >= 1)).toBe(true);
    expect(boxes.every(({ x, w }) => x >= 0 && x + w <= 302)).toBe(true);
  });

  it('stand in at most two rows, in three where a plain tile has more than forty', () => {
    expect([0, 1, 20, 21, 40, 41, 200].map((count) => cellColumns(count, false))).toEqual([
      10, 10, 10, 11, 20, 14, 67,
    ]);
    expect([1, 20, 30, 40, 41, 200].map((count) => cellColumns(count, true))).toEqual([
      20, 20, 30, 40, 21, 100,
    ]);
  });

  it('look like their verdict; done and never heard have looks of their own', () => {
    expect(lookOf(roomOf('fail', { isDone: true }))).toBe('fail');
    expect(lookOf(roomOf('ok', { isDone: true }))).toBe('done');
    expect(lookOf(roomOf('unknown', { isUnheard: true }))).toBe('unheard');
    expect(lookOf(roomOf('notInvolved', { isUnheard: true }))).toBe('notInvolved');
  });

  it('never heard are a thin line before the day, else an outline', () => {
    const box = { x: 0, y: 0, w: 20, h: 10 };
    const drawn = (isUnheardThin: boolean): readonly string[] => {
      const pen = recordingPen();
      drawCell(pen, 'unheard', box, { ...grey, isUnheardThin });
      return pen.strokes;
    };
    expect(drawn(true)[0]).toBe('rect 0 0 20 1');
    expect(drawn(false)[0]).toBe('rect 0 0 20 2');
  });

  it('are found under a pointer', () => {
    const rooms = ['0000', '0001', '0002'];
    expect(roomAt(rooms, 2, { x: 0.1, y: 0.1 })).toBe('0000');
    expect(roomAt(rooms, 2, { x: 0.9, y: 0.1 })).toBe('0001');
    expect(roomAt(rooms, 2, { x: 0.1, y: 0.9 })).toBe('0002');
    expect(roomAt(rooms, 2, { x: 0.9, y: 0.9 })).toBeUndefined();
    expect(roomAt(rooms, 2, { x: 1.2, y: -0.1 })).toBeUndefined();
  });
});

const grey: CellPalette = {
  work: '#111',
  done: '#222',
  warn: '#333',
  fail: '#444',
  mark: '#fff',
  unknown: '#555',
  unheard: '#666',
  isUnheardThin: false,
  other: '#777',
};
