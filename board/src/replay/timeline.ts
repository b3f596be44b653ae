import { dayMsOf, wallMsOf, type ReplayGap, type ReplaySpan } from '@ppe-pulse/protocol';

/** A stretch of the film that the slider shows. */
export interface Reel {
  readonly fromMs: number;
  readonly toMs: number;
  readonly spans: readonly ReplaySpan[];
}

/** The day of a zone that a moment belongs to, such as `2024-05-15`. */
export type DayOf = (ms: number) => string;

/**
 * The film by days of the zone, the oldest first; one that was recorded over midnight is in both. Each
 * showing of a played day is a reel of its own: on one slider its clock would run twice.
 */
export function reelsOf(spans: readonly ReplaySpan[], dayOf: DayOf): Reel[] {
  const reels = new Map<string, ReplaySpan[]>();
  for (const span of spans) {
    for (const part of byDay(span, dayOf)) {
      const day = dayOf(part.fromMs) + (part.day ? ` ${part.day.atMs}` : '');
      const known = reels.get(day);
      if (known) known.push(part);
      else reels.set(day, [part]);
    }
  }
  return [...reels.values()].map((parts) => ({
    fromMs: parts[0]?.fromMs ?? 0,
    toMs: parts.at(-1)?.toMs ?? 0,
    spans: parts,
  }));
}

/** The reel that holds a moment, else the nearest. */
export function reelAt(reels: readonly Reel[], atMs: number): Reel | undefined {
  const distance = ({ fromMs, toMs }: Reel): number => Math.max(fromMs - atMs, atMs - toMs, 0);
  return [...reels].sort((a, b) => distance(a) - distance(b))[0];
}

/** Between the spans of a stretch nobody knows what went on. */
export function gapsOf(spans: readonly ReplaySpan[]): ReplayGap[] {
  return spans.slice(1).flatMap((span, at) => {
    const before = spans[at];
    return before && before.toMs < span.fromMs
      ? [{ fromMs: before.toMs, toMs: span.fromMs, reason: 'notRecorded' as const }]
      : [];
  });
}

export function gapAt(spans: readonly ReplaySpan[], atMs: number): ReplayGap | undefined {
  return gapsOf(spans).find(({ fromMs, toMs }) => fromMs < atMs && atMs < toMs);
}

/** The span of a moment, else the last before it, else the first. */
export function spanAt(spans: readonly ReplaySpan[], atMs: number): ReplaySpan | undefined {
  return lastOf(spans, ({ fromMs }) => fromMs <= atMs) ?? spans[0];
}

/** What the clock of the day showed. */
export function dayMsAt(spans: readonly ReplaySpan[], atMs: number): number {
  return dayMsOf(spanAt(spans, atMs)?.day ?? null, atMs);
}

/**
 * The recorded moment that a person means: of the collector's clock, else of the last played day that had
 * it. One that neither had stays as it is.
 */
export function momentOf(spans: readonly ReplaySpan[], saidMs: number): number {
  const has = ({ fromMs, toMs }: ReplaySpan, ms: number): boolean => fromMs <= ms && ms <= toMs;
  if (spans.some((span) => has(span, saidMs))) return saidMs;
  const played = lastOf(spans, (span) => {
    const ms = span.day === null ? undefined : wallMsOf(span.day, saidMs);
    return ms !== undefined && has(span, ms);
  });
  return Math.round(wallMsOf(played?.day ?? null, saidMs) ?? saidMs);
}

/** Where a moment stands on a reel, from 0 to 1. */
export function shareOf({ fromMs, toMs }: Pick<Reel, 'fromMs' | 'toMs'>, atMs: number): number {
  if (toMs <= fromMs) return 0;
  return Math.min(1, Math.max(0, (atMs - fromMs) / (toMs - fromMs)));
}

/** Within what is recorded. */
export function clampTo({ fromMs, toMs }: Pick<Reel, 'fromMs' | 'toMs'>, atMs: number): number {
  return Math.min(toMs, Math.max(fromMs, atMs));
}

/** Something of a moment. */
interface Timed {
  readonly atMs: number;
}

/** The first mark behind a moment. */
export function nextMark<T extends Timed>(marks: readonly T[], atMs: number): T | undefined {
  return marks.find((mark) => mark.atMs > atMs);
}

/** The last mark before a moment. */
export function lastMark<T extends Timed>(marks: readonly T[], atMs: number): T | undefined {
  return lastOf(marks, (mark) => mark.atMs <= atMs);
}

function byDay(span: ReplaySpan, dayOf: DayOf): ReplaySpan[] {
  const day = dayOf(span.fromMs);
  if (dayOf(span.toMs) === day) return [span];
  const endMs = lastOfDay(span, day, dayOf);
  return [{ ...span, toMs: endMs }, ...byDay({ ...span, fromMs: endMs + 1 }, dayOf)];
}

/** The last millisecond of the day within the span, by halving: a zone's days are not all 24 hours. */
function lastOfDay({ fromMs, toMs }: ReplaySpan, day: string, dayOf: DayOf): number {
  let [low, high] = [fromMs, toMs];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (dayOf(middle) === day) low = middle;
    else high = middle;
  }
  return low;
}

/** The browsers that the board is made for have `findLast`, its language level has not. */
function lastOf<T>(items: readonly T[], isIt: (item: T) => boolean): T | undefined {
  for (let at = items.length - 1; at >= 0; at -= 1) {
    const item = items[at];
    if (item !== undefined && isIt(item)) return item;
  }
  return undefined;
}
