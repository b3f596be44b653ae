import type { Ack, Heartbeat } from '../messages/agent.ts';
import type { Timers } from '../timers.ts';

/** A heartbeat in a journal: who it is, without its content. */
export interface Unacked {
  readonly bootId: string;
  readonly seq: number;
}

/** What delivery asks of a journal. */
export interface DeliveryJournal<E extends Unacked = Unacked> {
  /** Frees acked heartbeats; ranges are inclusive, unknown numbers are passed over. */
  ack(bootId: string, ranges: Ack['ranges']): unknown;
  /** Unacked heartbeats, oldest first. */
  unacked(): Iterable<E>;
  isUnacked(bootId: string, seq: number): boolean;
  /** Undefined when it cannot be read back. */
  read(entry: E): Heartbeat | undefined;
}

/** What delivery works with. */
export interface DeliveryParts<E extends Unacked = Unacked> {
  readonly journal: DeliveryJournal<E>;
  readonly monotonicMs: () => number;
  readonly timers: Timers;
  /** Hands a heartbeat to the line; false when there is none. */
  readonly send: (heartbeat: Heartbeat) => boolean;
  /** Bytes that the line has not taken yet. */
  readonly bufferedBytes: () => number;
  /** Adds what a heartbeat needs on its way: when it was produced, as far as its sender knows. */
  readonly stamp?: (heartbeat: Heartbeat) => Heartbeat;
  /** Heartbeats on their way at once, for a line that carries those of many workstations. */
  readonly window?: number;
}

/** The backlog is looked through this often while there is one… */
const PUMP_MS = 250;
/** …and this often while there is none: four wake-ups a second are a fifth of an idle agent. */
const IDLE_PUMP_MS = 5_000;
/** A heartbeat that was sent and not acked for this long is sent again. */
const RESEND_AFTER_MS = 30_000;
/** Heartbeats on their way at once: what is lost with the connection is small. */
const WINDOW = 256;
/** A line with this much waiting gets no backlog on top. */
const BUSY_BYTES = 256_000;

/** Gets the journal to the collector: live first, the backlog behind it at a bounded rate. */
export class Delivery<E extends Unacked = Unacked> {
  readonly #parts: DeliveryParts<E>;
  /** When each heartbeat was sent on this connection, by boot and number. */
  readonly #sent = new Map<string, Map<number, number>>();
  #onTheWay = 0;
  #backlogPerSecond = 0;
  #credit = 0;
  #heldUntilMs = 0;
  #timer: unknown;

  constructor(parts: DeliveryParts<E>) {
    this.#parts = parts;
  }

  /** A connection is there; `backlogPerSecond` is the collector's word. */
  connected(backlogPerSecond: number): void {
    this.#backlogPerSecond = backlogPerSecond;
    this.#forget();
    this.#credit = 0;
    this.#plan(PUMP_MS);
  }

  disconnected(): void {
    this.#parts.timers.clear(this.#timer);
    this.#timer = undefined;
    this.#forget();
  }

  /** Sends a heartbeat that was just written to the journal. */
  live(heartbeat: Heartbeat): void {
    // The line may hold even a live one up for as long as it takes to notice.
    if (this.#parts.send(this.#stamped(heartbeat))) this.#note(heartbeat.bootId, heartbeat.seq);
  }

  acked(ack: Ack): void {
    this.#parts.journal.ack(ack.bootId, ack.ranges);
    this.#settle(ack.bootId);
  }

  /** The collector takes nothing now: the backlog waits, the journal keeps it. */
  hold(forMs: number): void {
    this.#heldUntilMs = this.#parts.monotonicMs() + forMs;
  }

  #plan(afterMs: number): void {
    this.#timer = this.#parts.timers.set(() => {
      this.#plan(this.#pump() ? IDLE_PUMP_MS : PUMP_MS);
    }, afterMs);
  }

  /** True when all that may be sent is sent. */
  #pump(): boolean {
    const nowMs = this.#parts.monotonicMs();
    if (nowMs < this.#heldUntilMs || this.#parts.bufferedBytes() > BUSY_BYTES) return false;
    this.#credit = Math.min(
      this.#backlogPerSecond,
      this.#credit + (this.#backlogPerSecond * PUMP_MS) / 1_000,
    );
    const { window = WINDOW } = this.#parts;
    // What the journal dropped meanwhile is never acked, and must not take up the window.
    if (this.#onTheWay >= window) for (const bootId of this.#sent.keys()) this.#settle(bootId);
    for (const entry of this.#parts.journal.unacked()) {
      if (this.#credit < 1 || this.#onTheWay >= window) return false;
      const sentAtMs = this.#sent.get(entry.bootId)?.get(entry.seq);
      if (sentAtMs !== undefined && nowMs - sentAtMs < RESEND_AFTER_MS) continue;
      const heartbeat = this.#parts.journal.read(entry);
      if (!heartbeat) continue;
      if (!this.#parts.send(this.#late(heartbeat))) return false;
      this.#note(entry.bootId, entry.seq);
      this.#credit -= 1;
    }
    return true;
  }

  #late(heartbeat: Heartbeat): Heartbeat {
    const delivery = heartbeat.delivery === 'carried' ? 'carried' : 'backlog';
    return this.#stamped({ ...heartbeat, delivery });
  }

  #stamped(heartbeat: Heartbeat): Heartbeat {
    return this.#parts.stamp?.(heartbeat) ?? heartbeat;
  }

  #note(bootId: string, seq: number): void {
    const ofBoot = this.#sent.get(bootId) ?? new Map<number, number>();
    this.#sent.set(bootId, ofBoot);
    if (!ofBoot.has(seq)) this.#onTheWay += 1;
    ofBoot.set(seq, this.#parts.monotonicMs());
  }

  /** Forgets what the journal no longer holds of a boot. */
  #settle(bootId: string): void {
    const ofBoot = this.#sent.get(bootId);
    if (!ofBoot) return;
    for (const seq of ofBoot.keys()) {
      if (this.#parts.journal.isUnacked(bootId, seq)) continue;
      ofBoot.delete(seq);
      this.#onTheWay -= 1;
    }
    if (ofBoot.size === 0) this.#sent.delete(bootId);
  }

  #forget(): void {
    this.#sent.clear();
    this.#onTheWay = 0;
  }
}
