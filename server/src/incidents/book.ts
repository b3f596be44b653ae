import type {
  AlertSilence,
  CollectorProblem,
  Fleet,
  Incident,
  IncidentCounts,
  IncidentEngine,
  IncidentEngineParts,
  LiveSilence,
  Moment,
  SitePlace,
} from '@ppe-pulse/protocol';
import type { AlertDesk } from '../alerts/alerts.ts';
import type { Log } from '../log.ts';
import type { Audit } from '../state/audit.ts';
import type { StateDatabase } from '../state/database.ts';
import { actedOn, refusedAction, refusedLate, type Acted } from './actions.ts';
import { countsOf } from './counts.ts';
import { fold, lookAt, tell, type FoldGround } from './fold.ts';
import { createHandoverStore, type HandoverStore } from './handover-store.ts';
import type {
  DoneBy,
  Handover,
  IncidentAction,
  IncidentBook,
  IncidentFilter,
  LogEntry,
  Outcome,
  SilenceDraft,
} from './incident-book.ts';
import { createIncidentStore, type IncidentStore } from './incident-store.ts';
import type { NamedNode } from './node-grammar.ts';
import { cleanNote, notStored, refused, refusedNote } from './note.ts';
import { Pending } from './pending.ts';
import { coreOf } from './people.ts';
import { SilenceDesk } from './silence-desk.ts';
import { createSilenceStore } from './silence-store.ts';
import { createWrite, type Write } from './writes.ts';

/** What the book needs of the engine. */
export type BookEngine = Pick<
  IncidentEngine,
  'see' | 'forget' | 'seeCollector' | 'tick' | 'resolve' | 'open' | 'takeUnsaved' | 'restore'
>;

/** What a book is made of. */
export interface BookParts {
  readonly database: StateDatabase;
  readonly audit: Audit;
  readonly fleet: Pick<Fleet, 'all' | 'get' | 'onChange' | 'onRemove'>;
  readonly engineOf: (parts: IncidentEngineParts) => BookEngine;
  readonly placeOf: (siteCode: string) => SitePlace | undefined;
  readonly phaseOf: IncidentEngineParts['phaseOf'];
  /** True for a place that the registry has, or that agents speak from. */
  readonly knows: (node: NamedNode) => boolean;
  /** All that is wrong with the collector now. */
  readonly collectorProblems: () => readonly CollectorProblem[];
  readonly alerts: AlertDesk;
  readonly now: () => Moment;
  readonly log: Log;
}

/** Changes are taken in, and time goes on, this often. */
const TICK_MS = 250;
/** Escalations and digests are looked for this often. */
const ALERTS_MS = 1_000;
/** Incidents that are written at once by the clock: a storm must not hold up everything else. */
const MOST_AT_ONCE = 500;
/** While so much waits for a disk that takes nothing, the engine is not asked for more: it keeps. */
const MAX_PENDING = 100_000;

/**
 * The incidents of this collector. What is decided is written in one transaction with what it leads to,
 * and is told and shown only when it is written: a number that people heard is never another incident's.
 */
export class Incidents implements IncidentBook {
  readonly #parts: BookParts;
  readonly #store: IncidentStore;
  readonly #silences: SilenceDesk;
  readonly #handovers: HandoverStore;
  readonly #engine: BookEngine;
  readonly #write: Write;
  readonly #writeAlerts: Write;
  /** Written ones. */
  readonly #open = new Map<string, Incident>();
  /** Of these, those that wait for the clock: looked at with every tick. */
  readonly #snoozed = new Set<string>();
  readonly #dirty = new Set<string>();
  readonly #listeners = new Set<(incident: Incident) => void>();
  readonly #stops: (() => void)[] = [];
  #pending = new Pending();
  #sorted: readonly Incident[] | undefined;
  #counts: IncidentCounts | undefined;
  #alertsAtMs = Number.NEGATIVE_INFINITY;

