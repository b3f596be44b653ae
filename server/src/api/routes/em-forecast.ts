import type { EmArrivals, Region } from '@ppe-pulse/protocol';
import { Type, type Static } from 'typebox';
import type { ForecastBook } from '../../forecasts/forecast-book.ts';
import type { Api } from '../http.ts';

/** What the route works with. */
export interface EmForecastParts {
  readonly forecasts: Pick<ForecastBook, 'regionEm'>;
  readonly region: () => Pick<Region, 'municipalities'>;
  /** The rehearsal's clock. */
  readonly rehearsalMs: () => number;
}

const Count = Type.Integer({ minimum: 0 });
const Spread = Type.Union([
  Type.Object({ p5: Type.Number(), p50: Type.Number(), p95: Type.Number() }),
  Type.Null(),
]);

const ArrivalsView = Type.Object({
  sites: Count,
  done: Count,
  /** Sites of which nothing is known: never measured, no contract. */
  unknown: Count,
  /** Here, or in the middle of their range, after the deadline. */
  late: Count,
  /** Ms since 1970 UTC of the rehearsal's clock. */
  finishMs: Spread,
  bytesPerSecond: Spread,
  slowest: Type.Union([
    Type.Object({ siteCode: Type.String(), finishMs: Type.Number() }),
    Type.Null(),
  ]),
});
const MunicipalityView = Type.Object({
  ...ArrivalsView.properties,
  municipality: Type.String(),
  name: Type.String(),
});

/** When the region's exam materials are here: the whole, and each municipality, the last one first. */
export function emForecastRoute(app: Api, parts: EmForecastParts): void {
  app.get(
    '/api/v1/forecasts/em',
    {
      schema: {
        response: {
          200: Type.Object({ all: ArrivalsView, municipalities: Type.Array(MunicipalityView) }),
        },
      },
    },
    () => {
      const { all, municipalities } = parts.forecasts.regionEm(parts.rehearsalMs());
      const names = new Map(parts.region().municipalities.map(({ slug, name }) => [slug, name]));
      return {
        all: viewOf(all),
        municipalities: municipalities.map((each) => ({
          ...viewOf(each),
          municipality: each.municipality,
          name: names.get(each.municipality) ?? each.municipality,
        })),
      };
    },
  );
}

function viewOf(arrivals: EmArrivals): Static<typeof ArrivalsView> {
  const { sites, done, unknown, late, finishMs, bytesPerSecond, slowest } = arrivals;
  return { sites, done, unknown, late, finishMs, bytesPerSecond, slowest };
}
