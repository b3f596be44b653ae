import type { Incident } from '@ppe-pulse/protocol';
import type { AlertEvent, AlertOccasion } from './alert.ts';
import type { AlertDesk, AlertMoment } from './alerts.ts';
import type { OutboxStore, Receiver } from './outbox/outbox-store.ts';
import {
  untoldCauses,
  type DeskOutbox,
  type Telling,
  type UntoldCause,
} from './routing/desk-outbox.ts';
import { DigestDesk } from './routing/digest-desk.ts';
import { EscalationDesk } from './routing/escalation-desk.ts';
import type { Marks } from './routing/marks.ts';
import { routedTo, routesOf, type RoutingGround } from './routing/route-of.ts';
import type { Routing } from './routing/routing.ts';

/** A webhook as far as decisions go. */
export interface DeskReceiver extends Receiver {
  readonly isEnabled: boolean;
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

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#outbox = {
      record: (telling, to, wallMs) => this.#record(telling, to, wallMs),
      enabled: () => this.#enabled(),
      count: (cause) => this.#count(cause),
    };
    this.#digests = new DigestDesk(parts.marks, this.#outbox);
    this.#escalations = new EscalationDesk(parts, this.#outbox);
  }

  take(occasions: readonly AlertOccasion[], { wallMs }: AlertMoment): void {
    const ground = this.#parts.groundAt(wallMs);
    for (const { kind, incident } of occasions) {
      switch (kind) {
        case 'opened':
        case 'raised':
        case 'resumed':
          this.#tell(kind, incident, { ground, wallMs });
          break;
        case 'acknowledged':
          this.#record({ kind, incident }, this.#openFor(incident.id), wallMs);
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
    }
  }

  tick(open: Iterable<Incident>, at: AlertMoment): void {
    const routing = this.#parts.routing();
    const isSettled = at.monotonicMs - this.#parts.startedMonotonicMs >= SETTLING_MS;
    const due = this.#digests.due(routing.routes, at.wallMs, isSettled);
    const escalates = isSettled && routing.routes.some(({ escalation }) => escalation);
    if (due.length === 0 && !escalates) return;
    const ground = this.#parts.groundAt(at.wallMs);
    const told = [...open].filter(isLoud);
    if (escalates) this.#escalations.tick(told, { routing, ground, wallMs: at.wallMs });
    if (due.length > 0) this.#digests.tell(due, told, { routing, ground, wallMs: at.wallMs });
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
    if (kind !== 'opened') marks.put(id, 'since', { subject: '', atMs: wallMs });
    if (incident.silencedUntilMs !== null) return this.#count('silenced');
    const routes = routesOf(incident, routing(), ground);
    if (routes.length === 0) return this.#count('noRoute');
    const { webhooks, isInDigest } = routedTo(incident, routes, this.#enabled());
    if (webhooks.length === 0) return this.#count(isInDigest ? 'inDigest' : 'noWebhook');
    const told = outbox.toldOf(id);
    const first = webhooks.filter((webhook) => !told.has(webhook));
    const again = webhooks.filter((webhook) => told.has(webhook) && kind !== 'opened');
    const knowing = again.length > 0 && kind === 'raised' ? marks.subjects(id, 'critical') : NOBODY;
    const anew = again.filter((webhook) => !knowing.has(webhook));
    if (first.length + anew.length === 0) return this.#count('toldAlready');
    this.#record({ kind: 'opened', incident }, first, wallMs);
    this.#record({ kind, incident }, anew, wallMs);
  }

  #close(kind: 'resolved' | 'folded', incident: Incident, wallMs: number): void {
    const { marks } = this.#parts;
    const { id } = incident;
    const to = this.#openFor(id);
    this.#record({ kind, incident }, to, wallMs);
    for (const subject of to) marks.put(id, 'closed', { subject, atMs: wallMs });
    marks.settle(id);
    this.#escalations.forget(id);
  }

  /** Webhooks for which an incident is open: told of it, not of its end, and still there. */
  #openFor(incidentId: string): readonly string[] {
    const closed = this.#parts.marks.subjects(incidentId, 'closed');
    const there = new Set(this.#parts.receivers().map(({ id }) => id));
    return [...this.#parts.outbox.toldOf(incidentId)].filter(
      (id) => there.has(id) && !closed.has(id),
    );
  }

  #record({ kind, incident, digest = [] }: Telling, to: readonly string[], wallMs: number): void {
    if (to.length === 0) return;
    const { outbox, receivers, newEventId, marks } = this.#parts;
    const isDrill = digest.length > 0 ? digest.every((each) => each.isDrill) : incident.isDrill;
    const event: AlertEvent = { id: newEventId(), kind, atMs: wallMs, incident, digest, isDrill };
    const wanted = new Set(to);
    outbox.record(
      event,
      receivers().filter(({ id }) => wanted.has(id)),
      wallMs,
    );
    if (kind === 'digest' || incident.severity !== 'critical') return;
    for (const subject of to) marks.put(incident.id, 'critical', { subject, atMs: wallMs });
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
