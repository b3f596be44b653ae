import type { Writable } from 'node:stream';
import { constants, createGzip, type Gzip } from 'node:zlib';
import { codeOf } from '../config.ts';
import { lineOf } from './segment-line.ts';

/**
 * Writes the lines of one segment through one gzip stream. Never throws and never waits: a disk that
 * fails is told once, and everything after it is nothing.
 */
export class SegmentWriter {
  readonly #gzip: Gzip;
  readonly #out: Writable;
  readonly #failed: Promise<void>;
  readonly #fail: (error: unknown) => void;
  #isFailed = false;
  #isDirty = false;
  #flushing: Promise<void> = Promise.resolve();
  #bytes = 0;

  constructor(out: Writable, onFail: (code: string) => void) {
    this.#out = out;
    this.#gzip = createGzip();
    let giveUp = (): void => undefined;
    this.#failed = new Promise((resolve) => (giveUp = resolve));
    this.#fail = (error) => {
      if (this.#isFailed) return;
      this.#isFailed = true;
      this.#gzip.destroy();
      this.#out.destroy();
      giveUp();
      onFail(codeOf(error));
    };
    this.#out.on('error', this.#fail);
    this.#gzip.on('error', this.#fail);
    this.#gzip.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.length;
      this.#out.write(chunk);
    });
  }

  /** Compressed bytes so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes that the disk has not taken yet. */
  get pendingBytes(): number {
    return this.#gzip.writableLength + this.#out.writableLength;
  }

  get isFailed(): boolean {
    return this.#isFailed;
  }

  write(json: string): void {
    if (this.#isFailed) return;
    this.#isDirty = true;
    this.#gzip.write(lineOf(json));
  }

  /** Resolves when everything so far can be read from the file, or never will be. */
  async flush(): Promise<void> {
    // What is on its way is waited for, too.
    if (this.#isFailed || !this.#isDirty) return this.#flushing;
    this.#isDirty = false;
    const flushed = new Promise<void>((resolve) => {
      this.#gzip.flush(constants.Z_SYNC_FLUSH, () =>
        // What the flush pushed out comes as data first.
        setImmediate(() => this.#out.write('', () => resolve())),
      );
    });
    this.#flushing = Promise.race([flushed, this.#failed]);
    return this.#flushing;
  }

  /** Gives the rest up as if the disk had failed. */
  abandon(code: string): void {
    this.#fail(new Error(code));
  }

  /** Closes the file. */
  async end(): Promise<void> {
    if (this.#isFailed) return;
    const ended = new Promise<void>((resolve) => {
      this.#gzip.once('end', () => this.#out.end(() => resolve()));
      this.#gzip.end();
    });
    await Promise.race([ended, this.#failed]);
  }
}
