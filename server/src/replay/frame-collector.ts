import type { ReplayGap } from '@ppe-pulse/protocol';
import { FRAMES_BYTES } from './replay-limits.ts';
import type { SegmentLine } from './segment-line.ts';
import type { Segment } from './segment-name.ts';

/** An answer with frames: what goes before and after them, and they themselves as they were written. */
export interface FramesAnswer {
  readonly json: Buffer;
  /** Up to where it goes. */
  readonly toMs: number;
}

const SNAPSHOT = '"frame":{"type":"snapshot"';

/** Puts the frames of a stretch together, from segment to segment, with the gaps between them. */
export class FrameCollector {
  readonly #fromMs: number;
  readonly #toMs: number;
  readonly #items: Buffer[] = [];
  readonly #gaps: ReplayGap[] = [];
  #bytes = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
  /** So far it is known what went on. */
  #coveredMs: number;
  /** Deltas follow what was given before: a key frame would only make everything new. */
  #isChained = false;
  #isFull = false;
  /** Of the segment that is read. */
  #endMs = 0;

  constructor(fromMs: number, toMs: number) {
    this.#fromMs = fromMs;
    this.#toMs = toMs;
    this.#coveredMs = fromMs;
  }

  /** No more goes into this answer. */
  get isFull(): boolean {
    return this.#isFull;
  }

  begin(segment: Segment, doesFollow: boolean): void {
    this.#endMs = segment.endMs;
    if (segment.startMs > this.#coveredMs) this.#gap(segment.startMs, 'notRecorded');
    else this.#isChained = doesFollow ? this.#isChained : segment.startMs <= this.#fromMs;
  }

  /** False when the stretch ends or the answer is full. */
  take({ atMs, json }: SegmentLine): boolean {
    if (atMs === undefined || atMs <= this.#fromMs) return true;
    if (atMs > this.#toMs || atMs > this.#endMs) return false;
    // Frames of one moment stay together: the next answer begins after it.
    if (this.#bytes > FRAMES_BYTES && atMs > this.#lastMs) {
      this.#isFull = true;
      return false;
    }
    this.#lastMs = atMs;
    this.#coveredMs = atMs;
    if (this.#isChained && isSnapshot(json)) return true;
    this.#isChained = true;
    this.#items.push(json);
    this.#bytes += json.length;
    return true;
  }

  end({ endMs }: Segment, isWhole: boolean): void {
    if (this.#isFull) return;
    const toMs = Math.min(endMs, this.#toMs);
    if (isWhole) this.#coveredMs = Math.max(this.#coveredMs, toMs);
    else if (toMs > this.#coveredMs) this.#gap(toMs, 'damaged');
    else this.#isChained = false;
  }

  answer(endMs: number): FramesAnswer {
    const toMs = this.#isFull ? this.#lastMs : this.#toMs;
    if (toMs > this.#coveredMs) this.#gap(toMs, 'notRecorded');
    const head = { fromMs: this.#fromMs, toMs, endMs, gaps: this.#gaps };
    const parts: Buffer[] = [Buffer.from(`${JSON.stringify(head).slice(0, -1)},"items":[`)];
    for (const [at, item] of this.#items.entries())
      parts.push(...(at === 0 ? [item] : [COMMA, item]));
    parts.push(Buffer.from(']}'));
    return { json: Buffer.concat(parts), toMs };
  }

  #gap(toMs: number, reason: ReplayGap['reason']): void {
    this.#gaps.push({ fromMs: this.#coveredMs, toMs, reason });
    this.#coveredMs = toMs;
    this.#isChained = false;
  }
}

const COMMA = Buffer.from(',');

function isSnapshot(json: Buffer): boolean {
  // `{"atMs":` and 13 digits and a comma come before.
  return json.toString('latin1', 0, 64).includes(SNAPSHOT);
}
