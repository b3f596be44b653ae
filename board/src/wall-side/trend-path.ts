import type { Trend } from '@ppe-pulse/protocol';
import { niceTicks, niceTimes } from './nice-ticks.ts';

/** The box that the line is drawn into, in its own units. */
export interface TrendBox {
  readonly width: number;
  readonly height: number;
}

/** A line ready to be drawn: y grows downwards. */
export interface TrendPath {
  readonly line: string;
  /** The same closed to the ground, for a faint fill. */
  readonly area: string;
  readonly ticks: readonly { readonly megabits: number; readonly y: number }[];
  readonly times: readonly { readonly dayMs: number; readonly x: number }[];
}

/** A morning of a few points is not stretched over the whole width. */
const MIN_SPAN_MS = 15 * 60_000;
/** A hole of so many points is a hole, not a line across it. */
const GAP_POINTS = 4;
/** A label at the very edge would stand in the figures of the other axis. */
const EDGE = 0.05;
const BITS = 8;
const MEGA = 1_000_000;

/** Megabits a second of bytes a second. */
export function megabitsOf(bytesPerSecond: number): number {
  return (bytesPerSecond * BITS) / MEGA;
}

/** The path of a trend; undefined for less than two points. `dayMsOf` gives moments of the day shown. Pure. */
export function trendPathOf(
  { points, everyMs }: Trend,
  { width, height }: TrendBox,
  dayMsOf: (wallMs: number) => number = (ms) => ms,
): TrendPath | undefined {
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last || points.length < 2) return undefined;
  const toMs = last.atMs;
  const fromMs = Math.min(first.atMs, toMs - MIN_SPAN_MS);
  const ticks = niceTicks(Math.max(...points.map((each) => megabitsOf(each.rxBytesPerSecond))));
  const top = ticks.at(-1) ?? 1;
  const x = (atMs: number): number => ((atMs - fromMs) / (toMs - fromMs)) * width;
  const y = (megabits: number): number => height - (megabits / top) * height;
  const parts = withoutGaps(points, everyMs * GAP_POINTS).map((part) =>
    part.map((each) => ({ x: x(each.atMs), y: y(megabitsOf(each.rxBytesPerSecond)) })),
  );
  const dayFromMs = dayMsOf(fromMs);
  const dayToMs = dayMsOf(toMs);
  const dayX = (ms: number): number => ((ms - dayFromMs) / (dayToMs - dayFromMs)) * width;
  return {
    line: parts.map(lineOf).join(''),
    area: parts.map((part) => closed(part, height)).join(''),
    ticks: ticks.map((megabits) => ({ megabits, y: round(y(megabits)) })),
    times: niceTimes(dayFromMs, dayToMs)
      .map((dayMs) => ({ dayMs, x: round(dayX(dayMs)) }))
      .filter(({ x: at }) => at >= width * EDGE && at <= width * (1 - EDGE)),
  };
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

function withoutGaps<P extends { readonly atMs: number }>(
  points: readonly P[],
  gapMs: number,
): P[][] {
  const parts: P[][] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const point of points) {
    if (point.atMs - lastMs > gapMs) parts.push([]);
    parts.at(-1)?.push(point);
    lastMs = point.atMs;
  }
  return parts;
}

function lineOf(spots: readonly Spot[]): string {
  return spots.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
}

function closed(spots: readonly Spot[], height: number): string {
  const [first] = spots;
  const last = spots.at(-1);
  if (!first || !last) return '';
  return `${lineOf(spots)}L${round(last.x)} ${height}L${round(first.x)} ${height}Z`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
