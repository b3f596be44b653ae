/** What is remembered of one device's counter. Times are of the rehearsal's clock. */
export interface CounterSignal {
  /** The newest reading; one that repeats the value is noted once a minute. */
  readonly last: number;
  readonly lastAtMs: number;
  /** Counted since the window's start. */
  readonly counted: number;
  /** First and last growth inside the window, null before. */
  readonly startedAtMs: number | null;
  readonly grownAtMs: number | null;
  /** What was counted when it last stood still for `SETTLED_MS`. */
  readonly settled: number;
  /** Something was counted before anybody looked, or a device was replaced unseen. */
  readonly isPartial: boolean;
}

/** A counter that stands this long ends a run. */
export const SETTLED_MS = 180_000;
/** The first reading may come so long after the window's start. */
const LATE_FIRST_MS = 60_000;
const NOTED_MS = 60_000;
/** Faster than any device of a room, twice: what grows quicker is another device. */
const MOST_PER_MINUTE = 120;
const SLACK = 30;

/**
 * The counter after a reading. The last reading before the window is its ground, so a gap over the
 * window's start loses nothing. A smaller value is a counter that began again at 0; a jump that no
 * device makes is another device, whose earlier life is not counted. The same object when nothing
 * changed.
 */
export function foldCounter(
  before: CounterSignal | undefined,
  reading: { readonly value: number; readonly atMs: number },
  windowFromMs: number | null,
): CounterSignal {
  const { value, atMs } = reading;
  const isIn = windowFromMs !== null && atMs >= windowFromMs;
  if (!before) {
    const isPartial = isIn && atMs > windowFromMs + LATE_FIRST_MS && value > 0;
    return {
      last: value,
      lastAtMs: atMs,
      counted: 0,
      startedAtMs: null,
      grownAtMs: null,
      settled: 0,
      isPartial,
    };
  }
  if (atMs <= before.lastAtMs) return before;
  if (value === before.last) return stoodStill(before, atMs);
  const noted = { ...before, last: value, lastAtMs: atMs };
  if (!isIn) return noted;
  const grown = value > before.last ? value - before.last : value;
  const sinceMs = atMs - Math.max(before.lastAtMs, windowFromMs);
  const most = (Math.max(0, sinceMs) / 60_000) * MOST_PER_MINUTE + SLACK;
  if (grown > most) return { ...noted, isPartial: true };
  return {
    ...noted,
    counted: before.counted + grown,
    startedAtMs: before.startedAtMs ?? atMs,
    grownAtMs: atMs,
  };
}

function stoodStill(before: CounterSignal, atMs: number): CounterSignal {
  const { grownAtMs, counted, settled } = before;
  if (grownAtMs !== null && settled !== counted && atMs - grownAtMs >= SETTLED_MS)
    return { ...before, lastAtMs: atMs, settled: counted };
  return atMs - before.lastAtMs < NOTED_MS ? before : { ...before, lastAtMs: atMs };
}
