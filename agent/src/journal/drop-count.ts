import { join } from 'node:path';
import { readJson, replaceDurably } from './durable-file.ts';

/** Beside the segments. */
const NAME = 'dropped.json';

/**
 * Heartbeats ever dropped unacked, over all starts. The count is written before anything goes: a
 * death in between may count them twice, never not at all.
 */
export class DropCount {
  readonly #path: string;
  #total: number;
  #written: number;

  constructor(directory: string) {
    this.#path = join(directory, NAME);
    const kept = readJson(this.#path) as { heartbeats?: unknown } | undefined;
    const { heartbeats } = kept ?? {};
    this.#total = Number.isSafeInteger(heartbeats) ? Math.max(0, Number(heartbeats)) : 0;
    this.#written = this.#total;
  }

  get total(): number {
    return this.#total;
  }

  /** Counts what `drop` is about to remove. Throws what `drop` throws, and nothing is counted then. */
  counted(heartbeats: number, drop: () => void): void {
    this.#total += heartbeats;
    try {
      if (heartbeats > 0) this.save();
      drop();
    } catch (error) {
      this.#total -= heartbeats;
      throw error;
    }
  }

  /** Counts what is lost already. */
  lost(heartbeats: number): void {
    this.#total += heartbeats;
  }

  /** Writes the count down when it is not. Throws when the disk does not take it. */
  save(): void {
    if (this.#written === this.#total) return;
    replaceDurably(this.#path, `${JSON.stringify({ heartbeats: this.#total })}\n`);
    this.#written = this.#total;
  }
}