  constructor(parts: BookParts) {
    this.#parts = parts;
    const { database, fleet, placeOf, phaseOf, now } = parts;
    this.#store = createIncidentStore(database);
    this.#handovers = createHandoverStore(database);
    this.#write = createWrite(parts, 'incidents');
    this.#writeAlerts = createWrite(parts, 'alerts');
    const silences = createSilenceStore(database);
    this.#silences = new SilenceDesk({ ...parts, store: silences, write: this.#write });
    let next = this.#store.lastNumber();
    this.#engine = parts.engineOf({ placeOf, phaseOf, nextNumber: () => (next += 1) });
    const open = this.#store.open();
    for (const incident of open) this.#hold(incident);
    this.#engine.restore({ incidents: open.map(coreOf), faults: this.#store.faults() }, now());
    for (const { id } of fleet.all()) this.#dirty.add(id);
    this.#stops.push(
      fleet.onChange(({ id }) => this.#dirty.add(id)),
      fleet.onRemove(({ id }) => this.#dirty.add(id)),
    );
    const timer = setInterval(() => this.tick(), TICK_MS);
    this.#stops.push(() => clearInterval(timer));
  }

  open(): readonly Incident[] {
    this.#sorted ??= [...this.#open.values()].sort((a, b) => numberIn(a) - numberIn(b));
    return this.#sorted;
  }

  counts(): IncidentCounts {
    this.#counts ??= countsOf(this.#open.values());
    return this.#counts;
  }

  silences(): readonly LiveSilence[] {
    return this.#silences.shown;
  }

  find(id: string): Incident | undefined {
    return this.#open.get(id) ?? this.#store.find(id);
  }

  list(filter: IncidentFilter): readonly Incident[] {
    return this.#store.list(filter);
  }

  logOf(id: string): readonly LogEntry[] {
    return this.#store.logOf(id);
  }

  handovers(limit: number): readonly Handover[] {
    return this.#handovers.list(limit);
  }

  onChange(listener: (incident: Incident) => void): void {
    this.#listeners.add(listener);
  }

  onSilences(listener: () => void): void {
    this.#silences.onChange(listener);
  }

  /** Takes in what changed, goes on to now, writes and tells. */
  tick(): void {
    const now = this.#parts.now();
    this.#settle(now);
    if (now.monotonicMs - this.#alertsAtMs < ALERTS_MS) return;
    this.#alertsAtMs = now.monotonicMs;
    this.#tickAlerts(now);
  }

  act(id: string, wanted: IncidentAction, by: DoneBy): Outcome<Incident> {
    const now = this.#parts.now();
    const action = 'note' in wanted ? { ...wanted, note: cleanNote(wanted.note) } : wanted;
    const wrong = refusedAction(action, now.wallMs);
    if (wrong) return wrong;
    this.#step(now);
    if (!this.#flush(now)) return notStored();
    const before = this.find(id);
    if (!before) return refused('unknownIncident', `there is no incident ${id}`);
    const first = by.requestId === null ? undefined : this.#store.doneBy(by.requestId);
    if (first?.incidentId === id && first.kind === action.kind)
      return { kind: 'done', value: before };
    if (first) {
      const detail = `the request was ${first.kind} of ${first.incidentId}; use a fresh requestId`;
      return refused('requestIdUsed', detail);
    }
    const acted = actedOn(before, action, by);
    if (!acted) return { kind: 'done', value: before };
    const late = refusedLate(before, action);
    if (late) return late;
    const isWritten =
      action.kind === 'resolve'
        ? this.#resolve(acted, action, { by, now })
        : this.#commit(this.#draftOf(acted, action, by), now);
    this.#silences.tell(this.#open.values());
    return isWritten ? { kind: 'done', value: this.find(id) ?? acted.incident } : notStored();
  }

  addSilence(draft: SilenceDraft, by: DoneBy): Outcome<AlertSilence> {
    const now = this.#parts.now();
    const outcome = this.#silences.add(draft, by, now.wallMs);
    this.#settle(now);
    return outcome;
  }

  endSilence(id: string, by: DoneBy): Outcome<AlertSilence> {
    const outcome = this.#silences.end(id, by);
    this.#settle(this.#parts.now());
    return outcome;
  }

  addHandover(wanted: string, by: DoneBy): Outcome<Handover> {
    const known = by.requestId === null ? undefined : this.#handovers.ofRequest(by.requestId);
    if (known) return { kind: 'done', value: known };
    const note = cleanNote(wanted);
    const wrong = refusedNote(note, true);
    if (wrong) return wrong;
    const openIncidents = this.open().map(({ id }) => id);
    const { account, atMs } = by;
    const details = { open: openIncidents.length };
    const written: Handover[] = [];
    const isWritten = this.#write(() => {
      const handover = this.#handovers.add(
        { atMs, by: account, note, openIncidents },
        by.requestId,
      );
      written.push(handover);
      const subject = `handover ${handover.id}`;
      this.#parts.audit.add({ atMs, account, action: 'handover.add', subject, details });
    });
    const value = written[0];
    return isWritten && value ? { kind: 'done', value } : notStored();
  }

  close(): void {
    for (const stop of this.#stops) stop();
    const now = this.#parts.now();
    this.#step(now);
    this.#flush(now);
    this.#silences.tell(this.#open.values());
  }

  #settle(now: Moment): void {
    this.#step(now);
    this.#flush(now, MOST_AT_ONCE);
    this.#silences.tell(this.#open.values());
  }

