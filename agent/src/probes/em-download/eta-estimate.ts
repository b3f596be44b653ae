/** When a download will be over, from now, ms. `lowMs` ≤ `midMs` ≤ `highMs`. */
export interface EtaRange {
  readonly lowMs: number;
  readonly midMs: number;
  readonly highMs: number;
  /** The past is no guide: too short, too uneven, drifting or with silence. */
  readonly unstable: boolean;
}

/** Of a normal distribution, both sides: nine of ten downloads end inside the range. */
const NINE_OF_TEN = 1.645;
/**
 * Seconds of a line are alike in runs, not independent: a sum of them spreads about twice as far as
 * that of independent ones (a run of four, AR(1) with 0.6).
 */
const RUNS = 2;
/** A steady line is still forecast no better than this: TCP's own start and end. */
const LEAST_SPREAD = 0.02;
const FEWEST_SECONDS = 3;
/** Share of the speed that the forecast may be wrong by before it is called unstable. */
const UNSTABLE_SPREAD = 0.25;
const UNSTABLE_DRIFT = 0.25;
const UNSTABLE_SILENCE = 0.1;

/**
 * Forecast from the bytes of the last whole seconds, oldest first: the time at their mean speed, and
 * as much around it as a sum of so many seconds of such a line spreads. Undefined before the first
 * second and on a line that has been silent for all of them: then nobody knows.
 */
export function estimateEta(
  seconds: readonly number[],
  remainingBytes: number,
): EtaRange | undefined {
  const mean = meanOf(seconds);
  if (!(mean > 0)) return undefined;
  const variation = Math.sqrt(meanOf(seconds.map((each) => (each - mean) ** 2))) / mean;
  const midSeconds = Math.max(0, remainingBytes) / mean;
  // The coming seconds vary, and so may the mean of those that were seen.
  const spread =
    NINE_OF_TEN * RUNS * variation * Math.sqrt(midSeconds + midSeconds ** 2 / seconds.length) +
    LEAST_SPREAD * midSeconds;
  const highSeconds = midSeconds + spread;
  // A speed as many times higher as the other is lower: never negative.
  const lowSeconds = midSeconds === 0 ? 0 : midSeconds ** 2 / highSeconds;
  return {
    lowMs: Math.min(lowSeconds, midSeconds) * 1_000,
    midMs: midSeconds * 1_000,
    highMs: highSeconds * 1_000,
    unstable: isUnstable(seconds, mean, spread / Math.max(midSeconds, Number.EPSILON)),
  };
}

function isUnstable(seconds: readonly number[], mean: number, spread: number): boolean {
  if (seconds.length < FEWEST_SECONDS) return true;
  const silence = seconds.filter((each) => each === 0).length / seconds.length;
  const half = Math.floor(seconds.length / 2);
  const drift = Math.abs(meanOf(seconds.slice(-half)) - meanOf(seconds.slice(0, half))) / mean;
  return spread > UNSTABLE_SPREAD || drift > UNSTABLE_DRIFT || silence > UNSTABLE_SILENCE;
}

function meanOf(values: readonly number[]): number {
  if (values.length === 0) return 0;
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}
