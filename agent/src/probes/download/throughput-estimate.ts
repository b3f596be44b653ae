/** Bytes that came in one event. Times are monotonic milliseconds. */
export interface Arrival {
  readonly atMs: number;
  readonly bytes: number;
}

/** Slow start is over after a third of the time, at the latest after a second. */
const WARM_UP_SHARE = 1 / 3;
const WARM_UP_MAX_MS = 1_000;
/** Two windows of this length that agree within 3 % end a test early: measured error ≤ 1 %. */
const WINDOW_MS = 400;
const AGREEMENT = 0.03;
const EARLIEST_STOP_MS = 1_000;

/**
 * Speed of the tail, bytes a second: bytes after the warm-up over the time between the first and
 * the last arrival in that part. A download too short to have a tail is taken whole. Where the tail
 * still holds a slow climb (a loss in slow start), the end that has settled at `nowMs` speaks instead.
 */
export function tailBytesPerSecond(
  arrivals: readonly Arrival[],
  startMs: number,
  nowMs: number,
): number | undefined {
  const last = arrivals.at(-1);
  if (!last || last.atMs <= startMs) return undefined;
  const warmUpMs = Math.min(WARM_UP_MAX_MS, (last.atMs - startMs) * WARM_UP_SHARE);
  const tail = speedSince(arrivals, startMs + warmUpMs);
  if (tail === undefined) return perSecond(sum(arrivals), last.atMs - startMs);
  if (!hasSettled(arrivals, startMs, nowMs)) return tail;
  const end = speedSince(arrivals, last.atMs - 2 * WINDOW_MS);
  return end !== undefined && Math.abs(tail - end) > AGREEMENT * end ? end : tail;
}

/** Undefined when there is less than a window of arrivals since then. */
function speedSince(arrivals: readonly Arrival[], fromMs: number): number | undefined {
  const part = arrivals.filter((each) => each.atMs >= fromMs);
  const [first, last] = [part[0], part.at(-1)];
  if (!first || !last || last.atMs - first.atMs < WINDOW_MS) return undefined;
  // The first arrival's bytes came before its time: they open the span and are not in it.
  return perSecond(sum(part.slice(1)), last.atMs - first.atMs);
}

/** True when the speed has settled and going on would only take the line away from others. */
export function hasSettled(arrivals: readonly Arrival[], startMs: number, nowMs: number): boolean {
  if (nowMs - startMs < Math.max(EARLIEST_STOP_MS, 2 * WINDOW_MS)) return false;
  const inWindow = (fromMs: number): number =>
    sum(arrivals.filter((each) => each.atMs > fromMs && each.atMs <= fromMs + WINDOW_MS));
  const newer = inWindow(nowMs - WINDOW_MS);
  const older = inWindow(nowMs - 2 * WINDOW_MS);
  return older > 0 && Math.abs(newer - older) <= AGREEMENT * older;
}

function sum(arrivals: readonly Arrival[]): number {
  return arrivals.reduce((total, each) => total + each.bytes, 0);
}

function perSecond(bytes: number, ms: number): number {
  return (bytes * 1_000) / ms;
}
