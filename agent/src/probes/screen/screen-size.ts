/** Pixels of one screen. */
export interface ScreenSize {
  readonly width: number;
  readonly height: number;
}

/** Screens that are plugged in; null for one that does not tell its size. */
export type PluggedScreens = readonly (ScreenSize | null)[];

/** Wider than any screen that is made: what is beyond it is no size. */
const MAX_PIXELS = 100_000;

/** The largest of some screens; undefined when none of them has a size. */
export function largestScreen(screens: PluggedScreens): ScreenSize | undefined {
  return screens
    .filter((each) => each !== null)
    .filter(({ width, height }) => isSize(width) && isSize(height))
    .reduce<ScreenSize | undefined>(
      (best, each) => (best && best.width * best.height >= each.width * each.height ? best : each),
      undefined,
    );
}

function isSize(pixels: number): boolean {
  return Number.isSafeInteger(pixels) && pixels > 0 && pixels <= MAX_PIXELS;
}
