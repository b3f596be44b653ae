import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { constants, crc32, createGunzip } from 'node:zlib';
import { codeOf } from '../config.ts';
import { LINE_BYTES } from './replay-limits.ts';
import { parseLine, type SegmentHead, type SegmentLine } from './segment-line.ts';
import { segmentTimes } from './segment-name.ts';

const NEWLINE = 10;
const CHUNK_BYTES = 65_536;
/** At the end of a gzip file: CRC-32 and length of what was packed, little-endian. */
const TRAILER_BYTES = 8;

/**
 * `whole`: to the end of the file, or to where `take` had enough. One that is still written is whole up to
 * its last flush. `damaged`: from some line on it is not what was written, or a closed one does not end as
 * gzip does: one that a kill cut off, too, whose last line is its end all the same. `gone`: there is no
 * such file any more.
 */
export type ReadOutcome = 'whole' | 'damaged' | 'gone';

/** Reads lines until `take` answers false. Work is done chunk by chunk: nobody else waits long. */
export async function readSegment(
  path: string,
  take: (line: SegmentLine) => boolean,
): Promise<ReadOutcome> {
  // Without the flush a file that was cut off would be an error instead of what it holds.
  const gunzip = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES });
  pipeline(createReadStream(path), gunzip, () => undefined);
  const lines = new LineSplitter();
  const seen = { crc: 0, bytes: 0 };
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      seen.crc = crc32(chunk, seen.crc);
      seen.bytes += chunk.length;
      for (const bytes of lines.push(chunk)) {
        const line = parseLine(bytes);
        if (!line) return 'damaged';
        if (!take(line)) return 'whole';
      }
      if (lines.isTooLong) return 'damaged';
      // Chunks that wait already would come one after the other without letting anybody in.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return (await endsAsWritten(path, seen)) ? 'whole' : 'damaged';
  } catch (error) {
    // Neither the gzip stream nor the disk says more than that from here on there is nothing.
    return codeOf(error) === 'ENOENT' ? 'gone' : 'damaged';
  } finally {
    gunzip.destroy();
  }
}

/** A bit that fell over may make the packed stream end early without being an error: the trailer knows better. */
async function endsAsWritten(
  path: string,
  seen: { readonly crc: number; readonly bytes: number },
): Promise<boolean> {
  if (segmentTimes(basename(path))?.endMs === undefined) return true;
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const trailer = Buffer.alloc(TRAILER_BYTES);
    await file.read(trailer, 0, TRAILER_BYTES, Math.max(0, size - TRAILER_BYTES));
    return trailer.readUInt32LE(0) === seen.crc && trailer.readUInt32LE(4) === seen.bytes % 2 ** 32;
  } finally {
    await file.close();
  }
}

/** What the segment says of itself; undefined when that cannot be read. */
export async function readHead(path: string): Promise<SegmentHead | undefined> {
  let head: SegmentHead | undefined;
  await readSegment(path, ({ json }) => {
    head = headOf(json);
    return false;
  });
  return head;
}

/** The head in a line; undefined for one of another layout. */
export function headOf(json: Buffer): SegmentHead | undefined {
  const value = JSON.parse(json.toString('utf8')) as Partial<SegmentHead>;
  return value.layout === 1 ? (value as SegmentHead) : undefined;
}

/** Cuts a stream of bytes into lines; a long line is put together once. */
class LineSplitter {
  #parts: Buffer[] = [];
  #length = 0;

  get isTooLong(): boolean {
    return this.#length > LINE_BYTES;
  }

  *push(chunk: Buffer): Iterable<Buffer> {
    let from = 0;
    for (;;) {
      const to = chunk.indexOf(NEWLINE, from);
      if (to < 0) break;
      const end = chunk.subarray(from, to);
      yield this.#parts.length === 0 ? end : Buffer.concat([...this.#parts, end]);
      this.#parts = [];
      this.#length = 0;
      from = to + 1;
    }
    if (from === chunk.length) return;
    this.#parts.push(chunk.subarray(from));
    this.#length += chunk.length - from;
  }
}
