import type { PercentileMinute, PercentileQuery, SeriesAnswer, SeriesQuery } from '../store.ts';
import {
  bucketWidthMs,
  DAY_MS,
  MINUTE_MS,
  placeOf,
  startOfDay,
  type SeriesPlace,
} from '../tables.ts';
import type { Duck, DuckParameter } from './duckdb.ts';
import type { DuckFiles } from './files.ts';
import { keyOf } from './rows.ts';

/** Parts of a time span and where they are: raw where it still exists, else minute roll-ups. */
interface Source {
  readonly kind: 'raw' | 'minute';
  readonly database: string;
  /** Rows from here on come from another source. */
  readonly untilMs: number;
}

/** Down-sampled history of one metric of one or several workstations. */
export async function askSeries(
  duck: Duck,
  files: DuckFiles,
  query: SeriesQuery,
): Promise<SeriesAnswer> {
  const bucketMs = bucketWidthMs(query.fromMs, query.toMs, query.points);
  const place = placeOf(query.metric);
  const sources = await sourcesOf(files, query.fromMs, query.toMs);
  if (place === undefined || sources.length === 0 || query.workstationIds.length === 0) {
    return { bucketMs, points: [] };
  }
  const { family, column } = place;
  const ofDevice = deviceCondition(place);
  const keys = query.workstationIds.map(keyOf).join(', ');
  const parts = sources.map(({ kind, database, untilMs }) =>
    kind === 'raw'
      ? `SELECT at_ms AS t, ${column} AS lo, ${column} AS mid, ${column} AS hi, 1 AS n
           FROM ${database}.${family}
          WHERE key IN (${keys}) AND at_ms >= $1 AND at_ms < $2 AND ${column} IS NOT NULL${ofDevice}`
      : `SELECT minute_ms AS t, ${column}_min AS lo, ${column}_mean AS mid, ${column}_max AS hi,
                ${column}_count AS n
           FROM ${database}.${family}
          WHERE key IN (${keys}) AND minute_ms >= $1 AND minute_ms < ${Math.round(untilMs)}
            AND ${column}_count > 0${ofDevice}`,
  );
  const rows = await duck.ask(
    `SELECT (t // $3) * $3 AS bucket, min(lo) AS lo, sum(mid * n) / sum(n) AS mid, max(hi) AS hi,
            sum(n) AS n
       FROM (${parts.join(' UNION ALL ')})
      GROUP BY bucket ORDER BY bucket`,
    span(query.fromMs, query.toMs, bucketMs),
  );
  const points = rows.map((row) => ({
    atMs: Number(row.bucket),
    min: Number(row.lo),
    mean: Number(row.mid),
    max: Number(row.hi),
    count: Number(row.n),
  }));
  return { bucketMs, points };
}

/** Percentiles of one metric over everything, per minute, from raw rows. */
export async function askPercentiles(
  duck: Duck,
  files: DuckFiles,
  query: PercentileQuery,
): Promise<readonly PercentileMinute[]> {
  const place = placeOf(query.metric);
  const raw = (await sourcesOf(files, query.fromMs, query.toMs)).filter(
    ({ kind }) => kind === 'raw',
  );
  if (place === undefined || raw.length === 0) return [];
  const { family, column } = place;
  const parts = raw.map(
    ({ database }) =>
      `SELECT at_ms, ${column} AS v FROM ${database}.${family}
        WHERE at_ms >= $1 AND at_ms < $2 AND ${column} IS NOT NULL${deviceCondition(place)}`,
  );
  const rows = await duck.ask(
    `SELECT minute, q[1] AS p5, q[2] AS p50, q[3] AS p95, n FROM (
       SELECT (at_ms // $3) * $3 AS minute, quantile_cont(v, [0.05, 0.5, 0.95]) AS q, count(*) AS n
         FROM (${parts.join(' UNION ALL ')}) GROUP BY minute)
      ORDER BY minute`,
    span(query.fromMs, query.toMs, MINUTE_MS),
  );
  return rows.map((row) => ({
    atMs: Number(row.minute),
    p5: Number(row.p5),
    p50: Number(row.p50),
    p95: Number(row.p95),
    count: Number(row.n),
  }));
}

function deviceCondition({ device }: SeriesPlace): string {
  return device === undefined ? '' : ` AND device = ${device}`;
}

/**
 * Raw days are dropped oldest first, so everything before the oldest one left is in the roll-ups
 * and nothing is counted twice.
 */
async function sourcesOf(files: DuckFiles, fromMs: number, toMs: number): Promise<Source[]> {
  const rawDays = files.list('raw');
  const oldestRaw = rawDays[0];
  const rawSinceMs = oldestRaw === undefined ? Number.POSITIVE_INFINITY : startOfDay(oldestRaw);
  const raw = rawDays.filter((day) => startOfDay(day) < toMs && startOfDay(day) + DAY_MS > fromMs);
  const untilMs = Math.min(toMs, rawSinceMs);
  const months = files.list('minute').filter((month) => overlaps(month, fromMs, untilMs));
  const sources = [
    ...raw.map(async (day): Promise<Source> => ({
      kind: 'raw',
      database: await files.attach('raw', day),
      untilMs: toMs,
    })),
    ...months.map(async (month): Promise<Source> => ({
      kind: 'minute',
      database: await files.attach('minute', month),
      untilMs,
    })),
  ];
  return Promise.all(sources);
}

/** True when the month and the span share a moment. */
function overlaps(month: string, fromMs: number, toMs: number): boolean {
  const start = startOfDay(`${month}-01`);
  const end = new Date(start).setUTCMonth(new Date(start).getUTCMonth() + 1);
  return start < toMs && end > fromMs;
}

function span(fromMs: number, toMs: number, widthMs: number): DuckParameter[] {
  return [BigInt(Math.round(fromMs)), BigInt(Math.round(toMs)), BigInt(widthMs)];
}
