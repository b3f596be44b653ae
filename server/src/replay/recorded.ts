import type { ReplaySpan } from '@ppe-pulse/protocol';
import { readHead } from './segment-reader.ts';
import type { Segment } from './segment-name.ts';

/** Segments that follow each other without a break. */
interface Run {
  readonly segments: readonly Segment[];
}

/** True when the next segment goes on where this one ends: its deltas follow. */
export function follows(before: Segment, next: Segment): boolean {
  return before.endMs === next.startMs;
}

/** The segment that a moment belongs to: the last that began before it. */
export function segmentAt(segments: readonly Segment[], atMs: number): Segment | undefined {
  return segments.findLast(({ startMs }) => startMs <= atMs);
}

/**
 * Where one ends behind the beginning of the next, as when the clock was set back, the later one counts.
 * The cut one does not lead to it: a millisecond stays between them.
 */
export function withoutOverlaps(segments: readonly Segment[]): Segment[] {
  return segments.map((segment, at) => {
    const next = segments[at + 1];
    return next && next.startMs < segment.endMs ? { ...segment, endMs: next.startMs - 1 } : segment;
  });
}

/** What was recorded without a break, each with the clock of its day. */
export class SpanList {
  /** Heads do not change: each is read once. */
  readonly #days = new Map<number, ReplaySpan['day']>();

  async of(segments: readonly Segment[]): Promise<ReplaySpan[]> {
    const spans: ReplaySpan[] = [];
    for (const { segments: run } of runsOf(segments)) {
      const [first, last] = [run[0], run.at(-1)];
      if (!first || !last) continue;
      const day = await this.#dayOf(first);
      spans.push({ fromMs: first.startMs, toMs: last.endMs, day });
    }
    return spans;
  }

  async #dayOf({ startMs, path }: Segment): Promise<ReplaySpan['day']> {
    const known = this.#days.get(startMs);
    if (known !== undefined) return known;
    const head = await readHead(path);
    if (head) this.#days.set(startMs, head.day);
    return head?.day ?? null;
  }
}

function runsOf(segments: readonly Segment[]): Run[] {
  const runs: Segment[][] = [];
  for (const segment of segments) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before && follows(before, segment)) run.push(segment);
    else runs.push([segment]);
  }
  return runs.map((run) => ({ segments: run }));
}
