import { Delivery, type Ack, type DeliveryParts, type Heartbeat } from '@ppe-pulse/protocol';
import { addressOf, partsOf } from './address.ts';
import { MixedJournal, type Lanes, type MixedEntry } from './mixed-journal.ts';

/** What an agent needs of a delivery, its own or that of a relay. */
export type Outbox = Pick<Delivery, 'connected' | 'disconnected' | 'live' | 'acked' | 'hold'>;

/** What a relay's delivery works with, beside what its agent's would. */
export interface RelayDeliveryParts extends DeliveryParts {
  readonly ownId: string;
  /** Journals of members. */
  readonly spools: Lanes;
}

/** One delivery for a whole ППЭ: live first, then all backlogs by turns at the rate of one uplink. */
export class RelayDelivery implements Outbox {
  readonly #ownId: string;
  readonly #delivery: Delivery<MixedEntry>;

  constructor(parts: RelayDeliveryParts) {
    const { ownId, stamp } = parts;
    this.#ownId = ownId;
    const { journal, spools } = parts;
    this.#delivery = new Delivery({
      ...parts,
      journal: new MixedJournal({
        find: (id) => (id === ownId ? journal : spools.find(id)),
        sendable: () => [ownId, ...spools.sendable()],
      }),
      send: (heartbeat) => parts.send(this.#unaddressed(heartbeat)),
      // A spool knows by itself when its heartbeats were produced.
      stamp: (heartbeat) => {
        const { agentId, bootId } = partsOf(heartbeat.bootId);
        if (agentId !== ownId || !stamp) return heartbeat;
        return { ...stamp({ ...heartbeat, bootId }), bootId: heartbeat.bootId };
      },
    });
  }

  connected(backlogPerSecond: number): void {
    this.#delivery.connected(backlogPerSecond);
  }

  disconnected(): void {
    this.#delivery.disconnected();
  }

  /** Sends a heartbeat, this agent's or a member's, that was just written to its journal. */
  live(heartbeat: Heartbeat): void {
    const bootId = addressOf(heartbeat.agentId ?? this.#ownId, heartbeat.bootId);
    this.#delivery.live({ ...heartbeat, bootId });
  }

  acked(ack: Ack): void {
    this.#delivery.acked({ ...ack, bootId: addressOf(ack.agentId ?? this.#ownId, ack.bootId) });
  }

  hold(forMs: number): void {
    this.#delivery.hold(forMs);
  }

  #unaddressed(heartbeat: Heartbeat): Heartbeat {
    const { agentId, bootId } = partsOf(heartbeat.bootId);
    return { ...heartbeat, bootId, ...(agentId !== this.#ownId && { agentId }) };
  }
}
