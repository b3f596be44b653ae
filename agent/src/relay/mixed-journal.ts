import type { Ack, DeliveryJournal, Heartbeat } from '@ppe-pulse/protocol';
import { addressOf, partsOf } from './address.ts';

/** Journals by their workstations: this relay's own and the spools. */
export interface Lanes {
  find(agentId: string): DeliveryJournal | undefined;
  /** Those that may be sent now. */
  sendable(): readonly string[];
}

/** A heartbeat in one of the journals: its boot id is an address. */
export interface MixedEntry {
  readonly bootId: string;
  readonly seq: number;
}

/**
 * The journals of a whole ППЭ as one. They take turns: each yields its oldest, then each its next,
 * and the following look begins behind the lane that was last looked at, so that none has to wait
 * for another one's backlog.
 */
export class MixedJournal implements DeliveryJournal<MixedEntry> {
  readonly #lanes: Lanes;
  #lastId: string | undefined;

  constructor(lanes: Lanes) {
    this.#lanes = lanes;
  }

  ack(address: string, ranges: Ack['ranges']): void {
    const { agentId, bootId } = partsOf(address);
    this.#lanes.find(agentId)?.ack(bootId, ranges);
  }

  *unacked(): Generator<MixedEntry> {
    let turns = this.#inTurn().flatMap((id) => {
      const lane = this.#lanes.find(id);
      return lane ? [{ id, entries: lane.unacked()[Symbol.iterator]() }] : [];
    });
    while (turns.length > 0) {
      const left: typeof turns = [];
      for (const turn of turns) {
        const next = turn.entries.next();
        if (next.done === true) continue;
        left.push(turn);
        yield { bootId: addressOf(turn.id, next.value.bootId), seq: next.value.seq };
        // Only now: the last one that is looked at is mostly one that has to wait.
        this.#lastId = turn.id;
      }
      turns = left;
    }
  }

  isUnacked(address: string, seq: number): boolean {
    const { agentId, bootId } = partsOf(address);
    return this.#lanes.find(agentId)?.isUnacked(bootId, seq) ?? false;
  }

  read({ bootId: address, seq }: MixedEntry): Heartbeat | undefined {
    const { agentId, bootId } = partsOf(address);
    const heartbeat = this.#lanes.find(agentId)?.read({ bootId, seq });
    return heartbeat && { ...heartbeat, bootId: address };
  }

  #inTurn(): string[] {
    const all = this.#lanes.sendable();
    const last = all.indexOf(this.#lastId ?? '');
    return [...all.slice(last + 1), ...all.slice(0, last + 1)];
  }
}
