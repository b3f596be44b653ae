import type {
  FromAgent,
  ToAgent,
  UpdateOffer,
  UpdatePart,
  UpdateStateMessage,
} from '@ppe-pulse/protocol';
import { judgeSignatures, readUpdateManifest } from '@ppe-pulse/protocol/update';
import type { Log } from '../platform/log.ts';
import { isSignedBy } from '../platform/signature.ts';
import type { Updates } from '../update/updates.ts';

/** What handing updates on works with. */
export interface MemberUpdatesParts {
  readonly updates: Pick<Updates, 'root' | 'depot'>;
  readonly isMember: (agentId: string) => boolean;
  /** False when the member is not here. */
  readonly send: (agentId: string, message: ToAgent) => boolean;
  /** To the collector. */
  readonly tell: (message: FromAgent) => boolean;
  readonly log: Log;
}

/** States that no word of the member will follow for this offer. */
const ends: ReadonlySet<UpdateStateMessage['state']> = new Set([
  'confirmed',
  'rolledBack',
  'refused',
]);

/**
 * Updates of the members of a ППЭ: fetched over the uplink once, and handed out on the LAN. Nothing
 * here vouches for them: members judge the signers themselves, so a relay that lies gets nowhere.
 */
export class MemberUpdates {
  readonly #parts: MemberUpdatesParts;
  /** By member: what it is to be offered, and has not settled. */
  readonly #offers = new Map<string, UpdateOffer>();
  readonly #told = new Map<string, UpdateStateMessage>();

  constructor(parts: MemberUpdatesParts) {
    this.#parts = parts;
    parts.updates.depot.listen({
      arrived: ({ offer }) => this.#arrived(offer.manifest),
      failed: (version, reason) => this.#failed(version, reason),
    });
  }

  /** The collector has an update for a member. */
  offered(agentId: string, { manifest: text, signatures }: UpdateOffer): void {
    const { updates, isMember, log } = this.#parts;
    if (!isMember(agentId)) {
      log.warn({ agentId }, 'an update for a workstation that is no member here');
      return;
    }
    const offer = { manifest: text, signatures };
    const { root, depot } = updates;
    const judged = root && judgeSignatures(offer, root, isSignedBy);
    if (judged?.kind !== 'accepted') {
      // A line and a disk for every offer would be a way to fill both.
      const reason = judged?.reason ?? 'unknownKey';
      const version = readUpdateManifest(text)?.version;
      log.warn({ agentId, version, reason }, 'an update for a member is refused');
      if (version !== undefined)
        this.#forward({ type: 'updateState', agentId, version, state: 'refused', reason });
      return;
    }
    this.#offers.set(agentId, { type: 'updateOffer', ...offer });
    const update = { offer, manifest: judged.manifest };
    if (depot.holds(update)) this.#offer(agentId);
    else depot.want(update);
  }

  /** A member is here: what waits for it is offered. */
  present(agentId: string): void {
    const text = this.#offers.get(agentId)?.manifest;
    if (text !== undefined && this.#holds(text)) this.#offer(agentId);
  }

  /** A member says how an update stands. */
  told(agentId: string, state: UpdateStateMessage): void {
    if (ends.has(state.state)) this.#offers.delete(agentId);
    this.#forward({ ...state, agentId });
  }

  read(version: string, offset: number): UpdatePart | undefined {
    return this.#parts.updates.depot.read(version, offset);
  }

  /** The uplink is back, and its members are introduced: what they said meanwhile is told. */
  welcomed(): void {
    for (const state of this.#told.values()) this.#parts.tell(state);
  }

  /** Forgets those that are no members any more. */
  retain(): void {
    const known = [...this.#offers.keys(), ...this.#told.keys()];
    for (const agentId of known) {
      if (this.#parts.isMember(agentId)) continue;
      this.#offers.delete(agentId);
      this.#told.delete(agentId);
    }
  }

  #forward(state: UpdateStateMessage & { readonly agentId: string }): void {
    this.#told.set(state.agentId, state);
    this.#parts.tell(state);
  }

  #offer(agentId: string): void {
    const offer = this.#offers.get(agentId);
    if (offer) this.#parts.send(agentId, offer);
  }

  #arrived(manifest: string): void {
    for (const [agentId, offer] of this.#offers)
      if (offer.manifest === manifest) this.#offer(agentId);
  }

  #failed(version: string, reason: string): void {
    for (const [agentId, { manifest }] of this.#offers) {
      if (readUpdateManifest(manifest)?.version !== version) continue;
      this.#offers.delete(agentId);
      this.#forward({ type: 'updateState', agentId, version, state: 'refused', reason });
    }
  }

  #holds(manifest: string): boolean {
    const read = readUpdateManifest(manifest);
    return (
      read !== undefined &&
      this.#parts.updates.depot.holds({ offer: { manifest, signatures: [] }, manifest: read })
    );
  }
}
