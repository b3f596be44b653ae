import type { BasisKey, ForecastGround } from '../forecasts/basis.ts';
import type { ForecastKind } from '../forecasts/forecast.ts';
import type { ForecastHorizon } from '../forecasts/score.ts';

/** Words of forecasts. `{name}` stands for a value. */
export interface ForecastTexts {
  readonly kinds: Readonly<Record<ForecastKind, string>>;
  readonly horizons: Readonly<Record<ForecastHorizon, string>>;
  /** By what a forecast was made. */
  readonly grounds: Readonly<Record<ForecastGround, string>>;
  /** Names of the numbers of a basis. */
  readonly basis: Readonly<Record<BasisKey, string>>;
  /** Of the error table. */
  readonly table: Readonly<
    Record<
      | 'title'
      | 'kind'
      | 'horizon'
      | 'all'
      | 'count'
      | 'inRange'
      | 'medianAbsError'
      | 'p95AbsError'
      | 'bias'
      | 'none'
      | 'promise',
      string
    >
  >;
  /** Of the summary of a site's printing. */
  readonly prints: Readonly<
    Record<'rooms' | 'last' | 'late' | 'early' | 'onTime' | 'unknown', string>
  >;
}
