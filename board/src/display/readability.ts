import { densities, type Density, type Viewing } from './density.ts';

/** What a display can show, on a base of 1080 lines: a 4K panel doubles pixels, not size. */
export interface Readability {
  readonly mmPerPx: number;
  /** The least font that is still read, 16′ of arc; and one that is read with ease, 20′. */
  readonly smallestFontPx: number;
  readonly easyFontPx: number;
  /** Cells of 20′ on 60 % of the area. */
  readonly cells: number;
  readonly density: Density;
  /** Minutes of arc that the smallest text of that density has here. */
  readonly arcMinutes: number;
  /** The smallest text of the density is below 16′: from there it is not read. */
  readonly isTooSmall: boolean;
}

const MM_PER_INCH = 25.4;
const WIDTH_PX = 1920;
const HEIGHT_PX = 1080;
const DIAGONAL_PX = Math.hypot(WIDTH_PX, HEIGHT_PX);
/** NUREG-0700: characters of at least 16 minutes of arc, 20 preferred. */
export const LEAST_ARC = 16;
const EASY_ARC = 20;
/** Height of a capital letter in the board's font, in em. */
const CAP_HEIGHT_EM = 0.7;
/** Parts of a display that cells may take. */
const CELL_AREA = 0.6;

/** The smallest text that carries a status in each density, px of 1080 lines. */
export const smallestTextPx: Readonly<Record<Density, number>> = { desk: 14.5, wall: 18, hall: 36 };

/** What a display can show to who looks at it, and the density that fits. Pure. */
export function readabilityOf(viewing: Viewing): Readability {
  const { diagonalInches, distanceMetres, screensAcross } = viewing;
  const mmPerPx = (diagonalInches * MM_PER_INCH * screensAcross) / DIAGONAL_PX;
  const distanceMm = distanceMetres * 1_000;
  const fontPx = (arc: number): number => heightMm(arc, distanceMm) / mmPerPx / CAP_HEIGHT_EM;
  const cellPx = heightMm(EASY_ARC, distanceMm) / mmPerPx;
  const smallestFontPx = fontPx(LEAST_ARC);
  const density = densityFor(smallestFontPx);
  const arcMinutes = arcOf(smallestTextPx[density] * CAP_HEIGHT_EM * mmPerPx, distanceMm);
  return {
    mmPerPx,
    smallestFontPx,
    easyFontPx: fontPx(EASY_ARC),
    cells: Math.floor((WIDTH_PX * HEIGHT_PX * CELL_AREA) / cellPx ** 2),
    density,
    arcMinutes,
    isTooSmall: arcMinutes < LEAST_ARC,
  };
}

/** The density that shows most of those whose text is read; the hall's where none is. */
function densityFor(smallestFontPx: number): Density {
  return densities.find((density) => smallestTextPx[density] >= smallestFontPx) ?? 'hall';
}

function heightMm(arcMinutes: number, distanceMm: number): number {
  return 2 * distanceMm * Math.tan((arcMinutes / 60 / 2) * (Math.PI / 180));
}

function arcOf(sizeMm: number, distanceMm: number): number {
  return 2 * Math.atan(sizeMm / 2 / distanceMm) * (180 / Math.PI) * 60;
}
