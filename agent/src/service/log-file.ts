import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LogSink } from '../platform/log.ts';

/** The log takes twice this at most: the file that is written, and the one before it. */
const MAX_BYTES = 5_000_000;

/**
 * A log file that is capped: full, it becomes `agent.1.log`, and the one of that name goes. Lines that
 * a full disk does not take are counted, and the count is written when it takes lines again.
 */
export class LogFile implements LogSink {
  readonly #path: string;
  readonly #maxBytes: number;
  #fd: number | undefined;
  #bytes = 0;
  #lost = 0;
  #isTorn = false;

  constructor(path: string, maxBytes = MAX_BYTES) {
    this.#path = path;
    this.#maxBytes = maxBytes;
  }

  /** Lines that are in no file, since the last time that this was written down. */
  get lost(): number {
    return this.#lost;
  }

  write(line: string): void {
    try {
      this.#writeLost();
      this.#append(line);
    } catch {
      this.#lost += 1;
      // A descriptor of a disk that went away is of no use on the one that comes.
      this.#close();
    }
  }

  close(): void {
    this.#close();
  }

  #writeLost(): void {
    if (this.#lost === 0) return;
    this.#append(`{"level":40,"lost":${this.#lost},"msg":"lines of the log were lost"}\n`);
    this.#lost = 0;
  }

  #append(line: string): void {
    // A line that the disk took half of ends here.
    const bytes = Buffer.from(this.#isTorn ? `\n${line}` : line);
    if (this.#bytes + bytes.length > this.#maxBytes) this.#rotate();
    this.#fd ??= this.#open();
    const written = writeSync(this.#fd, bytes);
    this.#bytes += written;
    this.#isTorn = written < bytes.length;
    if (written < bytes.length) throw new Error('the disk took half a line');
  }

  #open(): number {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    const fd = openSync(this.#path, 'a', 0o600);
    this.#bytes = fstatSync(fd).size;
    if (this.#bytes < this.#maxBytes) return fd;
    closeSync(fd);
    this.#rotate();
    return openSync(this.#path, 'a', 0o600);
  }

  #rotate(): void {
    this.#close();
    try {
      renameSync(this.#path, this.#path.replace(/\.log$/, '.1.log'));
    } catch {
      // Somebody, such as an antivirus, holds the older one: the cap is worth more than the lines.
      rmSync(this.#path, { force: true });
    }
    this.#bytes = 0;
  }

  #close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd === undefined) return;
    try {
      closeSync(fd);
    } catch {
      // Its disk is gone.
    }
  }
}