  /** What happened since the last step, not written yet. */
  #step(now: Moment): void {
    if (this.#pending.size >= MAX_PENDING) return;
    const { fleet, collectorProblems } = this.#parts;
    for (const id of this.#dirty) {
      const state = fleet.get(id);
      if (state) this.#engine.see(state, now);
      else this.#engine.forget(id);
    }
    this.#dirty.clear();
    this.#engine.seeCollector(collectorProblems(), now);
    this.#stepSilences(now);
    fold(this.#engine.tick(now), this.#pending, this.#ground(now));
    this.#pending.addFaults(this.#engine.takeUnsaved());
  }

  /** Silences begin and end by themselves; snoozes end. */
  #stepSilences(now: Moment): void {
    const hasChanged = this.#silences.advance(now.wallMs, this.#pending);
    const ground = this.#ground(now);
    const ids = hasChanged
      ? [...new Set([...this.#open.keys(), ...this.#pending.incidents.keys()])]
      : [...this.#snoozed];
    for (const id of ids) {
      const incident = ground.known(id);
      if (incident?.resolvedAtMs === null) lookAt(incident, this.#pending, ground);
    }
  }

  #ground({ wallMs: nowMs }: Moment): FoldGround {
    return {
      known: (id) => this.#pending.incidents.get(id) ?? this.#open.get(id),
      untilOf: (incident) => this.#silences.untilOf(incident),
      nowMs,
    };
  }

  #draftOf({ incident, note, details }: Acted, action: IncidentAction, by: DoneBy): Pending {
    const draft = new Pending();
    const { id } = incident;
    draft.incidents.set(id, incident);
    const { account, atMs, requestId } = by;
    draft.log.push({
      incidentId: id,
      atMs,
      by: account,
      kind: action.kind,
      note,
      details,
      requestId,
    });
    draft.writes.push(() =>
      this.#parts.audit.add({
        atMs,
        account,
        action: `incident.${action.kind}`,
        subject: id,
        details,
      }),
    );
    if (action.kind === 'ack') tell('acknowledged', incident, draft);
    if (action.kind === 'snooze' && action.untilMs === null) tell('resumed', incident, draft);
    return draft;
  }

  /** The engine goes on at once: what the store refuses now is written the next time. */
  #resolve(
    acted: Acted,
    action: Extract<IncidentAction, { kind: 'resolve' }>,
    { by, now }: { readonly by: DoneBy; readonly now: Moment },
  ): boolean {
    const { id } = acted.incident;
    const { resolution } = action;
    this.#pending = this.#draftOf(acted, action, by);
    const steps = this.#engine.resolve(id, resolution, now);
    const isOver = steps.some(({ kind, incident }) => kind === 'resolved' && incident.id === id);
    const resolvedAtMs = now.wallMs;
    const core = { ...coreOf(acted.incident), resolvedAtMs, resolution };
    // The engine does not know it any more: the person's word is enough.
    const all = isOver ? steps : [...steps, { kind: 'resolved' as const, incident: core }];
    fold(all, this.#pending, { ...this.#ground(now), endedByPerson: id });
    this.#pending.addFaults(this.#engine.takeUnsaved());
    return this.#flush(now);
  }

  /** What waits, written or kept for the next time; `most` incidents of it. */
  #flush(now: Moment, most = Number.POSITIVE_INFINITY): boolean {
    if (this.#pending.isEmpty) return true;
    // Listeners may act: what they change is none of this.
    const first = this.#pending.take(most);
    if (this.#commit(first, now)) return true;
    first.append(this.#pending);
    this.#pending = first;
    return false;
  }

  /** One transaction, then everybody is told. False when the store refused: nothing happened. */
  #commit(draft: Pending, now: Moment): boolean {
    const { alerts } = this.#parts;
    const isWritten = this.#write(() => {
      draft.writeTo(this.#store);
      if (draft.occasions.length > 0) alerts.take(draft.occasions, now);
    });
    if (!isWritten) return false;
    for (const incident of draft.incidents.values()) this.#hold(incident);
    if (draft.incidents.size > 0) {
      this.#sorted = undefined;
      this.#counts = undefined;
      this.#silences.stale();
    }
    for (const incident of draft.incidents.values()) this.#show(incident);
    if (draft.occasions.length > 0) alerts.wake();
    return true;
  }

  #show(incident: Incident): void {
    for (const listener of this.#listeners) listener(incident);
  }

  /** What is written is what is open. */
  #hold(incident: Incident): void {
    const { id, resolvedAtMs, snoozedUntilMs } = incident;
    if (resolvedAtMs === null) this.#open.set(id, incident);
    else this.#open.delete(id);
    if (resolvedAtMs === null && snoozedUntilMs !== null) this.#snoozed.add(id);
    else this.#snoozed.delete(id);
  }

  #tickAlerts(now: Moment): void {
    const { alerts } = this.#parts;
    let noted: readonly string[] = [];
    if (!this.#writeAlerts(() => (noted = alerts.tick(this.#open.values(), now)))) return;
    for (const id of noted) {
      const incident = this.#open.get(id);
      if (incident) this.#show(incident);
    }
    alerts.wake();
  }
}

function numberIn({ id }: Incident): number {
  return Number(id.slice(2));
}
