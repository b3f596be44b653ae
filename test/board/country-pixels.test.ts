import { describe, expect, it } from 'vitest';
import { composeCells } from '../../board/src/country/country-pixels.ts';

describe('cells in the pixels of a picture', () => {
  it('are their sprites, each in its place, and nothing beside them', () => {
    // Two sprites of two by two pixels beside each other.
    const strip = { pixels: Uint32Array.from([1, 2, 5, 6, 3, 4, 7, 8]), width: 4 };
    const width = 5;
    const out = new Uint32Array(width * 4).fill(9);
    const layout = { pitch: 2, x: Int32Array.from([0, 3]), y: Int32Array.from([1, 2]) };
    composeCells(out, width, { layout, spriteX: (cell) => cell * 2 }, strip);
    expect([...out]).toEqual([9, 9, 9, 9, 9, 1, 2, 9, 9, 9, 3, 4, 9, 5, 6, 9, 9, 9, 7, 8]);
  });
});
