import {
  forecastHorizons,
  forecastKinds,
  scoreForecast,
  type Forecast,
  type ForecastError,
  type ForecastHorizon,
  type ForecastKind,
  type RecordedForecast,
} from '@ppe-pulse/protocol';
import type { SqlRow, StateDatabase } from '../state/database.ts';

/** A forecast as it was written down, with its place in the list. */
export interface LoggedForecast extends RecordedForecast {
  readonly id: number;
}

/** What to list. Missing is: all. */
export interface ForecastQuery {
  readonly kind?: ForecastKind | undefined;
  readonly siteCode?: string | undefined;
  /** With an outcome, or without. */
  readonly isScored?: boolean | undefined;
  /** Only under this id: the next page. */
  readonly beforeId?: number | undefined;
  readonly limit: number;
}

/** Whose errors; missing is: all. */
export type ErrorQuery = Pick<ForecastQuery, 'kind' | 'siteCode'>;

/** Whose outcome came. */
export interface OutcomeKey {
  readonly kind: ForecastKind;
  readonly siteCode: string;
  readonly roomCode: string | null;
}

/** Forecasts of rehearsals in the state database. `run` names a rehearsal. */
export interface ForecastLog {
  append(run: string, horizon: ForecastHorizon, forecast: Forecast): void;
  /** Sets the outcome of all that was forecast of it; null takes one back. */
  settle(run: string, key: OutcomeKey, outcome: number | null): void;
  /** Which horizons of a site are written down already. */
  written(run: string, siteCode: string): readonly (OutcomeKey & { horizon: ForecastHorizon })[];
  /** Newest first. */
  list(run: string, query: ForecastQuery): readonly LoggedForecast[];
  /** Errors of all that have an outcome: a score asks for no more. */
  errors(run: string, query: ErrorQuery): readonly ForecastError[];
  /** Forgets the oldest beyond what is kept; answers how many. */
  trim(kept: number): number;
  /** Forgets a rehearsal: it begins anew. */
  forget(run: string): number;
}

/** The log on a database that has the table `forecasts`. */
export function createForecastLog(database: StateDatabase): ForecastLog {
  return {
    append: (run, horizon, forecast) => {
      database.run(
        `INSERT OR IGNORE INTO forecasts
           (run, kind, site_code, room_code, horizon, made_at_ms, low, mid, high,
            limit_value, chance, basis)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        run,
        forecast.kind,
        forecast.siteCode,
        forecast.roomCode ?? '',
        horizon,
        Math.round(forecast.madeAtMs),
        forecast.low,
        forecast.mid,
        forecast.high,
        forecast.limit,
        forecast.chance,
        JSON.stringify(forecast.basis),
      );
    },
    settle: (run, { kind, siteCode, roomCode }, outcome) => {
      database.run(
        `UPDATE forecasts SET outcome = ?
         WHERE run = ? AND site_code = ? AND kind = ? AND room_code = ?`,
        outcome,
        run,
        siteCode,
        kind,
        roomCode ?? '',
      );
    },
    written: (run, siteCode) =>
      database
        .all(
          'SELECT kind, room_code, horizon FROM forecasts WHERE run = ? AND site_code = ?',
          run,
          siteCode,
        )
        .map((row) => ({
          kind: kindOf(row.kind),
          siteCode,
          roomCode: row.room_code === '' ? null : String(row.room_code),
          horizon: horizonOf(row.horizon),
        })),
    list: (run, query) => list(database, run, query),
    errors: (run, query) => errors(database, run, query),
    trim: (kept) =>
      database.run('DELETE FROM forecasts WHERE id <= (SELECT max(id) FROM forecasts) - ?', kept),
    forget: (run) => database.run('DELETE FROM forecasts WHERE run = ?', run),
  };
}

/** What was over when the forecast was made has no error: see `scoreForecast`. */
const SCORED = `outcome IS NOT NULL AND (kind = 'uplinkLoad' OR outcome >= made_at_ms)`;

function errors(database: StateDatabase, run: string, query: ErrorQuery): ForecastError[] {
  const { kind, siteCode } = query;
  return database
    .all(
      `SELECT kind, horizon, outcome - mid AS error, outcome BETWEEN low AND high AS inside
       FROM forecasts
       WHERE run = ?1 AND ${SCORED}
         AND (?2 IS NULL OR kind = ?2) AND (?3 IS NULL OR site_code = ?3)`,
      run,
      kind ?? null,
      siteCode ?? null,
    )
    .map((row) => ({
      kind: kindOf(row.kind),
      horizon: horizonOf(row.horizon),
      error: Number(row.error),
      isInRange: row.inside === 1,
    }));
}

function list(database: StateDatabase, run: string, query: ForecastQuery): LoggedForecast[] {
  const { kind, siteCode, isScored, beforeId, limit } = query;
  const conditions = [
    'run = ?',
    ...(kind === undefined ? [] : ['kind = ?']),
    ...(siteCode === undefined ? [] : ['site_code = ?']),
    ...(isScored === undefined ? [] : [isScored ? SCORED : 'outcome IS NULL']),
    ...(beforeId === undefined ? [] : ['id < ?']),
  ];
  const values = [run, kind, siteCode, beforeId].filter((each) => each !== undefined);
  return database
    .all(
      `SELECT * FROM forecasts WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ?`,
      ...values,
      limit,
    )
    .map(loggedOf);
}

function loggedOf(row: SqlRow): LoggedForecast {
  const forecast: Forecast = {
    kind: kindOf(row.kind),
    siteCode: String(row.site_code),
    roomCode: row.room_code === '' ? null : String(row.room_code),
    madeAtMs: Number(row.made_at_ms),
    low: Number(row.low),
    mid: Number(row.mid),
    high: Number(row.high),
    limit: numberOrNull(row.limit_value),
    chance: numberOrNull(row.chance),
    basis: JSON.parse(String(row.basis)) as Forecast['basis'],
  };
  return {
    ...scoreForecast(forecast, numberOrNull(row.outcome)),
    id: Number(row.id),
    horizon: horizonOf(row.horizon),
  };
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** A row of a newer release would be read by an older one only after a failed downgrade: throw. */
function kindOf(value: unknown): ForecastKind {
  const found = forecastKinds.find((each) => each === value);
  if (!found) throw new Error(`the state holds a forecast of the unknown kind ${String(value)}`);
  return found;
}

function horizonOf(value: unknown): ForecastHorizon {
  const found = forecastHorizons.find((each) => each === value);
  if (!found) throw new Error(`the state holds a forecast at the unknown horizon ${String(value)}`);
  return found;
}
