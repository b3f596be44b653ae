import type { Incident, KeptFault, UnsavedFaults } from '@ppe-pulse/protocol';
import type { AlertOccasion } from '../alerts/alert.ts';
import type { FaultKey, IncidentStore, NewLogEntry } from './incident-store.ts';

interface PendingFault {
  readonly key: FaultKey;
  readonly fault: KeptFault | null;
}

/**
 * What is decided and not yet written: an incident goes into one transaction with its history, its
 * faults and what is told of it. What the store refused waits here for the next try.
 */
export class Pending {
  /** As they are at the end, in the order in which they first changed. */
  readonly incidents = new Map<string, Incident>();
  readonly log: NewLogEntry[] = [];
  readonly occasions: AlertOccasion[] = [];
  /** Other writes of the same cause: the audit, the end of a silence. May run again after a refusal. */
  readonly writes: (() => void)[] = [];
  readonly #faults = new Map<string, PendingFault>();

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

  /** Takes the first incidents out, so many of them; what is of no incident goes with the last. */
  take(most: number): Pending {
    const taken = new Pending();
    for (const [id, incident] of this.incidents) {
      if (taken.incidents.size >= most) break;
      taken.incidents.set(id, incident);
      this.incidents.delete(id);
    }
    const isLast = this.incidents.size === 0;
    const goes = (id: string | null | undefined): boolean =>
      isLast || taken.incidents.has(id ?? '');
    move(this.log, taken.log, ({ incidentId }) => goes(incidentId));
    move(this.occasions, taken.occasions, ({ incident }) => goes(incident.id));
    move(this.writes, taken.writes, () => isLast);
    for (const [key, each] of this.#faults)
      if (goes(each.fault?.incidentId)) {
        taken.#faults.set(key, each);
        this.#faults.delete(key);
      }
    return taken;
  }

  /** Puts behind this what was decided after it. */
  append(later: Pending): void {
    for (const [id, incident] of later.incidents) this.incidents.set(id, incident);
    for (const [key, each] of later.#faults) this.#faults.set(key, each);
    move(later.log, this.log, () => true);
    move(later.occasions, this.occasions, () => true);
    move(later.writes, this.writes, () => true);
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

function move<T>(from: T[], to: T[], goes: (each: T) => boolean): void {
  const kept: T[] = [];
  for (const each of from) (goes(each) ? to : kept).push(each);
  from.splice(0, from.length);
  for (const each of kept) from.push(each);
}
