import type { AlertSilence, Incident, LiveSilence } from '@ppe-pulse/protocol';
import type { Audit, AuditEntry } from '../state/audit.ts';
import { COLLECTOR } from './fold.ts';
import type { DoneBy, Outcome, SilenceDraft } from './incident-book.ts';
import type { NamedNode } from './node-grammar.ts';
import { cleanNote, notStored, refused } from './note.ts';
import type { Pending } from './pending.ts';
import type { PlaceOf } from './silenced-by.ts';
import { refusedSilence } from './silence-check.ts';
import type { SilenceStore } from './silence-store.ts';
import { Silencing } from './silencing.ts';
import type { Write } from './writes.ts';

/** What the desk works with. */
export interface SilenceDeskParts {
  readonly store: SilenceStore;
  readonly audit: Audit;
  readonly write: Write;
  readonly placeOf: PlaceOf;
  readonly knows: (node: NamedNode) => boolean;
}

/** Takes silences in, ends them, lets them begin and expire, and shows them: never in silence. */
export class SilenceDesk {
  readonly #parts: SilenceDeskParts;
  readonly #silencing: Silencing;
  readonly #listeners = new Set<() => void>();
  #next: number;
  #shown: readonly LiveSilence[] = [];
  #isStale = true;

  constructor(parts: SilenceDeskParts) {
    this.#parts = parts;
    this.#silencing = new Silencing(parts.store.live(), parts.placeOf);
    this.#next = parts.store.lastNumber() + 1;
  }

  /** Those that hold or are to come, as they were last told. */
  get shown(): readonly LiveSilence[] {
    return this.#shown;
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Until when an incident is covered, null for not. */
  untilOf(incident: Incident): number | null {
    return this.#silencing.untilOf(incident);
  }

  add(wanted: SilenceDraft, by: DoneBy, nowMs: number): Outcome<AlertSilence> {
    const { store, knows } = this.#parts;
    const known = by.requestId === null ? undefined : store.ofRequest(by.requestId);
    if (known) return { kind: 'done', value: known };
    const draft = { ...wanted, comment: cleanNote(wanted.comment) };
    const wrong = refusedSilence(draft, { nowMs, live: this.#silencing.size, knows });
    if (wrong) return wrong;
    const { account: createdBy, atMs: createdAtMs } = by;
    const { kind, node, checkId, fromMs, toMs } = draft;
    const id = `s-${this.#next}`;
    const silence: AlertSilence = { ...draft, id, createdBy, createdAtMs };
    const details = { node, checkId, fromMs, toMs };
    const isWritten = this.#write(
      { atMs: by.atMs, account: by.account, action: `${kind}.add`, subject: id, details },
      () => store.add(silence, by.requestId),
    );
    if (!isWritten) return notStored();
    this.#next += 1;
    this.#silencing.add(silence);
    this.#isStale = true;
    return { kind: 'done', value: silence };
  }

  /** One that is over already is left as it is. */
  end(id: string, { atMs, account }: DoneBy): Outcome<AlertSilence> {
    const { store } = this.#parts;
    const silence = store.find(id);
    if (!silence) return refused('unknownSilence', `there is no silence ${id}`);
    if (!this.#silencing.has(id)) return { kind: 'done', value: silence };
    const { kind, node, checkId } = silence;
    const entry = { atMs, account, action: `${kind}.end`, subject: id, details: { node, checkId } };
    if (!this.#write(entry, () => store.end(id, { atMs, by: account }))) return notStored();
    this.#silencing.remove(id);
    this.#isStale = true;
    return { kind: 'done', value: silence };
  }

  /** Some begin and some are over by themselves; true when incidents are to be looked at. */
  advance(nowMs: number, into: Pending): boolean {
    const { expired, hasChanged } = this.#silencing.advance(nowMs);
    for (const silence of expired) into.writes.push(() => this.#expire(silence));
    if (expired.length > 0 || hasChanged) this.#isStale = true;
    return hasChanged;
  }

  /** Open incidents are others than before. */
  stale(): void {
    this.#isStale = true;
  }

  /** Tells listeners, only when something is other than shown. */
  tell(open: Iterable<Incident>): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    const shown = this.#silencing.shown(open);
    if (JSON.stringify(shown) === JSON.stringify(this.#shown)) return;
    this.#shown = shown;
    for (const listener of this.#listeners) listener();
  }

  #expire({ id, kind, node, checkId, toMs }: AlertSilence): void {
    this.#parts.store.end(id, { atMs: toMs, by: COLLECTOR });
    const details = { node, checkId };
    const action = `${kind}.expire`;
    this.#parts.audit.add({ atMs: toMs, account: COLLECTOR, action, subject: id, details });
  }

  #write(entry: AuditEntry, write: () => void): boolean {
    return this.#parts.write(() => {
      write();
      this.#parts.audit.add(entry);
    });
  }
}
