import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GAP_REM, fitGrid, type GridFit, type GridNeed } from '../../board/src/wall/fit-grid.ts';

/** The grid's part of a wall of 1080 lines: two thirds of the width, below header and stages. */
const wall = { widthPx: 1_270, heightPx: 800, remPx: 10 };
const need = (tiles: number, wide: number, part: Partial<GridNeed> = {}): GridNeed => ({
  ...wall,
  wants: Array.from({ length: tiles }, (_, at) => at < wide),
  ...part,
});

/** What the browser makes of it: the size of everything with the gaps. */
function sizeOf(fit: GridFit, remPx: number): { width: number; height: number } {
  const gap = GAP_REM * remPx;
  return {
    width: fit.columns * fit.tileWidthPx + (fit.columns - 1) * gap,
    height: fit.rows * fit.tileHeightPx + (fit.rows - 1) * gap,
  };
}

describe('the grid of tiles', () => {
  it('takes up to 120 tiles on a wall of 1080 lines, whichever of them are in trouble', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 120 }), (wants) => {
        const fit = fitGrid({ ...wall, wants });
        const { width, height } = sizeOf(fit, wall.remPx);
        expect(fit.isFitting).toBe(true);
        expect(width).toBeLessThanOrEqual(wall.widthPx + 0.01);
        expect(height).toBeLessThanOrEqual(wall.heightPx + 0.01);
      }),
    );
  });

  it('gives every tile a place of its own, in the order given, inside its columns', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 200 }),
        fc.integer({ min: 300, max: 4_000 }),
        fc.option(fc.integer({ min: 200, max: 2_200 })),
        (wants, widthPx, heightPx) => {
          const fit = fitGrid({ widthPx, heightPx, remPx: 10, wants });
          expect(fit.places).toHaveLength(wants.length);
          let end = 0;
          for (const { column, row, span } of fit.places) {
            const start = (row - 1) * fit.columns + column;
            expect(start).toBeGreaterThan(end);
            end = start + span - 1;
            expect(column + span - 1).toBeLessThanOrEqual(fit.columns);
            expect(row).toBeLessThanOrEqual(fit.rows);
          }
          const spans = fit.places.map(({ span }) => span);
          if (fit.hasWide && fit.columns > 1)
            expect(spans).toEqual(wants.map((isWide) => (isWide ? 2 : 1)));
          else expect(spans.every((span) => span === 1)).toBe(true);
        },
      ),
    );
  });

  it('keeps problem tiles wide on an ordinary bad day and shrinks them in a flood', () => {
    expect(fitGrid(need(98, 13)).hasWide).toBe(true);
    expect(fitGrid(need(100, 20)).hasWide).toBe(true);
    const flood = fitGrid(need(98, 70));
    expect(flood.hasWide).toBe(false);
    expect(flood.scale).toBeGreaterThan(fitGrid(need(98, 13)).scale);
  });

  it('shows the same picture on 4K, sharper', () => {
    const plain = fitGrid(need(98, 13));
    const sharp = fitGrid(need(98, 13, { widthPx: 2_540, heightPx: 1_600, remPx: 20 }));
    expect(sharp.places).toEqual(plain.places);
    expect(sharp.scale).toBeCloseTo(plain.scale);
    expect(sharp.tileWidthPx).toBeCloseTo(plain.tileWidthPx * 2);
  });

  it('makes tiles larger while there are few, but no posters', () => {
    const [few, many] = [fitGrid(need(12, 0)), fitGrid(need(100, 0))];
    expect(few.scale).toBeGreaterThan(many.scale);
    const one = fitGrid(need(1, 0));
    expect(one.tileWidthPx).toBeLessThan(wall.widthPx / 4);
    expect(one.tileHeightPx).toBeLessThan(wall.heightPx / 4);
  });

  it('says that it does not fit before tiles become unreadable', () => {
    const fit = fitGrid(need(399, 0));
    expect(fit.isFitting).toBe(false);
    expect(fit.tileHeightPx).toBeGreaterThan(50);
    expect(sizeOf(fit, wall.remPx).width).toBeLessThanOrEqual(wall.widthPx + 0.01);
  });

  it('has tiles of their drawn size where the page scrolls anyway', () => {
    const fit = fitGrid(need(98, 13, { widthPx: 400, heightPx: null }));
    expect([fit.columns, fit.scale, fit.isFitting, fit.hasWide]).toEqual([3, 1, true, true]);
    expect(fitGrid(need(2, 2, { widthPx: 100, heightPx: null })).columns).toBe(1);
  });

  it('of no tiles is empty', () => {
    expect(fitGrid(need(0, 0)).places).toEqual([]);
  });
});
