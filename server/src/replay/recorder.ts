import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import type { PlayedDay } from '@ppe-pulse/protocol';
import type { Clock } from '../clock.ts';
import { codeOf } from '../config.ts';
import type { FrameTape } from '../live/frame-tape.ts';
import type { Log } from '../log.ts';
import { EndedIncidents } from './ended-incidents.ts';
import {
  FLUSH_EVERY_MS,
  GAP_MS,
  PENDING_BYTES,
  RETRY_MS,
  SEGMENT_MS,
  STEP_BACK_MS,
} from './replay-limits.ts';
import { frameJson, type SegmentHead } from './segment-line.ts';
import type { Segment } from './segment-name.ts';
import { SegmentWriter } from './segment-writer.ts';
import type { Segments } from './segments.ts';

/** Reason token of the collector's warning about itself. */
const NOT_RECORDED = 'replayNotRecorded';

export interface RecorderParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly segments: Segments;
  /** Null on a day that is lived and not played. */
  readonly day: () => PlayedDay | null;
  /** Called after a segment was closed: what is too much goes. */
  readonly closed: () => void;
  /** For tests: a disk that refuses. */
  readonly open?: (path: string) => Writable;
}

interface Writing {
  readonly writer: SegmentWriter;
  readonly path: string;
  readonly startMs: number;
  lastMs: number;
}

/**
 * Films what boards are shown. A disk that does not take it stops nobody: the segment ends where it broke,
 * what follows is dropped and counted, the board is warned, and another segment is tried later.
 */
export class ReplayRecorder implements FrameTape {
  readonly #parts: RecorderParts;
  readonly #ended = new EndedIncidents();
  readonly #timer: ReturnType<typeof setInterval>;
  /** Closings go one after the other. */
  #closing: Promise<void> = Promise.resolve();
  #writing: Writing | undefined;
  #failure: string | undefined;
  #retryAtMs = 0;
  #droppedFrames = 0;
  #isOver = false;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS);
    this.#timer.unref();
  }

  get droppedFrames(): number {
    return this.#droppedFrames;
  }

  get isRecording(): boolean {
    return this.#writing !== undefined && this.#failure === undefined;
  }

  warnings(): readonly string[] {
    return this.#failure === undefined ? [] : [NOT_RECORDED];
  }

  wantsKeyFrame(): boolean {
    if (this.#isOver || !this.#parts.segments.isLoaded) return false;
    const writing = this.#writing;
    if (!writing) return this.#parts.clock.monotonicMs() >= this.#retryAtMs;
    return this.#wallMs() - writing.startMs >= SEGMENT_MS;
  }

  begin(snapshot: string): void {
    if (this.#isOver) return;
    const nowMs = this.#wallMs();
    const before = this.#writing;
    try {
      const { path, startMs } = this.#parts.segments.begin(nowMs);
      const out = (this.#parts.open ?? openNew)(path);
      const writer = new SegmentWriter(out, (code) => this.#failed(writing, code));
      const writing: Writing = { writer, path, startMs, lastMs: startMs };
      this.#writing = writing;
      const day = this.#parts.day();
      const head: SegmentHead = { layout: 1, day, endedIncidents: this.#ended.kept };
      writer.write(JSON.stringify(head));
      writer.write(frameJson(startMs, snapshot));
      if (before) this.#close(before, startMs);
      void this.flush();
    } catch (error) {
      if (before) this.#close(before, before.lastMs);
      this.#writing = undefined;
      this.#refused(codeOf(error));
    }
  }

  take(frame: string): void {
    this.#ended.take(frame);
    if (this.#isOver) return;
    const writing = this.#writing;
    if (!writing) {
      this.#droppedFrames += this.#failure === undefined ? 0 : 1;
      return;
    }
    const nowMs = this.#wallMs();
    if (nowMs - writing.lastMs > GAP_MS || writing.lastMs - nowMs > STEP_BACK_MS) {
      // The process stood still, or the clock was set: a picture that bridges it would be a lie.
      this.#writing = undefined;
      this.#close(writing, writing.lastMs);
      return;
    }
    // A clock that steps back a little holds the film until it is there again.
    writing.lastMs = Math.max(writing.lastMs, nowMs);
    writing.writer.write(frameJson(writing.lastMs, frame));
    if (writing.writer.pendingBytes > PENDING_BYTES) writing.writer.abandon('tooSlow');
  }

  /** What was told so far can be read. Never rejects. */
  async flush(): Promise<void> {
    const writing = this.#writing;
    if (!writing) return;
    await writing.writer.flush();
    if (!writing.writer.isFailed && writing === this.#writing) this.#failure = undefined;
  }

  /**
   * The segment that is being written, up to where it can be read and nothing more comes in between: of
   * this very millisecond there may be another frame.
   */
  async readable(): Promise<Segment | undefined> {
    const writing = this.#writing;
    if (!writing) return undefined;
    const { path, startMs, lastMs, writer } = writing;
    const endMs = Math.max(startMs, Math.min(lastMs, this.#wallMs() - 1));
    await this.flush();
    return writer.isFailed ? undefined : { path, startMs, endMs, bytes: writer.bytes };
  }

  /** Everything that was closed has its name. */
  async settled(): Promise<void> {
    await this.#closing;
  }

  /** Closes the film. */
  async close(): Promise<void> {
    this.#isOver = true;
    clearInterval(this.#timer);
    const writing = this.#writing;
    this.#writing = undefined;
    if (writing) this.#close(writing, writing.lastMs);
    await this.#closing;
  }

  #close({ writer, path, startMs }: Writing, endMs: number): void {
    const { segments, log, closed } = this.#parts;
    this.#closing = this.#closing.then(async () => {
      await writer.end();
      // One that failed meanwhile is recovered by whoever noticed.
      if (writer.isFailed) return;
      try {
        await segments.close(path, startMs, endMs);
        closed();
      } catch (error) {
        log.error({ path, error: codeOf(error) }, 'a segment of the replay was not closed');
      }
    });
  }

  #failed(writing: Writing, code: string): void {
    if (this.#writing === writing) this.#writing = undefined;
    this.#refused(code);
    const { segments } = this.#parts;
    this.#closing = this.#closing.then(() => segments.recover(writing.path, writing.startMs));
  }

  #refused(code: string): void {
    this.#retryAtMs = this.#parts.clock.monotonicMs() + RETRY_MS;
    this.#droppedFrames += 1;
    if (this.#failure === code) return;
    this.#failure = code;
    this.#parts.log.error(
      { code, retryMs: RETRY_MS },
      'the disk does not take the replay: what boards show is not recorded; free some space',
    );
  }

  #wallMs(): number {
    return Math.round(this.#parts.clock.wallMs());
  }
}

function openNew(path: string): Writable {
  return createWriteStream(path, { flags: 'wx', mode: 0o600 });
}
