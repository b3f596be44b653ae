import type { Incident } from '@ppe-pulse/protocol';
import type { AlertEvent, AlertOccasion } from './alert.ts';
import type { AlertDesk, AlertMoment } from './alerts.ts';
import type { Log } from '../log.ts';
import { isStoreError } from '../state/database.ts';
import type { OutboxStore, Receiver } from './outbox/outbox-store.ts';
import {
  untoldCauses,
  type DeskOutbox,
  type Telling,
  type UntoldCause,
} from './routing/desk-outbox.ts';
import { DigestDesk } from './routing/digest-desk.ts';
import { EscalationDesk } from './routing/escalation-desk.ts';
import { LatecomerDesk } from './routing/latecomer-desk.ts';
import type { Marks } from './routing/marks.ts';
import { routedTo, routesOf, type RoutingGround } from './routing/route-of.ts';
import type { Routing } from './routing/routing.ts';

/** A webhook as far as decisions go. */
export interface DeskReceiver extends Receiver {
  readonly isEnabled: boolean;
  /** Its format holds an incident open until the end is told, also one that a digest listed. */
  readonly keepsState: boolean;
}

/** What a desk is made of. */
export interface DeskParts {
  readonly outbox: Pick<OutboxStore, 'record' | 'toldOf'>;
  readonly marks: Marks;
  /** All that were not removed. */
  readonly receivers: () => readonly DeskReceiver[];
  readonly routing: () => Routing;
  readonly groundAt: (wallMs: number) => RoutingGround;
  readonly newEventId: () => string;
  /** Monotonic: when the collector came up. */
  readonly startedMonotonicMs: number;
  /** Into the incident's history. */
  readonly noteEscalation: (
    incident: Incident,
    webhookIds: readonly string[],
    atMs: number,
  ) => void;
  readonly wake: () => void;
  readonly log: Pick<Log, 'error'>;
}

const NOBODY: ReadonlySet<string> = new Set();
/** After a start agents come back and incidents settle: nobody is told that something took too long. */
const SETTLING_MS = 30_000;

