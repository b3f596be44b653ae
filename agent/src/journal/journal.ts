import { closeSync, fsyncSync, ftruncateSync } from 'node:fs';
import type { Heartbeat } from '@ppe-pulse/protocol';
import { systemClock, type ElapsedClock } from '../platform/clock.ts';
import { codeOf } from '../platform/errors.ts';
import { writeFully } from '../platform/files.ts';
import { ageClockAtStart } from './age-clock.ts';
import { Boots } from './boots.ts';
import { DropCount } from './drop-count.ts';
import { producedAt, type Boot, type ProducedAt } from './produced-at.ts';
import { decodeRecord, encodeRecord } from './record.ts';
import { recover, type Recovered } from './recover.ts';
import { SegmentFiles } from './segment-files.ts';
import { emptySegment, isEventsOnly, rewritten, type Segment } from './segment.ts';
import { Unwritten, type UnwrittenRecord } from './unwritten.ts';
import { VerdictChanges } from './verdict-changes.ts';

/** A segment is closed at this size, or at an eighth of a small journal: room is made in such pieces. */
const SEGMENT_BYTES = 1_048_576;
const SEGMENTS_AT_LEAST = 8;
/** A segment that is acked to its end is begun anew from this size on: what a death sends again. */
const RECYCLE_BYTES = 65_536;

/** What a journal may take. */
export interface JournalOptions {
  readonly maxBytes: number;
  /** Heartbeats older than this go. Counted as in `ageClockAtStart`, so no clock step ages them. */
  readonly maxAgeMs: number;
  /** The machine's own when missing. */
  readonly clock?: Pick<ElapsedClock, 'wallMs' | 'elapsedMs'>;
}

/** A heartbeat that is not acked yet. */
export interface JournalEntry {
  readonly bootId: string;
  readonly seq: number;
  readonly isEvent: boolean;
}

