import type { Forecast } from './forecast.ts';
import { lineTestPrior, LINE_TESTS } from './em-here.ts';
import { chanceOf, nextValue } from './spread.ts';

/** What a site sends at once, against what its line takes. */
export interface UplinkDemand {
  readonly cameras: number;
  /** Of one camera, as measured; null for the norm. */
  readonly cameraBytesPerSecond: number | null;
  /** Of exam materials beside it; 0 for none. */
  readonly emBytesPerSecond: number;
  /** Newest upload tests, bytes a second. */
  readonly testedBytesPerSecond: readonly number[];
  /** Share that may be taken; `thresholds.uplinkOkRatio`. */
  readonly limit: number;
}

/** A camera sends 1 Mbit/s [S]. */
export const CAMERA_BYTES_PER_SECOND = 125_000;

/** The load of the uplink; undefined where it was never measured or nothing is to be sent. */
export function forecastUplinkLoad(
  siteCode: string,
  demand: UplinkDemand,
  nowMs: number,
): Forecast | undefined {
  const perCamera = demand.cameraBytesPerSecond ?? CAMERA_BYTES_PER_SECOND;
  const needed = demand.cameras * perCamera + demand.emBytesPerSecond;
  const line = nextValue(demand.testedBytesPerSecond.slice(-LINE_TESTS), lineTestPrior);
  if (!line || needed <= 0) return undefined;
  const range = { low: needed / line.high, mid: needed / line.mid, high: needed / line.low };
  return {
    kind: 'uplinkLoad',
    siteCode,
    roomCode: null,
    madeAtMs: nowMs,
    ...range,
    limit: demand.limit,
    chance: chanceOf(range, demand.limit),
    basis: {
      from: demand.cameraBytesPerSecond === null ? 'norms' : 'measured',
      cameras: demand.cameras,
      cameraBytesPerSecond: Math.round(perCamera),
      emBytesPerSecond: Math.round(demand.emBytesPerSecond),
      uplinkBytesPerSecond: Math.round(line.mid),
      tests: line.count,
    },
  };
}
