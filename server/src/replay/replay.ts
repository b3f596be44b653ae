import {
  nothingKnown,
  reduceLive,
  snapshotOfState,
  type LiveState,
  type RecordedFrame,
  type ReplayMoment,
  type ReplaySpans,
} from '@ppe-pulse/protocol';
import { FrameCollector, type FramesAnswer } from './frame-collector.ts';
import { ReadingTurns } from './reading-turns.ts';
import { SpanList, follows, segmentAt, withoutOverlaps } from './recorded.ts';
import type { ReplayRecorder } from './recorder.ts';
import { GAP_MS, READERS, WAITING_READERS } from './replay-limits.ts';
import { headOf, readSegment, type ReadOutcome } from './segment-reader.ts';
import type { SegmentLine } from './segment-line.ts';
import type { Segment } from './segment-name.ts';
import type { Segments } from './segments.ts';

/** Why there is no picture, as the token of a problem document. */
export type ReplayRefusal =
  | 'nothingRecorded'
  | 'beforeRecord'
  | 'afterRecord'
  | 'notRecorded'
  | 'damagedRecord'
  | 'tooManyReaders';

export type ReplayOutcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly reason: ReplayRefusal };

/** What was filmed, to be looked at. */
export class Replay {
  readonly #segments: Segments;
  readonly #recorder: ReplayRecorder;
  readonly #spans = new SpanList();
  readonly #turns = new ReadingTurns(READERS, WAITING_READERS);

  constructor(segments: Segments, recorder: ReplayRecorder) {
    this.#segments = segments;
    this.#recorder = recorder;
  }

  async spans(): Promise<ReplaySpans> {
    const segments = await this.#all();
    return {
      items: await this.#spans.of(segments),
      isRecording: this.#recorder.isRecording,
      bytesOnDisk: segments.reduce((sum, { bytes }) => sum + bytes, 0),
      droppedFrames: this.#recorder.droppedFrames,
    };
  }

  /** The picture of a moment. */
  async momentAt(atMs: number): Promise<ReplayOutcome<ReplayMoment>> {
    return this.#inTurn(async () => {
      const segments = await this.#all();
      const segment = segmentAt(segments, atMs);
      if (!segment) return refused(segments.length === 0 ? 'nothingRecorded' : 'beforeRecord');
      if (atMs > segment.endMs)
        return refused(segment === segments.at(-1) ? 'afterRecord' : 'notRecorded');
      const film = new PictureBuilder(atMs);
      await this.#read(segment, (line) => film.take(line));
      const { state, lastMs } = film;
      const snapshot = snapshotOfState(state);
      if (!snapshot || atMs - lastMs > GAP_MS) return refused('damagedRecord');
      const { endedIncidents } = state;
      return { kind: 'done', value: { atMs, snapshot, endedIncidents } };
    });
  }

  /** The frames after a moment up to another one, as JSON that is not parsed on the way. */
  async framesBetween(fromMs: number, toMs: number): Promise<ReplayOutcome<FramesAnswer>> {
    return this.#inTurn(async () => {
      const segments = await this.#all();
      const [first, last] = [segments[0], segments.at(-1)];
      if (!first || !last) return refused('nothingRecorded');
      if (toMs < first.startMs) return refused('beforeRecord');
      if (fromMs > last.endMs) return refused('afterRecord');
      const frames = new FrameCollector(fromMs, Math.min(toMs, last.endMs));
      let before: Segment | undefined;
      for (const segment of segments) {
        if (segment.endMs <= fromMs || frames.isFull) continue;
        if (segment.startMs >= toMs) break;
        frames.begin(segment, before !== undefined && follows(before, segment));
        const outcome = await this.#read(segment, (line) => frames.take(line));
        frames.end(segment, outcome === 'whole');
        before = segment;
      }
      return { kind: 'done', value: frames.answer(last.endMs) };
    });
  }

  async #inTurn<T>(work: () => Promise<ReplayOutcome<T>>): Promise<ReplayOutcome<T>> {
    return (await this.#turns.run(work)) ?? refused('tooManyReaders');
  }

  /** Closed segments and the one that is written, flushed so that it can be read. */
  async #all(): Promise<readonly Segment[]> {
    const current = await this.#recorder.readable();
    await this.#recorder.settled();
    const closed = this.#segments.all;
    const isOpen = current && !closed.some(({ startMs }) => startMs === current.startMs);
    return withoutOverlaps(isOpen ? byStart([...closed, current]) : closed);
  }

  /** One that was closed since it was listed has another name by now. */
  async #read(segment: Segment, take: (line: SegmentLine) => boolean): Promise<ReadOutcome> {
    const outcome = await readSegment(segment.path, take);
    if (outcome !== 'gone') return outcome;
    await this.#recorder.settled();
    const closed = this.#segments.all.find(({ startMs }) => startMs === segment.startMs);
    return closed ? readSegment(closed.path, take) : 'gone';
  }
}

/** Folds the lines of a segment up to a moment. */
class PictureBuilder {
  readonly #atMs: number;
  state: LiveState = nothingKnown;
  /** Of the newest line that was taken in. */
  lastMs = Number.NEGATIVE_INFINITY;

  constructor(atMs: number) {
    this.#atMs = atMs;
  }

  /** False when nothing more is needed, or nothing more follows. */
  take({ atMs, json }: SegmentLine): boolean {
    if (atMs === undefined) {
      const head = headOf(json);
      if (head) this.state = { ...this.state, endedIncidents: head.endedIncidents };
      return head !== undefined;
    }
    if (atMs > this.#atMs) {
      // Until here nothing changed: the picture holds up to the moment.
      this.lastMs = this.#atMs;
      return false;
    }
    const { frame } = JSON.parse(json.toString('utf8')) as RecordedFrame;
    const { state, resync } = reduceLive(this.state, frame);
    if (resync) return false;
    this.state = state;
    this.lastMs = atMs;
    return true;
  }
}

/** A clock that was set back may have begun one before others. */
function byStart(segments: readonly Segment[]): Segment[] {
  return segments.toSorted((a, b) => a.startMs - b.startMs);
}

function refused<T>(reason: ReplayRefusal): ReplayOutcome<T> {
  return { kind: 'refused', reason };
}