/**
 * Append-only journal of heartbeats, in segments `NNNNNNNN.seg`.
 *
 * Durability: a heartbeat is handed to the system before `append` returns, so it survives the agent's
 * death at once, and a power cut after the next `sync`, which the agent calls with each heartbeat.
 * New and rewritten segments, the count of drops and the table of boots are synced as they are
 * written.
 *
 * Drop policy: **oldest non-event first**. Over `maxBytes` the oldest segment is written again with
 * only its unacked events (heartbeats in which a verdict changed); when nothing but events is left,
 * the oldest of those go. Over `maxAgeMs` the oldest segment goes whole. Every unacked heartbeat that
 * goes is counted, over all starts.
 *
 * Faults: a damaged record is lost and counted, those around it are not. What the disk does not take
 * waits in memory, bounded and counted alike, is delivered from there and written once there is room:
 * `append` throws, and the journal goes on.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #clock: Pick<ElapsedClock, 'wallMs' | 'elapsedMs'>;
  readonly #files: SegmentFiles;
  readonly #drops: DropCount;
  readonly #boots: Boots;
  readonly #changes = new VerdictChanges();
  readonly #unwritten = new Unwritten();
  readonly #segments: Segment[];
  readonly #segmentBytes: number;
  readonly #ageOriginMs: number;
  /** Bytes of records that could not be trusted at the start, torn ones included. */
  readonly damagedBytes: number;
  /** Bytes cut off at the start because their record was torn. */
  readonly tornBytes: number;
  #nextNumber: number;
  /** The newest segment while its file is open for writing. */
  #current: Segment | undefined;
  #file = -1;
  #isSynced = true;
  #failure: string | undefined;

  /** Opens the journal and finds what was not acked before. Throws when the folder is unusable. */
  constructor(directory: string, options: JournalOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock();
    this.#segmentBytes = Math.min(SEGMENT_BYTES, Math.floor(options.maxBytes / SEGMENTS_AT_LEAST));
    this.#files = new SegmentFiles(directory);
    this.#drops = new DropCount(directory);
    this.#boots = new Boots(directory);
    const found = recover(this.#files, this.#drops);
    this.#segments = found.segments;
    this.#nextNumber = found.nextNumber;
    this.damagedBytes = found.damagedBytes;
    this.tornBytes = found.tornBytes;
    this.#failure = found.failure;
    const capMs = options.maxAgeMs / 2;
    this.#ageOriginMs =
      ageClockAtStart(found.newest, this.#clock.wallMs(), capMs) - this.#clock.elapsedMs();
    this.#completeBoots(found);
  }

  /** Heartbeats that are not acked. */
  get lag(): number {
    return this.#segments.reduce((sum, { index }) => sum + index.unacked, this.#unwritten.size);
  }

  /** Heartbeats that were ever dropped unacked, over all starts: full, too old, or damaged. */
  get droppedHeartbeats(): number {
    return this.#drops.total;
  }

  /** Bytes of all segments. */
  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  /** Memory that the index takes. */
  get indexBytes(): number {
    return this.#segments.reduce((sum, { index }) => sum + index.memoryBytes, 0);
  }

  /** Why the disk did not do what was last asked of it; undefined when it did. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /**
   * Writes a heartbeat. Throws when the disk does not take it: then it is kept in memory, can be
   * delivered from there, and is written with the next one that the disk takes.
   */
  append(heartbeat: Heartbeat): void {
    const about = {
      isEvent: this.#changes.isEvent(heartbeat),
      atMs: this.#nowMs(),
      wallMs: this.#clock.wallMs(),
    };
    const { bootId, seq } = heartbeat;
    const next = { ...about, bootId, seq, record: encodeRecord(heartbeat, about) };
    this.#boots.note(heartbeat);
    try {
      this.#writeAll(next);
      this.#keepInBounds();
      this.#failure = undefined;
    } catch (error) {
      this.#failure = codeOf(error);
      throw error;
    }
  }

  /** Makes everything written so far survive a power cut. Throws when the disk does not do it. */
  sync(): void {
    if (!this.#isSynced && this.#file >= 0) {
      fsyncSync(this.#file);
      this.#isSynced = true;
    }
    this.#drops.save();
    this.#boots.save(this.#clock.elapsedMs());
  }

  /** Frees acked heartbeats; ranges are inclusive. Unknown numbers are passed over. */
  ack(bootId: string, ranges: readonly (readonly [number, number])[]): number {
    let freed = 0;
    for (const [from, to] of ranges) {
      for (const { index } of this.#segments) freed += index.ack(bootId, from, to);
      freed += this.#unwritten.ack(bootId, from, to);
    }
    if (freed > 0) this.#attempt(() => this.#removeFreed());
    return freed;
  }

  /** Unacked heartbeats, oldest first. */
  *unacked(): Generator<JournalEntry> {
    for (const { index } of this.#segments.slice()) yield* index.unackedRecords();
    yield* this.#unwritten.all();
  }

  isUnacked(bootId: string, seq: number): boolean {
    return this.#locate(bootId, seq) !== undefined || !!this.#unwritten.find(bootId, seq);
  }

  /** Reads an unacked heartbeat back; one whose bytes are not what was written is lost, and counted. */
  read({ bootId, seq }: Pick<JournalEntry, 'bootId' | 'seq'>): Heartbeat | undefined {
    const waiting = this.#unwritten.find(bootId, seq);
    if (waiting) return decodeRecord(waiting.record);
    const place = this.#locate(bootId, seq);
    if (!place) return undefined;
    return this.#attempt(() => {
      const record = this.#files.readRecord(place.segment.number, place.offset);
      const heartbeat = record && decodeRecord(record);
      if (heartbeat?.bootId === bootId && heartbeat.seq === seq) return heartbeat;
      this.#drops.lost(place.segment.index.ack(bootId, seq, seq));
      return undefined;
    });
  }

  /** The collector's clock minus a boot's monotonic clock was measured, with that error at most. */
  noteOffset(bootId: string, offsetMs: number, boundMs?: number): void {
    this.#boots.noteOffset(bootId, offsetMs, boundMs);
  }

  /** Boots that have heartbeats here, oldest first, and the one before them. */
  get boots(): readonly Boot[] {
    return this.#boots.all();
  }

  /**
   * When a heartbeat of this journal was produced on the collector's clock. `wallOffsetMs` is that
   * clock minus the PC's wall clock now; 0 when unknown.
   */
  producedAt(
    heartbeat: Pick<Heartbeat, 'bootId' | 'monotonicMs' | 'wallMs'>,
    wallOffsetMs = 0,
  ): ProducedAt {
    return producedAt(this.#boots.all(), heartbeat, wallOffsetMs);
  }

  /** Writes everything down. What a full disk does not take is told by `failure`. */
  close(): void {
    this.#attempt(() => this.sync());
    this.#attempt(() => this.#boots.save(this.#clock.elapsedMs(), true));
    const last = this.#current;
    this.#closeCurrent();
    // An empty one would only be looked through at the next start.
    if (last?.index.unacked === 0) this.#attempt(() => this.#removeFreed());
  }

  #nowMs(): number {
    return this.#ageOriginMs + this.#clock.elapsedMs();
  }

  /** Writes a record behind those that wait; or it waits, too. */
  #writeAll(newest: UnwrittenRecord): void {
    try {
      for (let next = this.#unwritten.first; next; next = this.#unwritten.first) {
        this.#write(next);
        this.#unwritten.shift();
      }
      this.#write(newest);
    } catch (error) {
      this.#drops.lost(this.#unwritten.push(newest));
      throw error;
    }
  }

  #write(next: UnwrittenRecord): void {
    const { record, bootId, seq, isEvent, atMs } = next;
    const segment = this.#segmentFor(record.length);
    try {
      writeFully(this.#file, record, segment.bytes);
    } catch (error) {
      this.#cutBack(segment);
      throw error;
    }
    segment.index.add({ bootId, seq, isEvent, offset: segment.bytes });
    segment.bytes += record.length;
    segment.newestAtMs = atMs;
    this.#isSynced = false;
  }

  /** Half a record must not stand before the next one. */
  #cutBack(segment: Segment): void {
    try {
      ftruncateSync(this.#file, segment.bytes);
    } catch {
      // A disk that does not even do that: the next heartbeat begins another segment.
      this.#closeCurrent();
    }
  }

  /** The open segment, or a new one when that has no room. */
  #segmentFor(recordBytes: number): Segment {
    const current = this.#current;
    if (current && (current.bytes === 0 || current.bytes + recordBytes <= this.#segmentBytes))
      return current;
    // One that cannot be synced must not stop the next.
    if (current) this.#attempt(() => this.sync());
    this.#closeCurrent();
    this.#file = this.#files.create(this.#nextNumber);
    const segment = emptySegment(this.#nextNumber);
    this.#nextNumber += 1;
    this.#current = segment;
    this.#segments.push(segment);
    return segment;
  }

  #closeCurrent(): void {
    this.#current?.index.trim();
    this.#current = undefined;
    // Should the next one not open, this number may soon be somebody else's.
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
    this.#isSynced = true;
  }

  #keepInBounds(): void {
    const isOver = (): boolean => this.bytes > this.#options.maxBytes;
    const oldestMs = this.#nowMs() - this.#options.maxAgeMs;
    for (const old of this.#closed().filter(({ newestAtMs }) => newestAtMs < oldestMs))
      this.#drop(old);
    for (const segment of this.#closed())
      if (isOver() && !isEventsOnly(segment)) this.#keepEvents(segment);
    for (const segment of this.#closed()) if (isOver()) this.#drop(segment);
  }

  #closed(): Segment[] {
    return this.#segments.filter((each) => each !== this.#current);
  }

  /** Writes a segment again with only its unacked events. */
  #keepEvents(segment: Segment): void {
    const { number, index } = segment;
    const kept = rewritten(
      number,
      this.#files.read(number),
      ({ bootId, seq, isEvent }) => isEvent && index.offsetOf(bootId, seq) !== undefined,
    );
    if (kept.content.length === 0) {
      this.#drop(segment);
      return;
    }
    this.#drops.counted(index.unacked - kept.segment.index.unacked, () =>
      this.#files.replace(number, kept.content),
    );
    Object.assign(segment, kept.segment);
  }

  #drop(segment: Segment): void {
    this.#drops.counted(segment.index.unacked, () => this.#files.remove(segment.number));
    this.#forget(segment);
  }

  #forget(segment: Segment): void {
    this.#segments.splice(this.#segments.indexOf(segment), 1);
    this.#boots.retain(
      (bootId) =>
        this.#segments.some(({ index }) => index.boots.includes(bootId)) ||
        this.#unwritten.all().some((each) => each.bootId === bootId),
    );
  }

  #removeFreed(): void {
    for (const segment of this.#closed()) {
      if (segment.index.unacked > 0) continue;
      this.#files.remove(segment.number);
      this.#forget(segment);
    }
    const current = this.#current;
    if (!current || current.index.unacked > 0 || current.bytes < RECYCLE_BYTES) return;
    ftruncateSync(this.#file, 0);
    Object.assign(current, emptySegment(current.number));
  }

  #locate(bootId: string, seq: number): { segment: Segment; offset: number } | undefined {
    for (const segment of this.#segments) {
      const offset = segment.index.offsetOf(bootId, seq);
      if (offset !== undefined) return { segment, offset };
    }
    return undefined;
  }

  /** The table may miss the last minute before a death: the segments know how each boot ended. */
  #completeBoots({ newestOfBoot }: Recovered): void {
    for (const { segment, offset } of newestOfBoot.values()) {
      this.#attempt(() => {
        const record = this.#files.readRecord(segment, offset);
        const heartbeat = record && decodeRecord(record);
        if (heartbeat) this.#boots.note(heartbeat);
      });
    }
  }

  /** Does what the journal can do without; a disk that refuses is told by `failure`. */
  #attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#failure = codeOf(error);
      return undefined;
    }
  }
}
