import type { Heartbeat, KnownWorkstation } from '@ppe-pulse/protocol';
import { carryInbox, takeInbox } from '../carry/inbox.ts';
import { codeOf } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import type { Roster } from './roster.ts';
import type { Spools } from './spools.ts';

/** Where what a flash drive brought goes. */
export interface CarriedInboxParts {
  readonly dataDir: string;
  readonly roster: Roster;
  readonly spools: Spools;
  /** The collector's time by the relay's best knowledge. */
  readonly nowMs: () => number;
  /** A heartbeat that was not known before is in its spool. */
  readonly taken: (id: string, heartbeat: Heartbeat) => void;
  readonly log: Log;
}

/** Takes what `import` put into the inbox of this PC, one look at a time. */
export class CarriedInbox {
  readonly #parts: CarriedInboxParts;
  #isBusy = false;
  #isStopped = false;

  constructor(parts: CarriedInboxParts) {
    this.#parts = parts;
  }

  /** Looks once; a part stays until all of it is in its spool, for good. */
  async take(): Promise<void> {
    const { dataDir, roster, nowMs, log } = this.#parts;
    if (this.#isBusy || this.#isStopped || !roster.isKnown) return;
    this.#isBusy = true;
    try {
      const report = await takeInbox(carryInbox(dataDir), (id) => roster.find(id), {
        nowMs,
        take: (member, heartbeats) => this.#store(member, heartbeats),
      });
      if (report.takenParts + report.refusedParts > 0)
        log.info(report, 'parts of a flash drive were taken');
    } catch (error) {
      log.error({ error: codeOf(error) }, 'the inbox cannot be read; it is tried again');
    } finally {
      this.#isBusy = false;
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  #store(member: KnownWorkstation, heartbeats: readonly Heartbeat[]): boolean {
    if (this.#isStopped) return false;
    const { roster, spools, taken } = this.#parts;
    // What this very PC put on a stick is in its own journal.
    if (!roster.member(member.id)) return true;
    const fresh = spools.storeCarried(member, heartbeats);
    for (const heartbeat of fresh ?? []) taken(member.id, heartbeat);
    return fresh !== undefined;
  }
}
