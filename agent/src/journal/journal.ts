import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Heartbeat } from '@ppe-pulse/protocol';
import { decodeRecords, encodeRecord } from './record.ts';

/** A segment is closed at this size: what is acked is freed in such pieces. */
const SEGMENT_BYTES = 1_048_576;
/** Name of a segment file. */
const NAME = /^(\d{8})\.seg$/;

/** Where a heartbeat that is not acked yet can be read again. */
export interface JournalEntry {
  readonly bootId: string;
  readonly seq: number;
  readonly segment: number;
  readonly offset: number;
  readonly bytes: number;
}

/** A segment file and how many of its records are not acked. */
interface Segment {
  readonly number: number;
  bytes: number;
  unacked: number;
}

/**
 * Append-only journal of heartbeats, in segments `NNNNNNNN.seg`. What is written survives the
 * agent's death at once and a power cut after the next `sync` (once a second). Bounded by bytes:
 * when full, the oldest segment is dropped whole and its unacked heartbeats are counted.
 */
export class Journal {
  readonly #directory: string;
  readonly #maxBytes: number;
  readonly #segments: Segment[] = [];
  readonly #entries = new Map<string, JournalEntry>();
  #file = -1;
  #isSynced = true;
  #droppedHeartbeats = 0;
  #tornBytes = 0;

  /** Opens the journal and finds what was not acked before. Throws when the folder is unusable. */
  constructor(directory: string, maxBytes: number) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
    mkdirSync(directory, { recursive: true });
    for (const name of readdirSync(directory).sort()) {
      const number = NAME.exec(name)?.[1];
      if (number !== undefined) this.#recover(Number(number));
    }
    this.#startSegment((this.#segments.at(-1)?.number ?? 0) + 1);
  }

  /** Heartbeats that are not acked. */
  get lag(): number {
    return this.#entries.size;
  }

  /** Heartbeats that were dropped unacked because the journal was full, since the start. */
  get droppedHeartbeats(): number {
    return this.#droppedHeartbeats;
  }

  /** Bytes cut off at the start because their record was torn. */
  get tornBytes(): number {
    return this.#tornBytes;
  }

  /** Writes a heartbeat. Throws when the disk does not take it. */
  append(heartbeat: Heartbeat): void {
    const record = encodeRecord(heartbeat);
    let segment = this.#current();
    const isFull = segment.bytes + record.length > SEGMENT_BYTES && segment.bytes > 0;
    if (isFull || this.#file < 0) {
      this.#startSegment(segment.number + 1);
      segment = this.#current();
    }
    const offset = segment.bytes;
    this.#write(record, segment);
    this.#isSynced = false;
    segment.unacked += 1;
    const { bootId, seq } = heartbeat;
    this.#entries.set(keyOf(bootId, seq), {
      bootId,
      seq,
      segment: segment.number,
      offset,
      bytes: record.length,
    });
    this.#keepInBounds();
  }

  /** Makes everything written so far survive a power cut. */
  sync(): void {
    if (this.#isSynced || this.#file < 0) return;
    fsyncSync(this.#file);
    this.#isSynced = true;
  }

  /** Frees acked heartbeats; ranges are inclusive. Unknown numbers are passed over. */
  ack(bootId: string, ranges: readonly (readonly [number, number])[]): number {
    let freed = 0;
    for (const [from, to] of ranges) {
      // A range may be far longer than what is here: walk the shorter of the two.
      if (to - from < this.#entries.size) {
        for (let seq = from; seq <= to; seq += 1) freed += this.#free(keyOf(bootId, seq));
      } else {
        for (const entry of this.#entries.values()) {
          if (entry.bootId !== bootId || entry.seq < from || entry.seq > to) continue;
          freed += this.#free(keyOf(bootId, entry.seq));
        }
      }
    }
    this.#removeFreed();
    return freed;
  }

  /** Unacked heartbeats, oldest first. */
  unacked(): Iterable<JournalEntry> {
    return this.#entries.values();
  }

  isUnacked(bootId: string, seq: number): boolean {
    return this.#entries.has(keyOf(bootId, seq));
  }

  /** Reads a heartbeat back; undefined when its bytes are not what was written. */
  read(entry: JournalEntry): Heartbeat | undefined {
    const bytes = Buffer.alloc(entry.bytes);
    const file = openSync(this.#path(entry.segment), 'r');
    try {
      readSync(file, bytes, 0, entry.bytes, entry.offset);
    } finally {
      closeSync(file);
    }
    return decodeRecords(bytes).records[0]?.heartbeat;
  }

  close(): void {
    if (this.#file < 0) return;
    this.sync();
    closeSync(this.#file);
    this.#file = -1;
  }

  #recover(number: number): void {
    const path = this.#path(number);
    const content = readFileSync(path);
    const { records, soundBytes } = decodeRecords(content);
    if (soundBytes < content.length) this.#cutTail(path, soundBytes, content.length);
    const segment = { number, bytes: soundBytes, unacked: records.length };
    this.#segments.push(segment);
    for (const { heartbeat, offset, bytes } of records) {
      const { bootId, seq } = heartbeat;
      this.#entries.set(keyOf(bootId, seq), { bootId, seq, segment: number, offset, bytes });
    }
  }

  #cutTail(path: string, soundBytes: number, totalBytes: number): void {
    this.#tornBytes += totalBytes - soundBytes;
    const file = openSync(path, 'r+');
    ftruncateSync(file, soundBytes);
    closeSync(file);
  }

  #write(record: Buffer, segment: Segment): void {
    try {
      writeSync(this.#file, record, 0, record.length, segment.bytes);
    } catch (error) {
      // Half a record must not stand before the next one.
      ftruncateSync(this.#file, segment.bytes);
      throw error;
    }
    segment.bytes += record.length;
  }

  #startSegment(number: number): void {
    if (this.#file >= 0) {
      this.sync();
      closeSync(this.#file);
      // Should the next one not open, this number may soon be somebody else's.
      this.#file = -1;
    }
    this.#file = openSync(this.#path(number), 'w', 0o600);
    this.#segments.push({ number, bytes: 0, unacked: 0 });
    this.#removeFreed();
  }

  #keepInBounds(): void {
    let total = this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
    while (total > this.#maxBytes && this.#segments.length > 1) {
      const oldest = this.#segments[0];
      if (!oldest) return;
      this.#droppedHeartbeats += oldest.unacked;
      for (const [key, entry] of this.#entries)
        if (entry.segment === oldest.number) this.#entries.delete(key);
      total -= oldest.bytes;
      this.#removeSegment(oldest);
    }
  }

  #free(key: string): number {
    const entry = this.#entries.get(key);
    if (!entry) return 0;
    this.#entries.delete(key);
    const segment = this.#segments.find((each) => each.number === entry.segment);
    if (segment) segment.unacked -= 1;
    return 1;
  }

  #removeFreed(): void {
    const current = this.#current();
    const freed = this.#segments.filter((each) => each !== current && each.unacked === 0);
    for (const segment of freed) this.#removeSegment(segment);
  }

  #removeSegment(segment: Segment): void {
    this.#segments.splice(this.#segments.indexOf(segment), 1);
    rmSync(this.#path(segment.number), { force: true });
  }

  #current(): Segment {
    const current = this.#segments.at(-1);
    if (!current) throw new Error('a journal always has an open segment');
    return current;
  }

  #path(number: number): string {
    return join(this.#directory, `${String(number).padStart(8, '0')}.seg`);
  }
}

function keyOf(bootId: string, seq: number): string {
  return `${bootId}/${seq}`;
}
