import type { Incident } from '@ppe-pulse/protocol';
import type { AlertMoment } from '../alerts.ts';
import type { DeskOutbox } from './desk-outbox.ts';
import type { Marks } from './marks.ts';
import { isCollected, named, routesOf, type RoutingGround } from './route-of.ts';
import type { Route, Routing } from './routing.ts';

const MINUTE_MS = 60_000;
/** In place of a webhook: the step came, and there was nobody to tell. */
const NOBODY = 'nobody';

type Step = NonNullable<Route['escalation']>[number];

interface DueStep {
  readonly step: Step;
  readonly to: readonly string[];
}

/** How old an incident was when it was first seen here, and when that was, monotonic. */
interface Sighting {
  readonly ageMs: number;
  readonly atMs: number;
}

export interface EscalationParts {
  readonly marks: Marks;
  /** Into the incident's history. */
  readonly noteEscalation: (
    incident: Incident,
    webhookIds: readonly string[],
    atMs: number,
  ) => void;
}

/** Tells the next in line when nobody takes an incident: each step once a webhook. */
export class EscalationDesk {
  readonly #parts: EscalationParts;
  readonly #outbox: DeskOutbox;
  /** Marks as they were read, so that an old incident costs no query. Never more than is committed. */
  readonly #known = new Map<string, ReadonlySet<string>>();
  /** From the first sight on an incident ages by the monotonic clock: the wall's may step. */
  readonly #sightings = new Map<string, Sighting>();

  constructor(parts: EscalationParts, outbox: DeskOutbox) {
    this.#parts = parts;
    this.#outbox = outbox;
  }

  /** `open`: those that are neither silenced nor put off. Answers ids of those that nobody took. */
  tick(
    open: readonly Incident[],
    by: { readonly routing: Routing; readonly ground: RoutingGround; readonly at: AlertMoment },
  ): readonly string[] {
    const { routing, ground, at } = by;
    const firstMs = Math.min(
      ...routing.routes.flatMap(({ escalation = [] }) => escalation.map(waitMs)),
    );
    return open.flatMap((incident) => {
      const ageMs = this.#ageOf(incident, at);
      if (incident.acknowledgedAtMs !== null || ageMs < firstMs) return [];
      const due = routesOf(incident, routing, ground)
        .filter((route) => !isCollected(incident, route))
        .flatMap(({ escalation = [] }) => escalation)
        .filter((step) => ageMs >= waitMs(step))
        .map((step) => ({ step, to: this.#receiversOf(step) }));
      return due.length > 0 && this.#escalate(incident, due, at.wallMs) ? [incident.id] : [];
    });
  }

  /** It was raised or came back: people have the whole time again, by its mark. */
  renew(incidentId: string): void {
    this.#sightings.delete(incidentId);
  }

  /** An incident is over. */
  forget(incidentId: string): void {
    this.#known.delete(incidentId);
    this.#sightings.delete(incidentId);
  }

  #ageOf({ id, openedAtMs }: Incident, { wallMs, monotonicMs }: AlertMoment): number {
    const known = this.#sightings.get(id);
    if (known) return known.ageMs + (monotonicMs - known.atMs);
    const sinceMs = this.#parts.marks.atOf(id, 'since', '') ?? openedAtMs;
    const ageMs = Math.max(0, wallMs - sinceMs);
    this.#sightings.set(id, { ageMs, atMs: monotonicMs });
    return ageMs;
  }

  /** True when anybody was told. */
  #escalate(incident: Incident, due: readonly DueStep[], wallMs: number): boolean {
    const { id } = incident;
    const known = this.#known.get(id);
    if (known && due.every(({ step, to }) => to.every((each) => known.has(subjectOf(step, each)))))
      return false;
    const { marks } = this.#parts;
    // Read before anything of this step is written: what is remembered must outlive a rollback.
    const committed = marks.subjects(id, 'escalated');
    this.#known.set(id, committed);
    const done = new Set(committed);
    let isTold = false;
    for (const { step, to } of due) {
      const fresh = to.filter((each) => !done.has(subjectOf(step, each)));
      for (const each of fresh) {
        const subject = subjectOf(step, each);
        done.add(subject);
        marks.put(id, 'escalated', { subject, atMs: wallMs });
      }
      if (this.#tell(incident, fresh, wallMs)) isTold = true;
    }
    return isTold;
  }

  #tell(incident: Incident, fresh: readonly string[], wallMs: number): boolean {
    if (fresh.length === 0) return false;
    if (fresh.includes(NOBODY)) {
      this.#outbox.count('noWebhook');
      return false;
    }
    this.#outbox.record({ kind: 'escalated', incident }, fresh, wallMs);
    this.#parts.noteEscalation(incident, fresh, wallMs);
    return true;
  }

  #receiversOf({ webhooks }: Step): readonly string[] {
    const to = named(webhooks, this.#outbox.enabled());
    return to.length === 0 ? [NOBODY] : to;
  }
}

/** By its minutes: a step that is put before others makes no other step of them. */
function subjectOf({ afterMinutes }: Step, receiver: string): string {
  return `${afterMinutes} ${receiver}`;
}

function waitMs({ afterMinutes }: Step): number {
  return afterMinutes * MINUTE_MS;
}
