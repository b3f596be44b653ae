import { describe, expect, it } from 'vitest';
import { densities, type Viewing } from '../../board/src/display/density.ts';
import { readabilityOf } from '../../board/src/display/readability.ts';

const viewingOf = (diagonalInches: number, distanceMetres: number, across = 1): Viewing => ({
  diagonalInches,
  distanceMetres,
  screensAcross: across,
});

/** Diagonal, panels across, mm a pixel; smallest and easy font, cells by distance in metres. */
const table: readonly (readonly [number, number, number, Record<number, readonly number[]>])[] = [
  [55, 1, 0.634, { 3: [31, 39, 1642], 4: [42, 52, 923], 5: [52, 66, 591], 7: [73, 92, 301] }],
  [65, 1, 0.749, { 3: [27, 33, 2294], 4: [35, 44, 1290], 5: [44, 55, 825], 7: [62, 78, 421] }],
  [75, 1, 0.865, { 3: [23, 29, 3054], 4: [31, 38, 1718], 5: [38, 48, 1099], 7: [54, 67, 560] }],
  [86, 1, 0.992, { 3: [20, 25, 4015], 4: [27, 34, 2258], 5: [34, 42, 1445], 7: [47, 59, 737] }],
  [98, 1, 1.13, { 3: [18, 22, 5214], 4: [24, 29, 2933], 5: [29, 37, 1877], 7: [41, 51, 957] }],
  [55, 2, 1.268, { 3: [16, 20, 6570], 4: [21, 26, 3695], 5: [26, 33, 2365], 7: [37, 46, 1182] }],
  [55, 3, 1.902, { 3: [10, 13, 14782], 4: [14, 17, 8315], 5: [17, 22, 5321], 7: [24, 31, 2715] }],
];

describe('what a display can show', () => {
  const rows = table.flatMap(([inches, across, mm, byDistance]) =>
    Object.entries(byDistance).map(([metres, figures]) => ({
      inches,
      across,
      mm,
      metres,
      figures,
    })),
  );
  it.each(rows)(
    '$inches″ × $across from $metres m: font and cells of the design’s table',
    ({ inches, across, mm, metres, figures }) => {
      const found = readabilityOf(viewingOf(inches, Number(metres), across));
      const [smallest = 0, easy = 0, cells = 0] = figures;
      expect(found.mmPerPx).toBeCloseTo(mm, 3);
      // The table is rounded: by a pixel's half, and in cells by whole rows and columns.
      expect(Math.abs(found.smallestFontPx - smallest)).toBeLessThanOrEqual(0.6);
      expect(Math.abs(found.easyFontPx - easy)).toBeLessThanOrEqual(0.6);
      expect(Math.abs(found.cells / cells - 1)).toBeLessThan(0.025);
    },
  );

  it('is the desk’s picture up close, the wall’s in a small room, the hall’s across one', () => {
    const of = (inches: number, metres: number, across = 1) =>
      readabilityOf(viewingOf(inches, metres, across)).density;
    expect(of(24, 0.6)).toBe('desk');
    expect(of(98, 3)).toBe('wall');
    expect(of(55, 5, 3)).toBe('wall');
    expect(of(65, 4)).toBe('hall');
    expect(of(86, 5)).toBe('hall');
  });

  it('is too small from where even the hall’s text is below 16 minutes of arc', () => {
    const near = readabilityOf(viewingOf(65, 4));
    expect([near.isTooSmall, near.arcMinutes >= 16]).toEqual([false, true]);
    const far = readabilityOf(viewingOf(55, 7));
    expect([far.density, far.isTooSmall, far.arcMinutes < 16]).toEqual(['hall', true, true]);
  });

  it('only asks for larger text from further away', () => {
    let before = 0;
    for (let metres = 0.5; metres < 20; metres += 0.5) {
      const at = densities.indexOf(readabilityOf(viewingOf(75, metres)).density);
      expect(at).toBeGreaterThanOrEqual(before);
      before = at;
    }
  });
});
