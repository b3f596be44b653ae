import type { Ack, DeliveryJournal, Heartbeat, Unacked } from '@ppe-pulse/protocol';

/**
 * What is kept of a heartbeat that is not acked yet: enough to make it again, since everything it
 * says is a function of its moment. An hour without a collector costs kilobytes and not megabytes.
 */
export interface JournalRecord extends Unacked {
  /** Simulated moments: of the heartbeat, of the one before, of the start. */
  readonly atMs: number;
  readonly sinceMs: number;
  readonly bootedAtMs: number;
  /** The PC's own clocks, real time. */
  readonly wallMs: number;
  readonly monotonicMs: number;
  /** True clocks of this machine: when it was really produced. */
  readonly producedAtMs: number;
  readonly producedMonotonicMs: number;
  readonly journalLag: number;
  readonly journalDropped: number;
}

/** What a journal works with. */
export interface MemoryJournalParts {
  /** Heartbeats that it keeps at most; when it is full the oldest is dropped and counted. */
  readonly capacity: number;
  readonly render: (record: JournalRecord) => Heartbeat;
  readonly onAcked: (record: JournalRecord) => void;
  readonly onDropped: (record: JournalRecord) => void;
}

/** The journal of a simulated workstation, in memory. */
export class MemoryJournal implements DeliveryJournal<JournalRecord> {
  readonly #parts: MemoryJournalParts;
  readonly #records = new Map<string, JournalRecord>();
  #dropped = 0;

  constructor(parts: MemoryJournalParts) {
    this.#parts = parts;
  }

  get lag(): number {
    return this.#records.size;
  }

  /** Heartbeats that were dropped unacked because the journal was full. */
  get dropped(): number {
    return this.#dropped;
  }

  append(record: JournalRecord): void {
    this.#records.set(keyOf(record.bootId, record.seq), record);
    while (this.#records.size > this.#parts.capacity) this.#dropOldest();
  }

  ack(bootId: string, ranges: Ack['ranges']): void {
    for (const [from, to] of ranges) {
      // A range may be far longer than what is here: walk the shorter of the two.
      if (to - from < this.#records.size) {
        for (let seq = from; seq <= to; seq += 1) this.#free(keyOf(bootId, seq));
      } else {
        for (const { bootId: own, seq } of this.#records.values())
          if (own === bootId && seq >= from && seq <= to) this.#free(keyOf(own, seq));
      }
    }
  }

  unacked(): Iterable<JournalRecord> {
    return this.#records.values();
  }

  isUnacked(bootId: string, seq: number): boolean {
    return this.#records.has(keyOf(bootId, seq));
  }

  read(record: JournalRecord): Heartbeat {
    return this.#parts.render(record);
  }

  #free(key: string): void {
    const record = this.#records.get(key);
    if (!record) return;
    this.#records.delete(key);
    this.#parts.onAcked(record);
  }

  #dropOldest(): void {
    for (const [key, record] of this.#records) {
      this.#records.delete(key);
      this.#dropped += 1;
      this.#parts.onDropped(record);
      return;
    }
  }
}

function keyOf(bootId: string, seq: number): string {
  return `${bootId}/${seq}`;
}
