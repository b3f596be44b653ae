import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cellAt,
  layoutCountry,
  type LayoutArea,
  type LayoutGroup,
} from '../../board/src/country/country-layout.ts';

const area: LayoutArea = { width: 1_400, height: 760, caption: 18, gap: 6 };

const groups = fc.array(
  fc.record({ cells: fc.array(fc.integer({ min: 1, max: 26 }), { minLength: 1, maxLength: 90 }) }),
  { minLength: 1, maxLength: 90 },
);
const areas = fc.record({
  width: fc.integer({ min: 200, max: 3_800 }),
  height: fc.integer({ min: 120, max: 2_000 }),
  caption: fc.integer({ min: 8, max: 40 }),
  gap: fc.integer({ min: 0, max: 12 }),
});

function cellsOf(all: readonly LayoutGroup[]): number {
  return all.reduce((sum, { cells }) => sum + cells.reduce((own, each) => own + each, 0), 0);
}

describe('the layout of a country', () => {
  it('puts every cell inside the area, and no two on the same place', () => {
    fc.assert(
      fc.property(groups, areas, (all, where) => {
        const layout = layoutCountry(all, where, 3);
        if (!layout) return;
        const count = cellsOf(all);
        expect(layout.x).toHaveLength(count);
        const taken = new Set<string>();
        // One check for all: 50,000 of them take a while.
        const outside: number[] = [];
        for (let cell = 0; cell < count; cell += 1) {
          const [x, y] = [layout.x[cell] ?? -1, layout.y[cell] ?? -1];
          const isInside =
            x >= 0 && y >= 0 && x + layout.pitch <= where.width && y + layout.pitch <= where.height;
          if (!isInside) outside.push(cell);
          taken.add(`${x} ${y}`);
        }
        expect(outside).toEqual([]);
        expect(taken.size).toBe(count);
        // Within a block cells stand on one grid; the next test says that blocks do not overlap.
        for (const block of layout.blocks) {
          expect(block.x + block.width).toBeLessThanOrEqual(where.width);
          expect(block.y + block.height).toBeLessThanOrEqual(where.height);
        }
      }),
      { seed: 719, numRuns: 60 },
    );
  });

  it('lets no two blocks overlap', () => {
    fc.assert(
      fc.property(groups, areas, (all, where) => {
        const blocks = layoutCountry(all, where, 3)?.blocks ?? [];
        for (const [at, a] of blocks.entries()) {
          for (const b of blocks.slice(at + 1)) {
            const isApart =
              a.x + a.width <= b.x ||
              b.x + b.width <= a.x ||
              a.y + a.height <= b.y ||
              b.y + b.height <= a.y;
            expect(isApart).toBe(true);
          }
        }
      }),
      { seed: 720, numRuns: 60 },
    );
  });

  it('finds the cell of every point of it, and none outside', () => {
    fc.assert(
      fc.property(groups, areas, (all, where) => {
        const layout = layoutCountry(all, where, 3);
        if (!layout) return;
        for (let cell = 0; cell < layout.x.length; cell += 7) {
          const [x, y] = [layout.x[cell] ?? 0, layout.y[cell] ?? 0];
          expect(cellAt(layout, x, y)).toBe(cell);
          expect(cellAt(layout, x + layout.pitch - 1, y + layout.pitch - 1)).toBe(cell);
        }
        expect(cellAt(layout, -1, -1)).toBe(-1);
        expect(cellAt(layout, where.width + 1, where.height + 1)).toBe(-1);
        const first = layout.blocks[0];
        if (first) expect(cellAt(layout, first.x, first.y)).toBe(-1);
      }),
      { seed: 721, numRuns: 60 },
    );
  });

  it('shows 66,000 rooms of 6,000 ППЭ in cells of three pixels on a wall of 1080 lines', () => {
    const country = Array.from({ length: 90 }, () => ({
      cells: Array.from({ length: 67 }, () => 11),
    }));
    const layout = layoutCountry(country, area, 3);
    expect(layout?.x).toHaveLength(66_330);
    expect(layout?.pitch).toBeGreaterThanOrEqual(3);
  });

  it('says so when the cells cannot be as large as they must', () => {
    const many = [{ cells: Array.from({ length: 6_000 }, () => 25) }];
    expect(layoutCountry(many, { ...area, width: 300, height: 200 }, 3)).toBeUndefined();
  });

  it('draws the largest cells that fit, and goes on in the next row with a block that is too long', () => {
    const one = layoutCountry([{ cells: [10] }], area, 3);
    expect(one?.pitch).toBe(64);
    const long = layoutCountry([{ cells: [20_000] }], { ...area, height: 700 }, 3);
    expect(long?.blocks.length).toBeGreaterThanOrEqual(1);
    expect(long?.blocks.reduce((sum, { cells }) => sum + cells, 0)).toBe(20_000);
  });
});
