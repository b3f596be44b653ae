import { idOf, metricOf, metrics, nearest } from '@ppe-pulse/protocol';
import { Type } from 'typebox';
import type { ApiContext } from '../context.ts';
import type { Api } from '../http.ts';
import { Problem } from '../problem.ts';

const Time = Type.String({ format: 'date-time' });
const DEFAULT_SPAN_MS = 15 * 60_000;
const MAX_SPAN_MS = 400 * 86_400_000;
/** Percentiles are one point a minute: a day and a half of them at most. */
const MAX_PERCENTILE_SPAN_MS = 36 * 3_600_000;

const Range = { metric: idOf('dotted'), from: Type.Optional(Time), to: Type.Optional(Time) };
const Head = {
  metric: Type.String(),
  unit: Type.String(),
  from: Time,
  to: Time,
  bucketMs: Type.Integer(),
};

/** History from the series store. */
export function seriesRoutes(app: Api, context: ApiContext): void {
  app.get(
    '/api/v1/workstations/:id/series',
    {
      schema: {
        params: Type.Object({ id: idOf('agentId') }),
        querystring: Type.Object({
          ...Range,
          points: Type.Integer({ minimum: 1, maximum: 2_000, default: 300 }),
        }),
        response: {
          200: Type.Object({
            ...Head,
            points: Type.Array(
              Type.Object({
                at: Time,
                min: Type.Number(),
                mean: Type.Number(),
                max: Type.Number(),
                count: Type.Integer(),
              }),
            ),
          }),
        },
      },
    },
    async (request) => {
      const { id } = request.params;
      if (!context.enrolments.find(id)) {
        throw new Problem(
          404,
          'unknownWorkstation',
          `workstation ${id} is not enrolled; GET /api/v1/workstations lists all`,
        );
      }
      const head = headOf(request.query, context.clock.wallMs(), MAX_SPAN_MS);
      const { points } = request.query;
      const answer = await context.series.series({ ...head, workstationIds: [id], points });
      return {
        ...textHead(head, answer.bucketMs),
        points: answer.points.map(({ atMs, ...rest }) => ({ at: timeOf(atMs), ...rest })),
      };
    },
  );
  percentileRoute(app, context);
}

function percentileRoute(app: Api, context: ApiContext): void {
  const Point = Type.Object({
    at: Time,
    p5: Type.Number(),
    p50: Type.Number(),
    p95: Type.Number(),
    count: Type.Integer(),
  });
  app.get(
    '/api/v1/percentiles',
    {
      schema: {
        querystring: Type.Object(Range),
        response: { 200: Type.Object({ ...Head, points: Type.Array(Point) }) },
      },
    },
    async (request) => {
      const head = headOf(request.query, context.clock.wallMs(), MAX_PERCENTILE_SPAN_MS);
      const minutes = await context.series.percentiles(head);
      return {
        ...textHead(head, 60_000),
        points: minutes.map(({ atMs, ...rest }) => ({ at: timeOf(atMs), ...rest })),
      };
    },
  );
}

interface SeriesHead {
  readonly metric: string;
  readonly fromMs: number;
  readonly toMs: number;
}

function headOf(
  query: { readonly metric: string; readonly from?: string; readonly to?: string },
  nowMs: number,
  maxSpanMs: number,
): SeriesHead {
  if (!metricOf(query.metric)) {
    const guess = nearest(
      query.metric,
      metrics.map((each) => each.id),
    );
    throw new Problem(
      404,
      'unknownMetric',
      `there is no metric "${query.metric}"${guess === undefined ? '' : `, did you mean "${guess}"?`}`,
    );
  }
  const toMs = query.to === undefined ? nowMs : Date.parse(query.to);
  const fromMs = query.from === undefined ? toMs - DEFAULT_SPAN_MS : Date.parse(query.from);
  if (!(fromMs < toMs)) throw new Problem(400, 'badRange', '"from" must be before "to"');
  if (toMs - fromMs > maxSpanMs) {
    throw new Problem(
      400,
      'badRange',
      `"from" and "to" may be ${maxSpanMs / 3_600_000} hours apart at most`,
    );
  }
  return { metric: query.metric, fromMs, toMs };
}

function textHead(head: SeriesHead, bucketMs: number) {
  return {
    metric: head.metric,
    unit: metricOf(head.metric)?.unit ?? '',
    from: timeOf(head.fromMs),
    to: timeOf(head.toMs),
    bucketMs,
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
