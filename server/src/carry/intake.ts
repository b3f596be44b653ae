import { setImmediate as breathe } from 'node:timers/promises';
import {
  takeHeartbeat,
  type Heartbeat,
  type Moment,
  type TakenHeartbeat,
} from '@ppe-pulse/protocol';
import {
  BootRanges,
  PartReader,
  producedAt,
  type CarryRefusal,
  type FindWorkstation,
  type OpenedPart,
  type Range,
} from '@ppe-pulse/protocol/carry';
import type { Offer } from '../series/writer.ts';
import type { SeriesRow } from '../series/store.ts';
import { carryKeys, unpack } from './carry-keys.ts';
import { DurableWait } from './durable-wait.ts';

/** Parts that are stored at the same time: 8,000 rows of the writer's 50,000, live ones keep theirs. */
const PARTS_AT_ONCE = 4;
/** Parts that wait for their turn, 8 MB each at most; beyond it the sender waits. */
const WAITING_PARTS = 8;
/** Lines between two breaths: ~2 ms of parsing and folding. */
const SLICE = 50;
/** A store that has not committed by then takes nothing now. */
const DURABLE_WITHIN_MS = 60_000;
/** How long a sender that came at a bad time should wait. */
const BUSY_RETRY_MS = 1_000;

/** What the intake works with. */
export interface IntakeParts {
  readonly find: FindWorkstation;
  readonly offer: (heartbeat: TakenHeartbeat) => Offer;
  /** Shows it to the fleet. */
  readonly publish: (heartbeat: TakenHeartbeat) => void;
  readonly now: () => Moment;
  readonly counters: {
    carried(count: number): void;
    partRefused(reason: CarryRefusal | 'busy'): void;
  };
  readonly durableWithinMs?: number;
}

export type IntakeOutcome =
  | {
      readonly kind: 'taken';
      readonly agentId: string;
      readonly bootId: string;
      /** Durable now and not before. */
      readonly stored: number;
      /** Durable before. */
      readonly repeated: number;
      /** No heartbeats of this part, or not taken by the store. */
      readonly refused: number;
      /** Everything of the part that is durable. */
      readonly ranges: readonly Range[];
    }
  | {
      readonly kind: 'refused';
      readonly refusal: CarryRefusal;
      readonly siteCode?: string | undefined;
    }
  | { readonly kind: 'busy'; readonly retryAfterMs: number };

/** Takes parts of flash drives into the series. */
export class CarriedIntake {
  readonly #parts: IntakeParts;
  readonly #reader = new PartReader(carryKeys);
  readonly #wait = new DurableWait();
  #running = 0;
  readonly #queue: (() => void)[] = [];

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** The writer has committed these rows. */
  committed(rows: readonly SeriesRow[]): void {
    this.#wait.committed(rows);
  }

  /** Verifies a part's file and stores it; answers when it is durable. */
  async take(file: Uint8Array): Promise<IntakeOutcome> {
    const outcome = await this.#take(file);
    const { counters } = this.#parts;
    if (outcome.kind === 'taken') counters.carried(outcome.stored);
    else counters.partRefused(outcome.kind === 'busy' ? 'busy' : outcome.refusal);
    return outcome;
  }

  async #take(file: Uint8Array): Promise<IntakeOutcome> {
    if (this.#queue.length >= WAITING_PARTS) return { kind: 'busy', retryAfterMs: BUSY_RETRY_MS };
    await this.#turn();
    try {
      const opened = this.#reader.open(file, { find: this.#parts.find });
      if (opened.kind === 'refused') return opened;
      const text = await unpack(opened.packed);
      if (text === undefined) return { kind: 'refused', refusal: 'damaged' };
      return await this.#store(opened, text);
    } finally {
      // The turn goes to who waits longest, or back.
      const next = this.#queue.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < PARTS_AT_ONCE) this.#running += 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  async #store({ head }: OpenedPart, text: string): Promise<IntakeOutcome> {
    const { agentId, bootId } = head;
    const pending: number[] = [];
    const repeated: number[] = [];
    const moment = this.#parts.now();
    const wait = this.#wait.open(agentId, bootId);
    let lines = 0;
    let refused = 0;
    for (const heartbeat of this.#reader.heartbeats(head, text)) {
      lines += 1;
      if (lines % SLICE === 0) await breathe();
      const outcome = heartbeat && this.#offer(head, heartbeat, moment);
      if (heartbeat && outcome === 'pending') {
        pending.push(heartbeat.seq);
        wait.expect(heartbeat.seq);
      } else if (heartbeat && outcome === 'durable') repeated.push(heartbeat.seq);
      else refused += 1;
    }
    const left = await wait.end(this.#parts.durableWithinMs ?? DURABLE_WITHIN_MS);
    const durable = new BootRanges();
    for (const seq of [...repeated, ...pending]) if (!left.has(seq)) durable.add(bootId, seq, seq);
    return {
      kind: 'taken',
      agentId,
      bootId,
      stored: pending.length - left.size,
      repeated: repeated.length,
      refused: refused + left.size,
      ranges: durable.boots().get(bootId) ?? [],
    };
  }

  #offer(head: OpenedPart['head'], frame: Heartbeat, moment: Moment): Offer {
    const heartbeat = takeHeartbeat(frame, {
      workstationId: head.agentId,
      relayId: null,
      atMs: producedAt(head, frame, moment.wallMs),
      takenAtMs: moment.wallMs,
      takenMonotonicMs: moment.monotonicMs,
      clockOffsetMs: null,
      intervalMs: 0,
      agentVersion: head.agentVersion,
      inventory: null,
    });
    const outcome = this.#parts.offer(heartbeat);
    // Known before: a stick that comes twice shows nothing twice.
    if (outcome === 'pending') this.#parts.publish(heartbeat);
    return outcome;
  }
}
