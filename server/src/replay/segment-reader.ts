import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';
import { codeOf } from '../config.ts';
import { LINE_BYTES } from './replay-limits.ts';
import { parseLine, type SegmentHead, type SegmentLine } from './segment-line.ts';

const NEWLINE = 10;
const CHUNK_BYTES = 65_536;

/**
 * `whole`: to the end of the file, or to where `take` had enough. A file that was cut off in the middle,
 * as after a kill, is whole up to its last flush. `damaged`: from some line on it is not what was written.
 * `gone`: there is no such file any more.
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
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      for (const bytes of lines.push(chunk)) {
        const line = parseLine(bytes);
        if (!line) return 'damaged';
        if (!take(line)) return 'whole';
      }
      if (lines.isTooLong) return 'damaged';
      // Chunks that wait already would come one after the other without letting anybody in.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return 'whole';
  } catch (error) {
    // Neither the gzip stream nor the disk says more than that from here on there is nothing.
    return codeOf(error) === 'ENOENT' ? 'gone' : 'damaged';
  } finally {
    gunzip.destroy();
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
