import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../platform/errors.ts';
import { DRAFT, replaceDurably, syncDirectory } from './durable-file.ts';
import { HEADER_BYTES, recordBytes } from './record.ts';

/** Name of a segment file. */
const NAME = /^(\d{8})\.seg$/;
/** A file longer than this was not written by a journal: what is behind is not looked at. */
const MAX_FILE_BYTES = 16_777_216;

/** The files of a journal, by their numbers. Throws when the disk does not do what is asked. */
export class SegmentFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  /** Numbers of all segments, oldest first. */
  list(): number[] {
    return readdirSync(this.#directory)
      .flatMap((name) => NAME.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b);
  }

  /** Removes what a death left half written. */
  removeDrafts(): void {
    for (const name of readdirSync(this.#directory))
      if (name.endsWith(DRAFT)) rmSync(join(this.#directory, name), { force: true });
  }

  read(number: number): Buffer {
    const file = openSync(this.#path(number), 'r');
    try {
      return readAt(file, 0, Math.min(fstatSync(file).size, MAX_FILE_BYTES));
    } finally {
      closeSync(file);
    }
  }

  /** The bytes of one record; those of a damaged one are no record. Undefined without the file. */
  readRecord(number: number, offset: number): Buffer | undefined {
    let file: number;
    try {
      file = openSync(this.#path(number), 'r');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
    try {
      const header = readAt(file, offset, HEADER_BYTES);
      return readAt(file, offset, recordBytes(header) ?? HEADER_BYTES);
    } finally {
      closeSync(file);
    }
  }

  /** Opens a new segment for writing. */
  create(number: number): number {
    const file = openSync(this.#path(number), 'w', 0o600);
    syncDirectory(this.#directory);
    return file;
  }

  replace(number: number, content: Buffer): void {
    replaceDurably(this.#path(number), content);
  }

  remove(number: number): void {
    rmSync(this.#path(number), { force: true });
  }

  #path(number: number): string {
    return join(this.#directory, `${String(number).padStart(8, '0')}.seg`);
  }
}

/** Up to so many bytes: fewer where the file ends. */
function readAt(file: number, position: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  let got = 0;
  while (got < bytes) {
    const read = readSync(file, buffer, got, bytes - got, position + got);
    if (read === 0) break;
    got += read;
  }
  return buffer.subarray(0, got);
}
