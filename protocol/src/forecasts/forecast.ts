/** What is forecast, each with an end that can be seen afterwards. */
export const forecastKinds = ['roomPrinted', 'emHere', 'uplinkLoad'] as const;
export type ForecastKind = (typeof forecastKinds)[number];

/** A range and what it rests on. Times are of the rehearsal's clock; a load is a ratio. */
export interface Forecast {
  readonly kind: ForecastKind;
  readonly siteCode: string;
  /** Null: of the whole site. */
  readonly roomCode: string | null;
  readonly madeAtMs: number;
  /** Median and the ends of the range: ms since 1970 UTC, or a ratio for `uplinkLoad`. */
  readonly low: number;
  readonly mid: number;
  readonly high: number;
  /** What it is held against: the deadline, or the limit of the load. */
  readonly limit: number | null;
  /** Chance that the limit holds, 0…1; null where there is none. */
  readonly chance: number | null;
  /** Numbers that it was made of, by name: `sets`, `pagesPerSet`, `pagesPerMinute`, `leftBytes`… */
  readonly basis: Readonly<Record<string, number | string>>;
}

/** A forecast after the fact. */
export interface ScoredForecast extends Forecast {
  /** What really came, null while it has not. */
  readonly outcome: number | null;
  /** Outcome minus `mid`; null before. */
  readonly error: number | null;
  /** True when the outcome lay in the range. */
  readonly isInRange: boolean | null;
}
