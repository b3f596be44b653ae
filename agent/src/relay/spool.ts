import type {
  DeliveryJournal,
  DurableHeartbeat,
  Heartbeat,
  TakenHeartbeat,
} from '@ppe-pulse/protocol';
import { Journal, type JournalEntry, type JournalOptions } from '../journal/journal.ts';
import type { HqTime } from './hq-time.ts';
import { Ledger } from './ledger.ts';

/** Rows that wait for a sync; beyond it a heartbeat is refused and comes again. */
const MAX_WAITING = 10_000;

/** What is kept of one workstation until the collector has it: its own heartbeats, untouched. */
export class Spool implements DeliveryJournal {
  readonly #journal: Journal;
  /** On disk for good, now or before the collector took it. */
  readonly #durable = new Ledger();
  readonly #waiting = new Map<string, DurableHeartbeat>();
  /** Taken while the collector's clock was a guess. */
  readonly #guessed = new Ledger();

  readonly #time: HqTime;

  /** Throws when the folder is unusable. */
  constructor(directory: string, options: JournalOptions, time: HqTime) {
    this.#time = time;
    this.#journal = new Journal(directory, options);
    for (const { bootId, seq } of this.#journal.unacked()) this.#durable.add(bootId, seq);
  }

  get lag(): number {
    return this.#journal.lag;
  }

  get dropped(): number {
    return this.#journal.droppedHeartbeats;
  }

  get bytes(): number {
    return this.#journal.bytes;
  }

  /** Takes a heartbeat of the workstation's own connection; it is durable after the next `sync`. */
  store(taken: TakenHeartbeat, frame: Heartbeat): 'pending' | 'durable' | 'refused' {
    const { bootId, seq } = frame;
    if (this.#durable.has(bootId, seq)) return 'durable';
    const key = `${bootId}/${seq}`;
    if (this.#waiting.has(key)) return 'pending';
    if (this.#waiting.size >= MAX_WAITING) return 'refused';
    // What the disk did not take last time may have been written since.
    if (!this.#journal.isUnacked(bootId, seq) && !this.#append(frame)) return 'refused';
    if (this.#journal.failure !== undefined) return 'refused';
    const { workstationId, relayId } = taken;
    this.#waiting.set(key, { workstationId, bootId, seq, relayId });
    return 'pending';
  }

  /** Takes what a flash drive brought, for good; answers what was new, undefined for no room. */
  storeCarried(frames: readonly Heartbeat[]): readonly Heartbeat[] | undefined {
    const fresh = frames.filter(({ bootId, seq }) => !this.has(bootId, seq));
    for (const frame of fresh) {
      // Of a part that came before, and not to its end.
      if (this.isUnacked(frame.bootId, frame.seq)) continue;
      if (!this.#append(frame)) return undefined;
    }
    if (!this.#isWrittenDown()) return undefined;
    for (const { bootId, seq } of fresh) this.#durable.add(bootId, seq);
    return fresh;
  }

  has(bootId: string, seq: number): boolean {
    return this.#durable.has(bootId, seq) || this.#waiting.has(`${bootId}/${seq}`);
  }

  /** Makes all of it durable and answers what became so; undefined when the disk does not do it. */
  sync(): readonly DurableHeartbeat[] | undefined {
    if (!this.#isWrittenDown()) return undefined;
    const rows = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { bootId, seq } of rows) this.#durable.add(bootId, seq);
    return rows;
  }

  /** True while heartbeats wait for a sync. */
  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  get failure(): string | undefined {
    return this.#journal.failure;
  }

  ack(bootId: string, ranges: readonly (readonly [number, number])[]): void {
    this.#journal.ack(bootId, ranges);
  }

  unacked(): Iterable<JournalEntry> {
    return this.#journal.unacked();
  }

  isUnacked(bootId: string, seq: number): boolean {
    return this.#journal.isUnacked(bootId, seq);
  }

  /** Reads one back as it goes to the collector; a time that was a guess is put right. */
  read(entry: Pick<JournalEntry, 'bootId' | 'seq'>): Heartbeat | undefined {
    const heartbeat = this.#journal.read(entry);
    if (!heartbeat) return undefined;
    const { producedAtMs } = heartbeat;
    const isGuess = producedAtMs !== undefined && this.#guessed.has(entry.bootId, entry.seq);
    return {
      ...heartbeat,
      ...(isGuess && { producedAtMs: Math.max(0, producedAtMs + this.#time.errorBeforeMs) }),
      ...this.drops(heartbeat),
    };
  }

  /** What was lost on the way to the collector: in the workstation's journal and in this one. */
  drops({ journalDropped = 0 }: Pick<Heartbeat, 'journalDropped'>): { journalDropped: number } {
    return { journalDropped: journalDropped + this.dropped };
  }

  close(): void {
    this.#journal.close();
  }

  #isWrittenDown(): boolean {
    try {
      this.#journal.sync();
      return true;
    } catch {
      // The disk's fault: nothing is acked, and it is tried again.
      return false;
    }
  }

  #append(frame: Heartbeat): boolean {
    try {
      this.#journal.append(frame);
    } catch {
      // The world's fault: the journal keeps it in memory, and `failure` says what it was.
      return false;
    }
    if (!this.#time.isKnown) this.#guessed.add(frame.bootId, frame.seq);
    return true;
  }
}
