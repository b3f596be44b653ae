import {
  forecastHorizons,
  horizonMinutes,
  type Forecast,
  type ForecastHorizon,
} from '@ppe-pulse/protocol';

/** What a forecast is about, and when it will be written down. */
export interface Target {
  readonly forecast: Forecast;
  /** When it must be true: the horizons count back from here; null for no such moment. */
  readonly limitMs: number | null;
  readonly hasStarted: boolean;
}

const MINUTE_MS = 60_000;

/**
 * Horizons at which this forecast is due to be written down. One before the limit is due until the
 * next one is: a collector that was off at T−30 writes nothing for it at T−10.
 */
export function horizonsDue(
  target: Target,
  nowMs: number,
  written: ReadonlySet<ForecastHorizon>,
): readonly ForecastHorizon[] {
  const timed = forecastHorizons.flatMap((horizon) => horizonMinutes[horizon] ?? []);
  return forecastHorizons.filter((horizon) => {
    if (written.has(horizon)) return false;
    if (horizon === 'first') return true;
    if (horizon === 'start') return target.hasStarted;
    const minutes = horizonMinutes[horizon] ?? 0;
    if (target.limitMs === null) return false;
    const next = Math.max(0, ...timed.filter((each) => each < minutes));
    const left = (target.limitMs - nowMs) / MINUTE_MS;
    return left <= minutes && left > next;
  });
}
