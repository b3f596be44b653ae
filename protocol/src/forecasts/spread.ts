/** Low, median and high of a time from now, ms. Nine of ten come true inside; `low` ≤ `mid` ≤ `high`. */
export interface Span {
  readonly lowMs: number;
  readonly midMs: number;
  readonly highMs: number;
}

/** Share of outcomes that a range promises to hold. */
export const NOMINAL_SHARE = 0.9;
/** Normal quantile at 0.95: one in twenty lies over the range, one under it. */
const NORMAL_95 = 1.645;

/** The value that a share `p` of the sorted values lies under, linear between two; NaN of none. */
export function quantileOf(sorted: readonly number[], p: number): number {
  const at = (sorted.length - 1) * p;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  if (low === undefined || high === undefined) return Number.NaN;
  // Two infinities have no difference: the lower is the answer.
  return low === high ? low : low + (high - low) * (at - Math.floor(at));
}

/** Mean; 0 of none. */
export function meanOf(values: readonly number[]): number {
  if (values.length === 0) return 0;
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

/**
 * Student's quantile at 0.95 for `degrees` of freedom (Abramowitz & Stegun 26.7.5): a spread that
 * was itself estimated from little is wider than a known one.
 */
export function student95(degrees: number): number {
  const z = NORMAL_95;
  const n = Math.max(2, degrees);
  const first = (z ** 3 + z) / (4 * n);
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * n ** 2);
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * n ** 3);
  return z + first + second + third;
}

/** Chance that a standard normal value is at most `z` (Abramowitz & Stegun 26.2.17, ±7.5e-8). */
export function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const tail =
    density *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z >= 0 ? 1 - tail : tail;
}

/** A range as wide on the scale of ratios both ways: never negative. */
export function spanAround(midMs: number, spreadMs: number): Span {
  const highMs = midMs + spreadMs;
  return { lowMs: midMs === 0 ? 0 : midMs ** 2 / highMs, midMs, highMs };
}

/** One after the other, independent of each other: medians add, spreads add as squares. */
export function sumSpans(...spans: readonly Span[]): Span {
  const midMs = spans.reduce((sum, each) => sum + each.midMs, 0);
  const down = Math.hypot(...spans.map((each) => each.midMs - each.lowMs));
  const up = Math.hypot(...spans.map((each) => each.highMs - each.midMs));
  return { lowMs: Math.max(0, midMs - down), midMs, highMs: midMs + up };
}

/**
 * How long something goes on that has gone on for `elapsedMs`, when nothing else is known of it:
 * as likely as not as long again (Gott 1993: one is at a random moment of the whole). The range opens
 * up by itself while it lasts.
 */
export function spanOfStandstill(elapsedMs: number): Span {
  return { lowMs: elapsedMs / 19, midMs: elapsedMs, highMs: elapsedMs * 19 };
}

/** The later of two, quantile by quantile. */
export function laterSpan(a: Span, b: Span): Span {
  return {
    lowMs: Math.max(a.lowMs, b.lowMs),
    midMs: Math.max(a.midMs, b.midMs),
    highMs: Math.max(a.highMs, b.highMs),
  };
}

/**
 * Chance that a positive value with this range is at most `limit`: log-normal with a width of its
 * own on either side of the median.
 */
export function chanceOf(range: { low: number; mid: number; high: number }, limit: number): number {
  const { low, mid, high } = range;
  if (!(mid > 0)) return limit >= 0 ? 1 : 0;
  if (limit <= 0) return 0;
  const width = limit >= mid ? Math.log(high / mid) : Math.log(mid / Math.max(low, mid * 1e-6));
  const away = Math.log(limit / mid);
  if (width <= 0) return away >= 0 ? 1 : 0;
  return normalCdf((NORMAL_95 * away) / width);
}

/** What is held of a speed's spread before it is seen. */
export interface LogPrior {
  /** Standard deviation of the speed's logarithm. */
  readonly sd: number;
  /** Measurements that this opinion is worth. */
  readonly weight: number;
}

/** Where the next value of a positive quantity will lie. */
export interface LogRange {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
  /** Measurements it rests on. */
  readonly count: number;
}

/** Range of the next value after these, by their logarithms; undefined of none that is positive. */
export function nextValue(values: readonly number[], prior: LogPrior): LogRange | undefined {
  const logs = values.filter((each) => each > 0).map(Math.log);
  if (logs.length === 0) return undefined;
  // The median: one test that another download spoilt does not move it.
  const middle = quantileOf(
    [...logs].sort((a, b) => a - b),
    0.5,
  );
  const squares = logs.reduce((sum, each) => sum + (each - middle) ** 2, 0);
  const degrees = prior.weight + logs.length - 1;
  const sd = Math.sqrt((prior.weight * prior.sd ** 2 + squares) / degrees);
  const width = student95(degrees) * sd * Math.sqrt(1 + 1 / logs.length);
  return {
    low: Math.exp(middle - width),
    mid: Math.exp(middle),
    high: Math.exp(middle + width),
    count: logs.length,
  };
}