/** Decides who is told what, and writes it into the outbox. */
export class Desk implements AlertDesk {
  readonly #parts: DeskParts;
  readonly #untold = new Map<UntoldCause, number>(untoldCauses.map((cause) => [cause, 0]));
  readonly #outbox: DeskOutbox;
  readonly #digests: DigestDesk;
  readonly #escalations: EscalationDesk;
  readonly #latecomers: LatecomerDesk;
  /** The last decision failed: said once, it may come every second. */
  #hasFailed = false;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#outbox = {
      record: (telling, to, wallMs) => this.#record(telling, to, wallMs),
      enabled: () => this.#enabled(),
      count: (cause) => this.#count(cause),
    };
    this.#digests = new DigestDesk(parts.marks, this.#outbox);
    this.#escalations = new EscalationDesk(parts, this.#outbox);
    this.#latecomers = new LatecomerDesk((id) => parts.outbox.toldOf(id).opening, this.#outbox);
  }

  take(occasions: readonly AlertOccasion[], { wallMs }: AlertMoment): void {
    let known: RoutingGround | undefined;
    const ground = (): RoutingGround => (known ??= this.#parts.groundAt(wallMs));
    for (const { kind, incident } of occasions) {
      this.#try(() => {
        switch (kind) {
          case 'opened':
          case 'raised':
          case 'resumed':
            this.#tell(kind, incident, { ground: ground(), wallMs });
            break;
          case 'acknowledged':
            if (incident.silencedUntilMs !== null) this.#count('silenced');
            else this.#record({ kind, incident }, this.#openFor(incident.id), wallMs);
            break;
          case 'resolved':
          case 'folded':
            this.#close(kind, incident, wallMs);
            break;
          case 'escalated':
          case 'digest':
          case 'drill':
            // Made here, by the clock or by a person: nothing happened to an incident.
            break;
        }
      });
    }
  }

  tick(open: Iterable<Incident>, at: AlertMoment): readonly string[] {
    const { routing: holding, groundAt, startedMonotonicMs } = this.#parts;
    const { wallMs, monotonicMs } = at;
    const routing = holding();
    const isSettled = monotonicMs - startedMonotonicMs >= SETTLING_MS;
    const due = this.#digests.due(routing.routes, wallMs, isSettled);
    const escalates = isSettled && routing.routes.some(({ escalation }) => escalation);
    const looks = isSettled && this.#latecomers.isDue({ routing, monotonicMs });
    let escalated: readonly string[] = [];
    if (due.length === 0 && !escalates && !looks) return escalated;
    const told = [...open].filter(isLoud);
    this.#try(() => {
      const ground = groundAt(wallMs);
      if (looks) this.#latecomers.tell(told, { routing, ground, wallMs, monotonicMs });
      if (escalates) escalated = this.#escalations.tick(told, { routing, ground, at });
      if (due.length > 0) this.#digests.tell(due, told, { routing, ground, wallMs });
    });
    return escalated;
  }

  wake(): void {
    this.#parts.wake();
  }

  /** Occasions that were told to nobody, or not at once, by cause, since the start. */
  untold(): Readonly<Record<UntoldCause, number>> {
    return Object.fromEntries(this.#untold) as Record<UntoldCause, number>;
  }

  #tell(
    kind: 'opened' | 'raised' | 'resumed',
    incident: Incident,
    { ground, wallMs }: { readonly ground: RoutingGround; readonly wallMs: number },
  ): void {
    const { outbox, marks, routing } = this.#parts;
    const { id } = incident;
    const criticalFor = kind === 'raised' ? marks.subjects(id, 'critical') : NOBODY;
    // One that goes up and down gives people no new time with each turn.
    if (kind === 'resumed' || (kind === 'raised' && criticalFor.size === 0)) {
      marks.put(id, 'since', { subject: '', atMs: wallMs });
      this.#escalations.renew(id);
    }
    if (incident.silencedUntilMs !== null) return this.#count('silenced');
    const routes = routesOf(incident, routing(), ground);
    if (routes.length === 0) return this.#count('noRoute');
    const { webhooks, isInDigest } = routedTo(incident, routes, this.#enabled());
    if (webhooks.length === 0) return this.#count(isInDigest ? 'inDigest' : 'noWebhook');
    const told = outbox.toldOf(id).opening;
    const first = webhooks.filter((webhook) => !told.has(webhook));
    const again = webhooks.filter((webhook) => told.has(webhook) && kind !== 'opened');
    const anew = again.filter((webhook) => !criticalFor.has(webhook));
    if (first.length + anew.length === 0) return this.#count('toldAlready');
    this.#record({ kind: 'opened', incident }, first, wallMs);
    this.#record({ kind, incident }, anew, wallMs);
  }

  #close(kind: 'resolved' | 'folded', incident: Incident, wallMs: number): void {
    const { id } = incident;
    this.#record({ kind, incident }, this.#openFor(id), wallMs);
    this.#parts.marks.settle(id);
    this.#escalations.forget(id);
    this.#latecomers.forget(id);
  }

  /** Webhooks for which an incident is open: told of it, not of its end, and still there. */
  #openFor(incidentId: string): readonly string[] {
    const { marks, outbox, receivers } = this.#parts;
    const told = outbox.toldOf(incidentId);
    const all = receivers().filter(({ id }) => !told.end.has(id));
    const listed = all.some(({ keepsState }) => keepsState) ? marks.listedTo(incidentId) : NOBODY;
    return all
      .filter(({ id, keepsState }) => told.opening.has(id) || (keepsState && listed.has(id)))
      .map(({ id }) => id);
  }

  #record(telling: Telling, to: readonly string[], wallMs: number): void {
    if (to.length === 0) return;
    const { marks, receivers } = this.#parts;
    const { incident } = telling;
    const wanted = new Set(to);
    const all = receivers().filter(({ id }) => wanted.has(id));
    if (telling.kind === 'digest') return this.#write(telling, all, wallMs);
    const stateful = new Set(all.filter(({ keepsState }) => keepsState));
    const others = all.filter((receiver) => !stateful.has(receiver));
    if (stateful.size > 0) this.#recordStateful(telling, [...stateful], wallMs);
    this.#write(telling, others, wallMs);
    if (incident.severity === 'critical' && incident.resolvedAtMs === null)
      marks.putAll(incident.id, 'critical', to, wallMs);
  }

  /**
   * For them an incident of another severity is another one. So it keeps the worst that they were told,
   * and one that a digest listed as a warning is raised, not opened.
   */
  #recordStateful(telling: Telling, all: readonly DeskReceiver[], wallMs: number): void {
    const { marks } = this.#parts;
    const { kind, incident } = telling;
    const isWarning = incident.severity === 'warning';
    const before = isWarning
      ? marks.subjects(incident.id, 'critical')
      : kind === 'opened'
        ? marks.listedTo(incident.id)
        : NOBODY;
    const again = all.filter(({ id }) => before.has(id));
    const told: Telling = isWarning
      ? { kind, incident: { ...incident, severity: 'critical' } }
      : { kind: 'raised', incident };
    this.#write(told, again, wallMs);
    this.#write(
      telling,
      all.filter(({ id }) => !before.has(id)),
      wallMs,
    );
  }

  /** One event to some receivers; nothing for nobody. */
  #write(
    { kind, incident, digest = [] }: Telling,
    to: readonly DeskReceiver[],
    wallMs: number,
  ): void {
    if (to.length === 0) return;
    const { outbox, newEventId } = this.#parts;
    const isDrill = digest.length > 0 ? digest.every((each) => each.isDrill) : incident.isDrill;
    const event: AlertEvent = { id: newEventId(), kind, atMs: wallMs, incident, digest, isDrill };
    outbox.record(event, to, wallMs);
  }

  /** A mistake of ours in one decision must keep neither the others nor the incidents from being written. */
  #try(decide: () => void): void {
    try {
      decide();
      this.#hasFailed = false;
    } catch (error) {
      // The transaction is lost: all of it is tried again.
      if (isStoreError(error)) throw error;
      this.#count('failed');
      if (!this.#hasFailed)
        this.#parts.log.error({ err: error }, 'who is told of an incident could not be decided');
      this.#hasFailed = true;
    }
  }

  #enabled(): ReadonlySet<string> {
    const enabled = this.#parts.receivers().filter(({ isEnabled }) => isEnabled);
    return new Set(enabled.map(({ id }) => id));
  }

  #count(cause: UntoldCause): void {
    this.#untold.set(cause, (this.#untold.get(cause) ?? 0) + 1);
  }
}

/** Open, and neither silenced nor put off. */
function isLoud({ resolvedAtMs, snoozedUntilMs, silencedUntilMs }: Incident): boolean {
  return resolvedAtMs === null && snoozedUntilMs === null && silencedUntilMs === null;
}
