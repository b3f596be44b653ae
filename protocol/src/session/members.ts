import { limits } from '../limits.ts';
import type { Member } from '../messages/agent.ts';
import type { KnownWorkstation } from './keyring.ts';

/** A workstation that a relay may speak for. */
export interface RelayedMember {
  readonly workstation: KnownWorkstation;
  /** What the relay said of it; undefined when it only brings what it kept. */
  readonly introduced: Member | undefined;
}

/** Whom one relay speaks for: the other workstations of its own ППЭ, and nobody else. */
export class Members {
  readonly siteCode: string;
  readonly #relayId: string;
  readonly #find: (agentId: string) => KnownWorkstation | undefined;
  readonly #introduced = new Map<string, Member>();

  constructor(relay: KnownWorkstation, find: (agentId: string) => KnownWorkstation | undefined) {
    this.siteCode = relay.placement.siteCode;
    this.#relayId = relay.id;
    this.#find = find;
  }

  /** Undefined for a workstation of another ППЭ, an unknown one, or the relay itself. */
  find(agentId: string): RelayedMember | undefined {
    const workstation = this.#find(agentId);
    const isOfSite = workstation?.placement.siteCode === this.siteCode;
    if (!workstation || !isOfSite || agentId === this.#relayId) return undefined;
    return { workstation, introduced: this.#introduced.get(agentId) };
  }

  /** Notes that a member joined or left; false when the relay may not speak for it. */
  note(member: Member): boolean {
    if (!this.find(member.agentId)) return false;
    if (member.state === 'left') this.#introduced.delete(member.agentId);
    else if (this.#introduced.size < limits.rosterMembers || this.#introduced.has(member.agentId))
      this.#introduced.set(member.agentId, member);
    return true;
  }

  /** Those that are with the relay now: id and boot. */
  *all(): Iterable<readonly [string, string]> {
    for (const { agentId, bootId } of this.#introduced.values()) yield [agentId, bootId];
  }
}
