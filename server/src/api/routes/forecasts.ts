import {
  forecastHorizons,
  forecastKinds,
  idOf,
  type Forecast,
  type RecordedForecast,
} from '@ppe-pulse/protocol';
import { Type, type Static } from 'typebox';
import type { ForecastBook } from '../../forecasts/forecast-book.ts';
import type { Api } from '../http.ts';

const PAGE_DEFAULT = 500;
const PAGE_MAX = 5_000;

const Query = Type.Object({
  kind: Type.Optional(Type.Enum([...forecastKinds])),
  site: Type.Optional(idOf('siteCode')),
  /** Only those with an outcome, or only those without. */
  scored: Type.Optional(Type.Boolean()),
  limit: Type.Integer({ minimum: 1, maximum: PAGE_MAX, default: PAGE_DEFAULT }),
  /** `nextCursor` of the page before. */
  cursor: Type.Optional(Type.Integer({ minimum: 1 })),
});

const nullable = Type.Union([Type.Number(), Type.Null()]);

const ForecastView = Type.Object({
  kind: Type.Enum([...forecastKinds]),
  siteCode: Type.String(),
  roomCode: Type.Union([Type.String(), Type.Null()]),
  madeAt: Type.String({ format: 'date-time' }),
  /** Of `low`, `mid`, `high`, `limit`, `outcome`: ms since 1970 UTC, or a ratio; errors are ms too. */
  unit: Type.Enum(['ms', 'ratio']),
  low: Type.Number(),
  mid: Type.Number(),
  high: Type.Number(),
  limit: nullable,
  chance: nullable,
  basis: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
});

const RecordedView = Type.Object({
  ...ForecastView.properties,
  horizon: Type.Enum([...forecastHorizons]),
  outcome: nullable,
  error: nullable,
  isInRange: Type.Union([Type.Boolean(), Type.Null()]),
});

const ScoreView = Type.Object({
  kind: Type.Enum([...forecastKinds]),
  /** Null: of all horizons together. */
  horizon: Type.Union([Type.Enum([...forecastHorizons]), Type.Null()]),
  unit: Type.Enum(['ms', 'ratio']),
  count: Type.Number(),
  shareInRange: Type.Number(),
  medianAbsError: Type.Number(),
  p95AbsError: Type.Number(),
  bias: Type.Number(),
});

/** `PrintSummary` as it is; times are ms since 1970 UTC of the rehearsal's clock. */
const PrintsView = Type.Object({
  done: Type.Integer(),
  total: Type.Integer(),
  lastRoomCode: Type.Union([Type.String(), Type.Null()]),
  lastAtMs: nullable,
  lastLowMs: nullable,
  lastHighMs: nullable,
  lateMs: nullable,
  isForecast: Type.Boolean(),
  verdict: Type.Enum(['ok', 'warn', 'fail', 'unknown']),
  unknown: Type.Integer(),
});

/** Forecasts as they were written down, with their errors, and how good each kind was. */
export function forecastRoutes(app: Api, context: { readonly forecasts: ForecastBook }): void {
  app.get(
    '/api/v1/forecasts',
    {
      schema: {
        querystring: Query,
        response: {
          200: Type.Object({
            items: Type.Array(RecordedView),
            /** What is forecast now of the one site that was asked for. */
            current: Type.Array(ForecastView),
            /** How its rooms print; null where nothing is printed, and when no site is asked for. */
            prints: Type.Union([PrintsView, Type.Null()]),
            summary: Type.Array(ScoreView),
            nextCursor: Type.Optional(Type.String()),
          }),
        },
      },
    },
    (request) => {
      const { kind, site: siteCode, scored, limit, cursor } = request.query;
      const found = context.forecasts.list({
        kind,
        siteCode,
        isScored: scored,
        beforeId: cursor,
        limit: limit + 1,
      });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const now = siteCode === undefined ? undefined : context.forecasts.current(siteCode);
      return {
        items: items.map(recordedView),
        current: (now?.forecasts ?? [])
          .filter((each) => kind === undefined || each.kind === kind)
          .map(viewOf),
        prints: now?.prints ?? null,
        summary: context.forecasts.scores({ kind, siteCode }).map((score) => ({
          ...score,
          unit: unitOf(score.kind),
        })),
        ...(found.length > limit && last ? { nextCursor: String(last.id) } : {}),
      };
    },
  );
}

function viewOf(forecast: Forecast): Static<typeof ForecastView> {
  const { madeAtMs, ...rest } = forecast;
  return { ...rest, madeAt: new Date(madeAtMs).toISOString(), unit: unitOf(forecast.kind) };
}

function recordedView(forecast: RecordedForecast): Static<typeof RecordedView> {
  const { horizon, outcome, error, isInRange } = forecast;
  return { ...viewOf(forecast), horizon, outcome, error, isInRange };
}

function unitOf(kind: Forecast['kind']): 'ms' | 'ratio' {
  return kind === 'uplinkLoad' ? 'ratio' : 'ms';
}
