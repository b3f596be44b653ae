import { families, isDeviceFamily, isId } from '@ppe-pulse/protocol';
import type {
  PercentileMinute,
  PercentileQuery,
  SeriesAnswer,
  SeriesBucket,
  SeriesQuery,
} from '../store.ts';
import {
  bucketWidthMs,
  columnsOf,
  DAY_MS,
  MINUTE_MS,
  placeOf,
  startOfDay,
  type SeriesPlace,
} from '../tables.ts';
import { MINUTE_POLICY, RAW_POLICY, type InfluxClient, type InfluxRow } from './influx-client.ts';

/** Down-sampled history; before `rawSinceMs` the server has minute roll-ups only. */
export async function askSeries(
  client: InfluxClient,
  query: SeriesQuery,
  rawSinceMs: number,
): Promise<SeriesAnswer> {
  const bucketMs = bucketWidthMs(query.fromMs, query.toMs, query.points);
  const place = placeOf(query.metric);
  const ids = query.workstationIds.filter((id) => isId('agentId', id));
  if (place === undefined || ids.length === 0) return { bucketMs, points: [] };
  const { family, column } = place;
  const who = ids.map((id) => `workstation = '${id}'`).join(' OR ');
  const tail = (fromMs: number, toMs: number): string =>
    `WHERE (${who})${deviceCondition(place)} AND time >= ${Math.round(fromMs)}ms AND time < ${Math.round(toMs)}ms
     GROUP BY time(${bucketMs}ms) fill(none)`;
  const points: SeriesBucket[] = [];
  if (query.fromMs < rawSinceMs) {
    const rows = await client.ask(
      `SELECT min(${column}_min) AS lo, sum(${column}_sum) AS total, max(${column}_max) AS hi, sum(${column}_count) AS n
         FROM ${MINUTE_POLICY}.${family} ${tail(query.fromMs, Math.min(query.toMs, rawSinceMs))}`,
    );
    points.push(...rows.flatMap(bucketOf));
  }
  if (query.toMs > rawSinceMs) {
    const rows = await client.ask(
      `SELECT min(${column}) AS lo, sum(${column}) AS total, max(${column}) AS hi, count(${column}) AS n
         FROM ${RAW_POLICY}.${family} ${tail(Math.max(query.fromMs, rawSinceMs), query.toMs)}`,
    );
    points.push(...rows.flatMap(bucketOf));
  }
  return { bucketMs, points };
}

/** Percentiles per minute over everything, by the server (nearest rank). */
export async function askPercentiles(
  client: InfluxClient,
  query: PercentileQuery,
): Promise<readonly PercentileMinute[]> {
  const place = placeOf(query.metric);
  if (place === undefined) return [];
  const { family, column } = place;
  const rows = await client.ask(
    `SELECT percentile(${column}, 5) AS p5, percentile(${column}, 50) AS p50,
            percentile(${column}, 95) AS p95, count(${column}) AS n
       FROM ${RAW_POLICY}.${family}
      WHERE time >= ${Math.round(query.fromMs)}ms AND time < ${Math.round(query.toMs)}ms${deviceCondition(place)}
      GROUP BY time(${MINUTE_MS}ms) fill(none)`,
  );
  return rows.map((row) => ({
    atMs: timeOf(row),
    p5: Number(row.p5),
    p50: Number(row.p50),
    p95: Number(row.p95),
    count: Number(row.n),
  }));
}

/** Writes the minute roll-up of a UTC day; writing it again gives the same points. */
export async function rollUpDay(client: InfluxClient, day: string): Promise<void> {
  const from = startOfDay(day);
  for (const family of families) {
    const values = columnsOf(family).map(
      ({ name }) =>
        `min(${name}) AS ${name}_min, sum(${name}) AS ${name}_sum, max(${name}) AS ${name}_max, count(${name}) AS ${name}_count`,
    );
    await client.ask(
      `SELECT ${values.join(', ')} INTO ${MINUTE_POLICY}.${family} FROM ${RAW_POLICY}.${family}
        WHERE time >= ${from}ms AND time < ${from + DAY_MS}ms GROUP BY time(1m), workstation${isDeviceFamily(family) ? ', device' : ''} fill(none)`,
    );
  }
}

/** The device is a tag, and tags are text. */
function deviceCondition({ device }: SeriesPlace): string {
  return device === undefined ? '' : ` AND device = '${device}'`;
}

function bucketOf(row: InfluxRow): SeriesBucket[] {
  const count = Number(row.n ?? 0);
  if (count === 0) return [];
  return [
    {
      atMs: timeOf(row),
      min: Number(row.lo),
      mean: Number(row.total) / count,
      max: Number(row.hi),
      count,
    },
  ];
}

function timeOf(row: InfluxRow): number {
  return row.time instanceof Date ? row.time.getTime() : Number(row.time);
}
