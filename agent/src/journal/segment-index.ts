import type { RecordHead } from './record.ts';

/** Room for so many records at first; it doubles as it fills. */
const FIRST_RECORDS = 64;
const FIRST_RUNS = 2;

/** A record of a segment and where it lies. */
export interface IndexedRecord extends Pick<RecordHead, 'bootId' | 'seq' | 'isEvent'> {
  readonly offset: number;
}

/**
 * Which heartbeats a segment holds, and which of them are acked, in as little memory as will do:
 * four bytes and two bits a record, and 14 bytes a run. A run is a stretch of records of one boot
 * with no number missing; the agent of one PC has one or two in a segment.
 */
export class SegmentIndex {
  #offsets = new Uint32Array(FIRST_RECORDS);
  #events = new Uint8Array(FIRST_RECORDS / 8);
  #acked = new Uint8Array(FIRST_RECORDS / 8);
  #count = 0;
  /** Each run: its boot's place in `#boots`, its first number, the place of its first record. */
  #runBoot = new Uint16Array(FIRST_RUNS);
  #runSeq = new Float64Array(FIRST_RUNS);
  #runRecord = new Uint32Array(FIRST_RUNS);
  #runs = 0;
  readonly #boots: string[] = [];
  #unacked = 0;
  #unackedEvents = 0;

  /** Records that are not acked. */
  get unacked(): number {
    return this.#unacked;
  }

  /** Those of them that are events. */
  get unackedEvents(): number {
    return this.#unackedEvents;
  }

  /** All records, acked or not. */
  get records(): number {
    return this.#count;
  }

  /** Boots that have records here. */
  get boots(): readonly string[] {
    return this.#boots;
  }

  /** What this index takes of memory, the object itself apart. */
  get memoryBytes(): number {
    const parts = [this.#offsets, this.#events, this.#acked];
    const runs = [this.#runBoot, this.#runSeq, this.#runRecord];
    return [...parts, ...runs].reduce((sum, each) => sum + each.byteLength, 0);
  }

  /** Takes the record that was written behind all others. */
  add(record: IndexedRecord): void {
    if (this.#count === this.#offsets.length) this.#resize(this.#count * 2);
    const at = this.#count;
    this.#offsets[at] = record.offset;
    if (record.isEvent) setBit(this.#events, at);
    this.#extendRuns(record, at);
    this.#count += 1;
    this.#unacked += 1;
    if (record.isEvent) this.#unackedEvents += 1;
  }

  /** Nothing comes any more: gives back the room that was kept for it. */
  trim(): void {
    this.#resize(Math.max(1, this.#count));
    this.#resizeRuns(Math.max(1, this.#runs));
  }

  /** Acks the numbers `from` to `to` of a boot; answers how many were not acked before. */
  ack(bootId: string, from: number, to: number): number {
    const boot = this.#boots.indexOf(bootId);
    if (boot < 0 || this.#unacked === 0) return 0;
    let freed = 0;
    for (let run = 0; run < this.#runs; run += 1) {
      if (this.#runBoot[run] !== boot) continue;
      const first = this.#runSeq[run] ?? 0;
      const start = this.#runRecord[run] ?? 0;
      const last = first + (this.#endOf(run) - start) - 1;
      for (let seq = Math.max(from, first); seq <= Math.min(to, last); seq += 1)
        freed += this.#free(start + (seq - first));
    }
    return freed;
  }

  /** Where a record that is not acked lies; undefined when there is none. */
  offsetOf(bootId: string, seq: number): number | undefined {
    const boot = this.#boots.indexOf(bootId);
    if (boot < 0) return undefined;
    for (let run = 0; run < this.#runs; run += 1) {
      if (this.#runBoot[run] !== boot) continue;
      const start = this.#runRecord[run] ?? 0;
      const at = start + (seq - (this.#runSeq[run] ?? 0));
      if (at >= start && at < this.#endOf(run) && !hasBit(this.#acked, at))
        return this.#offsets[at];
    }
    return undefined;
  }

  /** Records that are not acked, in the order in which they were written. */
  *unackedRecords(): Generator<IndexedRecord> {
    for (let run = 0; run < this.#runs; run += 1) {
      const bootId = this.#boots[this.#runBoot[run] ?? 0] ?? '';
      const start = this.#runRecord[run] ?? 0;
      for (let at = start; at < this.#endOf(run); at += 1) {
        // Whole bytes of acked ones are passed over at once.
        if ((at & 7) === 0 && this.#acked[at >> 3] === 0xff) {
          at += 7;
          continue;
        }
        if (hasBit(this.#acked, at)) continue;
        const seq = (this.#runSeq[run] ?? 0) + (at - start);
        const isEvent = hasBit(this.#events, at);
        yield { bootId, seq, isEvent, offset: this.#offsets[at] ?? 0 };
      }
    }
  }

  #free(at: number): number {
    if (hasBit(this.#acked, at)) return 0;
    setBit(this.#acked, at);
    this.#unacked -= 1;
    if (hasBit(this.#events, at)) this.#unackedEvents -= 1;
    return 1;
  }

  #extendRuns({ bootId, seq }: IndexedRecord, at: number): void {
    const last = this.#runs - 1;
    const isNext =
      last >= 0 &&
      this.#boots[this.#runBoot[last] ?? 0] === bootId &&
      (this.#runSeq[last] ?? 0) + (at - (this.#runRecord[last] ?? 0)) === seq;
    if (isNext) return;
    if (this.#runs === this.#runBoot.length) this.#resizeRuns(this.#runs * 2);
    const known = this.#boots.indexOf(bootId);
    this.#runBoot[this.#runs] = known >= 0 ? known : this.#boots.push(bootId) - 1;
    this.#runSeq[this.#runs] = seq;
    this.#runRecord[this.#runs] = at;
    this.#runs += 1;
  }

  #endOf(run: number): number {
    return run + 1 < this.#runs ? (this.#runRecord[run + 1] ?? 0) : this.#count;
  }

  #resize(records: number): void {
    this.#offsets = resized(this.#offsets, new Uint32Array(records));
    this.#events = resized(this.#events, new Uint8Array(Math.ceil(records / 8)));
    this.#acked = resized(this.#acked, new Uint8Array(Math.ceil(records / 8)));
  }

  #resizeRuns(runs: number): void {
    this.#runBoot = resized(this.#runBoot, new Uint16Array(runs));
    this.#runSeq = resized(this.#runSeq, new Float64Array(runs));
    this.#runRecord = resized(this.#runRecord, new Uint32Array(runs));
  }
}

type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array;

function resized<T extends Column>(old: Column, room: T): T {
  room.set(old.subarray(0, room.length));
  return room;
}

function hasBit(bits: Uint8Array, at: number): boolean {
  return ((bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0;
}

function setBit(bits: Uint8Array, at: number): void {
  bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
}
