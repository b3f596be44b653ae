import type { Log } from '../../log.ts';
import type { AttemptResult } from './outbox-queue.ts';

/** Timers of the outbox. */
export interface OutboxTimers {
  set(callback: () => void, afterMs: number): unknown;
  clear(timer: unknown): void;
}

export interface ResultWriterParts {
  /** Commits; throws when it cannot. */
  readonly settle: (results: readonly AttemptResult[]) => void;
  /** After the commit. */
  readonly onWritten: (results: readonly AttemptResult[]) => void;
  readonly timers: OutboxTimers;
  readonly log: Pick<Log, 'error'>;
}

/** While more is under way, an answer waits this long for others: a sync of the disk is the dearest step. */
const GATHER_MS = 20;
/** Answers that wait at most; nothing more is attempted while so many do. */
const MAX_UNWRITTEN = 64;
/** The database is asked again after this long when it failed. */
const RETRY_MS = 1_000;

/**
 * Writes how attempts ended, several in one transaction. What a death of the process takes from here is
 * attempted again. Answers that cannot be written are kept: a full disk must not send an alert once
 * a second.
 */
export class ResultWriter {
  readonly #parts: ResultWriterParts;
  #results: AttemptResult[] = [];
  #isSoon = false;
  #timer: unknown;
  #isWriting = true;

  constructor(parts: ResultWriterParts) {
    this.#parts = parts;
  }

  /** False while the database takes nothing. */
  get isWriting(): boolean {
    return this.#isWriting;
  }

  get size(): number {
    return this.#results.length;
  }

  get isFull(): boolean {
    return this.#results.length >= MAX_UNWRITTEN;
  }

  /** `isLast`: nothing is under way that could come with it. */
  add(result: AttemptResult, isLast: boolean): void {
    this.#results.push(result);
    if (!this.#isWriting) return;
    if (isLast || this.isFull) this.#writeSoon();
    else this.#timer ??= this.#parts.timers.set(() => this.#write(), GATHER_MS);
  }

  /** Forgets what is not written. */
  drop(): void {
    this.#results = [];
    this.#clear();
  }

  #writeSoon(): void {
    if (this.#isSoon) return;
    this.#isSoon = true;
    setImmediate(() => {
      this.#isSoon = false;
      this.#write();
    });
  }

  #write(): void {
    this.#clear();
    const results = this.#results;
    if (results.length === 0) return;
    try {
      this.#parts.settle(results);
    } catch (error) {
      this.#isWriting = false;
      this.#parts.log.error({ err: error, results: results.length }, 'writing the outbox failed');
      this.#timer = this.#parts.timers.set(() => this.#write(), RETRY_MS);
      return;
    }
    this.#isWriting = true;
    this.#results = [];
    this.#parts.onWritten(results);
  }

  #clear(): void {
    if (this.#timer !== undefined) this.#parts.timers.clear(this.#timer);
    this.#timer = undefined;
  }
}
