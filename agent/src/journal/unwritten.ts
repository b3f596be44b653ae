import type { RecordHead } from './record.ts';

/** Bytes that are kept for a disk that takes nothing: more than an hour of packed heartbeats. */
const KEPT_BYTES = 1_048_576;

/** A record on its way to the disk. */
export interface UnwrittenRecord extends RecordHead {
  readonly record: Buffer;
}

/**
 * Records that the disk did not take yet, oldest first. Bounded by bytes: the oldest that is no
 * event goes first, then the oldest event.
 */
export class Unwritten {
  #records: UnwrittenRecord[] = [];
  #bytes = 0;

  get size(): number {
    return this.#records.length;
  }

  get first(): UnwrittenRecord | undefined {
    return this.#records[0];
  }

  /** Takes a record; answers how many others had to go for it. */
  push(record: UnwrittenRecord): number {
    this.#records.push(record);
    this.#bytes += record.record.length;
    let dropped = 0;
    for (; this.#bytes > KEPT_BYTES && this.#records.length > 1; dropped += 1) {
      const plain = this.#records.findIndex((each) => !each.isEvent);
      this.#remove(plain < 0 ? 0 : plain);
    }
    return dropped;
  }

  /** The first one is on the disk. */
  shift(): void {
    this.#remove(0);
  }

  ack(bootId: string, from: number, to: number): number {
    const before = this.#records.length;
    this.#records = this.#records.filter(
      (each) => each.bootId !== bootId || each.seq < from || each.seq > to,
    );
    this.#bytes = this.#records.reduce((sum, each) => sum + each.record.length, 0);
    return before - this.#records.length;
  }

  find(bootId: string, seq: number): UnwrittenRecord | undefined {
    return this.#records.find((each) => each.bootId === bootId && each.seq === seq);
  }

  /** All of them, as they are now. */
  all(): readonly UnwrittenRecord[] {
    return [...this.#records];
  }

  #remove(at: number): void {
    const [removed] = this.#records.splice(at, 1);
    this.#bytes -= removed?.record.length ?? 0;
  }
}
