import type { Incident } from '@ppe-pulse/protocol';
import type { DeskOutbox } from './desk-outbox.ts';
import { routedTo, routesOf, type RoutingGround } from './route-of.ts';
import type { Routing } from './routing.ts';

/** Hours, phases and reach of incidents change by themselves: looked at this often. */
const LOOK_EVERY_MS = 60_000;
/** Incidents that are looked up in one second; the rest waits for the next. */
const MOST_AT_ONCE = 200;

/** What is open, and who is to know of it now. */
export interface LatecomerGround {
  readonly routing: Routing;
  readonly ground: RoutingGround;
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/**
 * Tells of what is open already: a receiver that was set up later, a route that holds since. Each
 * webhook once an incident; warnings that a digest collects come with it.
 */
export class LatecomerDesk {
  readonly #toldOf: (incidentId: string) => ReadonlySet<string>;
  readonly #outbox: DeskOutbox;
  /** As it was read, so that an old incident costs no query. Never more than is committed. */
  readonly #known = new Map<string, ReadonlySet<string>>();
  #lookAtMs = Number.NEGATIVE_INFINITY;
  #routing: Routing | undefined;
  #enabled = '';

  constructor(toldOf: (incidentId: string) => ReadonlySet<string>, outbox: DeskOutbox) {
    this.#toldOf = toldOf;
    this.#outbox = outbox;
  }

  /** True once a minute, and at once where routes or receivers are others than before. */
  isDue({ routing, monotonicMs }: Pick<LatecomerGround, 'routing' | 'monotonicMs'>): boolean {
    const enabled = [...this.#outbox.enabled()].join(' ');
    return monotonicMs >= this.#lookAtMs || routing !== this.#routing || enabled !== this.#enabled;
  }

  /** `open`: those that are neither silenced nor put off. */
  tell(open: readonly Incident[], by: LatecomerGround): void {
    const enabled = this.#outbox.enabled();
    this.#routing = by.routing;
    this.#enabled = [...enabled].join(' ');
    let looks = 0;
    for (const incident of open) {
      const routes = routesOf(incident, by.routing, by.ground);
      const { webhooks } = routedTo(incident, routes, enabled);
      const known = this.#known.get(incident.id);
      if (webhooks.every((webhook) => known?.has(webhook))) continue;
      const fresh = this.#freshOf(incident.id, webhooks);
      this.#outbox.record({ kind: 'opened', incident }, fresh, by.wallMs);
      looks += 1;
      if (looks === MOST_AT_ONCE) break;
    }
    // After any, again at once: there may be more, and the disk may refuse what was written.
    this.#lookAtMs = looks > 0 ? by.monotonicMs : by.monotonicMs + LOOK_EVERY_MS;
  }

  /** An incident is over. */
  forget(incidentId: string): void {
    this.#known.delete(incidentId);
  }

  #freshOf(id: string, webhooks: readonly string[]): readonly string[] {
    // Read before anything is written here: what is remembered must outlive a rollback.
    const told = this.#toldOf(id);
    this.#known.set(id, told);
    return webhooks.filter((webhook) => !told.has(webhook));
  }
}
