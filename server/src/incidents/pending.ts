import type { Incident, KeptFault, UnsavedFaults } from '@ppe-pulse/protocol';
import type { AlertOccasion } from '../alerts/alert.ts';
import type { FaultKey, IncidentStore, NewLogEntry } from './incident-store.ts';

/**
 * What is decided and not yet written: all of it goes into one transaction. What the store refused
 * waits here for the next try.
 */
export class Pending {
  /** As they are at the end, in the order in which they first changed. */
  readonly incidents = new Map<string, Incident>();
  readonly log: NewLogEntry[] = [];
  readonly occasions: AlertOccasion[] = [];
  /** Other writes of the same cause: the audit, the end of a silence. May run again after a refusal. */
  readonly writes: (() => void)[] = [];
  readonly #faults = new Map<
    string,
    { readonly key: FaultKey; readonly fault: KeptFault | null }
  >();

  get isEmpty(): boolean {
    return this.size === 0 && this.#faults.size === 0;
  }

  /** Grows with what happens; faults do not count, there are only so many. */
  get size(): number {
    return this.incidents.size + this.log.length + this.occasions.length + this.writes.length;
  }

  addFaults({ changed, gone }: UnsavedFaults): void {
    for (const key of gone)
      this.#faults.set(`${key.sourceId} ${key.checkId}`, { key, fault: null });
    for (const fault of changed)
      this.#faults.set(`${fault.sourceId} ${fault.checkId}`, { key: fault, fault });
  }

  /** Belongs into a transaction of the caller. */
  writeTo(store: IncidentStore): void {
    for (const incident of this.incidents.values()) store.put(incident);
    for (const { key, fault } of this.#faults.values())
      if (fault) store.putFault(fault);
      else store.removeFault(key);
    for (const entry of this.log) store.addLog(entry);
    for (const write of this.writes) write();
  }
}
