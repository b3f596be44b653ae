import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { SeriesRow } from '../store.ts';

/** A segment is closed at this size: what was posted is freed in such pieces. */
const SEGMENT_BYTES = 4_000_000;
/** Before each batch: length of its text and the text's CRC-32, both little-endian. */
const HEADER_BYTES = 8;
const NAME = /^(\d{10})\.seg$/;

interface Segment {
  readonly number: number;
  bytes: number;
  rows: number;
}

/** A closed or open segment's batches, in order. */
export interface BufferedSegment {
  readonly number: number;
  readonly batches: readonly (readonly SeriesRow[])[];
}

/**
 * Bounded buffer on disk in front of a server: append-only segments, each batch with a checksum and
 * synced before `append` resolves. When full nothing more is taken: the agents' journals hold.
 */
export class InfluxBuffer {
  readonly #directory: string;
  readonly #maxBytes: number;
  readonly #segments: Segment[] = [];
  #file: FileHandle | undefined;
  /** Appending and closing take turns: a segment must not be closed under a batch that is written. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(directory: string, maxBytes: number) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
    mkdirSync(directory, { recursive: true });
    for (const name of readdirSync(directory).sort()) {
      const number = NAME.exec(name)?.[1];
      if (number !== undefined) this.#recover(Number(number));
    }
  }

  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  get rows(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.rows, 0);
  }

  get isFull(): boolean {
    return this.bytes >= this.#maxBytes;
  }

  /** Share of the room that is taken, 0…1. */
  get fill(): number {
    return this.bytes / this.#maxBytes;
  }

  /** Makes a batch durable. Rejects when the disk does not take it; nothing is kept then. */
  append(rows: readonly SeriesRow[]): Promise<void> {
    return this.#inTurn(() => this.#write(rows));
  }

  async #write(rows: readonly SeriesRow[]): Promise<void> {
    const text = Buffer.from(JSON.stringify(rows));
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32LE(text.length, 0);
    header.writeUInt32LE(crc32(text), 4);
    const segment = await this.#writable(text.length + HEADER_BYTES);
    const file = this.#file;
    if (!file) throw new Error('a writable segment is open');
    try {
      await file.writev([header, text], segment.bytes);
      await file.datasync();
    } catch (error) {
      await file.truncate(segment.bytes);
      throw error;
    }
    segment.bytes += header.length + text.length;
    segment.rows += rows.length;
  }

  /** The oldest segment with its batches, undefined when there is nothing. Closes it for writing. */
  oldest(): Promise<BufferedSegment | undefined> {
    return this.#inTurn(() => this.#readOldest());
  }

  async #readOldest(): Promise<BufferedSegment | undefined> {
    const segment = this.#segments[0];
    if (!segment || segment.bytes === 0) return undefined;
    if (segment === this.#segments.at(-1)) await this.#closeCurrent();
    const { batches } = decode(readFileSync(this.#path(segment.number)));
    return { number: segment.number, batches };
  }

  /** Frees a segment whose rows the server has. */
  remove(number: number): void {
    const at = this.#segments.findIndex((segment) => segment.number === number);
    if (at < 0) return;
    this.#segments.splice(at, 1);
    rmSync(this.#path(number), { force: true });
  }

  /** Every row that waits, oldest first. */
  *waiting(): Iterable<SeriesRow> {
    for (const { number } of this.#segments) {
      for (const batch of decode(readFileSync(this.#path(number))).batches) yield* batch;
    }
  }

  /** Files as they are now, for a backup. */
  files(): readonly { readonly name: string; readonly path: string; readonly bytes: number }[] {
    return this.#segments.map(({ number, bytes }) => {
      const path = this.#path(number);
      return { name: path.slice(this.#directory.length + 1), path, bytes };
    });
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.#closeCurrent());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #recover(number: number): void {
    const path = this.#path(number);
    const { batches, soundBytes } = decode(readFileSync(path));
    if (soundBytes < statSync(path).size) truncateSync(path, soundBytes);
    if (soundBytes === 0) {
      rmSync(path);
      return;
    }
    const rows = batches.reduce((sum, batch) => sum + batch.length, 0);
    this.#segments.push({ number, bytes: soundBytes, rows });
  }

  async #writable(bytes: number): Promise<Segment> {
    const current = this.#segments.at(-1);
    if (this.#file && current && current.bytes + bytes <= SEGMENT_BYTES) return current;
    await this.#closeCurrent();
    const number = (this.#segments.at(-1)?.number ?? 0) + 1;
    this.#file = await open(this.#path(number), 'w', 0o600);
    const segment = { number, bytes: 0, rows: 0 };
    this.#segments.push(segment);
    return segment;
  }

  async #closeCurrent(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  #path(number: number): string {
    return join(this.#directory, `${String(number).padStart(10, '0')}.seg`);
  }
}

/** Batches up to the first torn or altered one, and where that one starts. */
function decode(content: Buffer): { batches: SeriesRow[][]; soundBytes: number } {
  const batches: SeriesRow[][] = [];
  let offset = 0;
  while (offset + HEADER_BYTES <= content.length) {
    const end = offset + HEADER_BYTES + content.readUInt32LE(offset);
    if (end > content.length) break;
    const text = content.subarray(offset + HEADER_BYTES, end);
    if (crc32(text) !== content.readUInt32LE(offset + 4)) break;
    // The checksum holds, so this is what `append` wrote.
    batches.push(JSON.parse(text.toString('utf8')) as SeriesRow[]);
    offset = end;
  }
  return { batches, soundBytes: offset };
}
