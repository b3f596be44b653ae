import type { KnownWorkstation, Roster as RosterFrame } from '@ppe-pulse/protocol';
import { readMembers, writeRoster } from '../carry/roster-file.ts';
import { codeOf } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';

/**
 * The workstations of this relay's ППЭ, as the collector last named them. Kept on disk: with the
 * uplink cut, also after a restart, the same ones are let in.
 */
export class Roster {
  readonly #dataDir: string;
  readonly #ownId: string;
  readonly #log: Log;
  #all: ReadonlyMap<string, KnownWorkstation> | undefined;

  constructor(dataDir: string, ownId: string, log: Log) {
    this.#dataDir = dataDir;
    this.#ownId = ownId;
    this.#log = log;
    const kept = readMembers(dataDir);
    this.#all = kept && byId(kept);
  }

  /** False until the collector has named them once: then nobody can be told from a stranger. */
  get isKnown(): boolean {
    return this.#all !== undefined;
  }

  /** All of the ППЭ, this relay among them. */
  all(): readonly KnownWorkstation[] {
    return [...(this.#all?.values() ?? [])];
  }

  /** Those that this relay may speak for. */
  members(): readonly KnownWorkstation[] {
    return this.all().filter(({ id }) => id !== this.#ownId);
  }

  find(id: string): KnownWorkstation | undefined {
    return this.#all?.get(id);
  }

  /** Undefined for the relay itself: nobody comes to it under its own name. */
  member(id: string): KnownWorkstation | undefined {
    return id === this.#ownId ? undefined : this.#all?.get(id);
  }

  /** Takes the collector's word and keeps it. */
  replace(frame: RosterFrame): void {
    const members = frame.members.map(({ agentId, publicKey, placement }) => ({
      id: agentId,
      publicKey,
      placement,
    }));
    this.#all = byId(members);
    try {
      writeRoster(this.#dataDir, frame);
    } catch (error) {
      // A full disk: it is known until the next start.
      this.#log.error({ error: codeOf(error) }, 'the roster cannot be written');
    }
  }
}

function byId(members: readonly KnownWorkstation[]): Map<string, KnownWorkstation> {
  return new Map(members.map((each) => [each.id, each]));
}
