import type { Forecast, ForecastKind, ScoredForecast } from './forecast.ts';
import { forecastKinds } from './forecast.ts';
import { meanOf, quantileOf } from './spread.ts';

/** When a forecast was written down: when first made, at the start, and before the limit. */
export const forecastHorizons = ['first', 'start', 'T-30', 'T-15', 'T-5'] as const;
export type ForecastHorizon = (typeof forecastHorizons)[number];

/** Minutes before the limit of those that have one. */
export const horizonMinutes: Readonly<Partial<Record<ForecastHorizon, number>>> = {
  'T-30': 30,
  'T-15': 15,
  'T-5': 5,
};

/** A forecast that was written down. */
export interface RecordedForecast extends ScoredForecast {
  readonly horizon: ForecastHorizon;
}

/** As much of a forecast after the fact as a score asks for. */
export type ForecastError = Pick<RecordedForecast, 'kind' | 'horizon' | 'error' | 'isInRange'>;

/** How good the forecasts of one kind were. Errors are in the kind's unit: ms, or a ratio. */
export interface ForecastScore {
  readonly kind: ForecastKind;
  /** Null: of all horizons together. */
  readonly horizon: ForecastHorizon | null;
  readonly count: number;
  /** 0…1; nine of ten were promised. */
  readonly shareInRange: number;
  readonly medianAbsError: number;
  readonly p95AbsError: number;
  /** Mean error: above 0, things came later (or heavier) than forecast. */
  readonly bias: number;
}

/**
 * The forecast with what really came. What was over already when it was made, and was told only later,
 * has an outcome and no error: nothing was forecast.
 */
export function scoreForecast(forecast: Forecast, outcome: number | null): ScoredForecast {
  const wasOver = forecast.kind !== 'uplinkLoad' && outcome !== null && outcome < forecast.madeAtMs;
  if (outcome === null || wasOver) return { ...forecast, outcome, error: null, isInRange: null };
  return {
    ...forecast,
    outcome,
    error: outcome - forecast.mid,
    isInRange: outcome >= forecast.low && outcome <= forecast.high,
  };
}

/** Scores by kind, each followed by those of its horizons; what has no outcome is left out. */
export function scoresOf(forecasts: readonly ForecastError[]): readonly ForecastScore[] {
  return forecastKinds.flatMap((kind) => {
    const own = forecasts.filter((each) => each.kind === kind && each.error !== null);
    const byHorizon = forecastHorizons.flatMap(
      (horizon) =>
        scoreOf(
          own.filter((each) => each.horizon === horizon),
          kind,
          horizon,
        ) ?? [],
    );
    const all = scoreOf(own, kind, null);
    return all ? [all, ...byHorizon] : [];
  });
}

function scoreOf(
  forecasts: readonly ForecastError[],
  kind: ForecastKind,
  horizon: ForecastHorizon | null,
): ForecastScore | undefined {
  const errors = forecasts.flatMap(({ error }) => error ?? []);
  if (errors.length === 0) return undefined;
  const sizes = errors.map(Math.abs).sort((a, b) => a - b);
  return {
    kind,
    horizon,
    count: errors.length,
    shareInRange: forecasts.filter(({ isInRange }) => isInRange === true).length / errors.length,
    medianAbsError: quantileOf(sizes, 0.5),
    p95AbsError: quantileOf(sizes, 0.95),
    bias: meanOf(errors),
  };
}
