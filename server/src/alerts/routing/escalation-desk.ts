import type { Incident } from '@ppe-pulse/protocol';
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
  /** Which one of its route. */
  readonly at: number;
  readonly to: readonly string[];
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

  constructor(parts: EscalationParts, outbox: DeskOutbox) {
    this.#parts = parts;
    this.#outbox = outbox;
  }

  /** `open`: those that are neither silenced nor put off. */
  tick(
    open: readonly Incident[],
    by: { readonly routing: Routing; readonly ground: RoutingGround; readonly wallMs: number },
  ): void {
    const { routing, ground, wallMs } = by;
    const firstMs = Math.min(
      ...routing.routes.flatMap(({ escalation = [] }) => escalation.map(waitMs)),
    );
    for (const incident of open) {
      const ageMs = wallMs - incident.openedAtMs;
      if (incident.acknowledgedAtMs !== null || ageMs < firstMs) continue;
      const due = routesOf(incident, routing, ground)
        .filter((route) => !isCollected(incident, route))
        .flatMap(({ escalation = [] }) => escalation.map((step, at) => ({ step, at })))
        .filter(({ step }) => ageMs >= waitMs(step))
        .map((each) => ({ ...each, to: this.#receiversOf(each.step) }));
      if (due.length > 0) this.#escalate(incident, due, wallMs);
    }
  }

  /** An incident is over. */
  forget(incidentId: string): void {
    this.#known.delete(incidentId);
  }

  #escalate(incident: Incident, due: readonly DueStep[], wallMs: number): void {
    const { id } = incident;
    const known = this.#known.get(id);
    if (known && due.every(({ at, to }) => to.every((each) => known.has(subjectOf(at, each)))))
      return;
    const { marks } = this.#parts;
    // Read before anything of this step is written: what is remembered must outlive a rollback.
    const committed = marks.subjects(id, 'escalated');
    this.#known.set(id, committed);
    // Raised or back since then: people have had no more time than that.
    const sinceMs = marks.atOf(id, 'since', '') ?? incident.openedAtMs;
    const done = new Set(committed);
    for (const { step, at, to } of due) {
      if (wallMs - sinceMs < waitMs(step)) continue;
      const fresh = to.filter((each) => !done.has(subjectOf(at, each)));
      for (const each of fresh) {
        const subject = subjectOf(at, each);
        done.add(subject);
        marks.put(id, 'escalated', { subject, atMs: wallMs });
      }
      this.#tell(incident, fresh, wallMs);
    }
  }

  #tell(incident: Incident, fresh: readonly string[], wallMs: number): void {
    if (fresh.length === 0) return;
    if (fresh.includes(NOBODY)) return this.#outbox.count('noWebhook');
    this.#outbox.record({ kind: 'escalated', incident }, fresh, wallMs);
    this.#parts.noteEscalation(incident, fresh, wallMs);
  }

  #receiversOf({ webhooks }: Step): readonly string[] {
    const to = named(webhooks, this.#outbox.enabled());
    return to.length === 0 ? [NOBODY] : to;
  }
}

function subjectOf(at: number, receiver: string): string {
  return `${at} ${receiver}`;
}

function waitMs({ afterMinutes }: Step): number {
  return afterMinutes * MINUTE_MS;
}
