import { describe, expect, it } from 'vitest';
import type { Verdict } from '@ppe-pulse/protocol';
import { cellColumns, cellsPicture, roomAt } from '../../board/src/wall/cell-paths.ts';
import type { RoomCell } from '../../board/src/wall/tiles.ts';
import { looksOf } from '../support/theatre/shown-cells.ts';

const roomOf = (code: string, verdict: Verdict, part: Partial<RoomCell> = {}): RoomCell => ({
  code,
  verdict,
  isDone: false,
  isUnheard: false,
  ...part,
});

describe('the cells of a tile', () => {
  it('are one path a look, in one order, and a cell lies where its room comes', () => {
    const rooms = [
      roomOf('0000', 'fail'),
      roomOf('0001', 'ok'),
      roomOf('0002', 'ok', { isDone: true }),
      roomOf('0003', 'ok'),
    ];
    const picture = cellsPicture(rooms, 2, 220);
    expect(picture).toMatchObject({ width: 220, height: 190 });
    expect(picture.shapes.map(({ look }) => look)).toEqual(['ok', 'done', 'fail', 'cross']);
    expect(picture.shapes[0]?.path).toBe('M120 0h100v85h-100zM120 105h100v85h-100z');
    expect(picture.shapes[2]?.path).toBe('M0 0h100v85h-100z');
  });

  it('of a room that nobody ever heard are an outline, and of no room nothing', () => {
    const unheard = roomOf('0001', 'unknown', { isUnheard: true });
    expect(cellsPicture([unheard], 10, 1_000).shapes.map(({ look }) => look)).toEqual(['unheard']);
    expect(cellsPicture([], 10, 1_000)).toEqual({ width: 1_000, height: 0, shapes: [] });
  });

  it('stand in at most two rows, in three where a plain tile has more than forty', () => {
    expect([0, 1, 20, 21, 40, 41, 200].map((count) => cellColumns(count, false))).toEqual([
      10, 10, 10, 11, 20, 14, 67,
    ]);
    expect([1, 20, 30, 40, 41, 200].map((count) => cellColumns(count, true))).toEqual([
      20, 20, 30, 40, 21, 100,
    ]);
  });

  it('have a size also where there are far too many of them', () => {
    const rooms = Array.from({ length: 999 }, (_, at) => roomOf(String(at), 'warn'));
    expect(cellsPicture(rooms, 333, 500).shapes[0]?.path).not.toMatch(/NaN|h-?0[^.\d]/);
  });

  it('say which room stands how, whatever their size: tests of the wall read them so', () => {
    const verdicts = ['fail', 'ok', 'warn', 'unknown', 'silentByRule', 'notInvolved'] as const;
    const rooms = [...verdicts, ...verdicts].map((verdict, at) =>
      roomOf(String(at), verdict, { isUnheard: at === 9, isDone: at === 7 }),
    );
    const looks = [...verdicts, ...verdicts].map((verdict, at) =>
      at === 9 ? 'unheard' : at === 7 ? 'done' : verdict,
    );
    for (const [columns, width] of [
      [10, 1_000],
      [5, 333],
    ] as const) {
      const { shapes } = cellsPicture(rooms, columns, width);
      expect(looksOf(shapes.map(({ look, path }) => ({ look, d: path })))).toEqual(looks);
    }
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
