import type { Incident } from '@ppe-pulse/protocol';
import type { DeskOutbox } from './desk-outbox.ts';
import { stateOf, worstFirst } from './digest-of.ts';
import type { Marks } from './marks.ts';
import { isCollected, named, routesOf, type RoutingGround } from './route-of.ts';
import type { Route, Routing } from './routing.ts';

const MINUTE_MS = 60_000;
/** Incidents of one digest; what is left over comes with the next. */
const MAX_LISTED = 500;

/** Tells warnings together, each of its routes by its own clock. */
export class DigestDesk {
  readonly #marks: Marks;
  readonly #outbox: DeskOutbox;

  constructor(marks: Marks, outbox: DeskOutbox) {
    this.#marks = marks;
    this.#outbox = outbox;
  }

  /** Routes whose digest is due; `isSettled` is false soon after a start: all of them wait. */
  due(routes: readonly Route[], wallMs: number, isSettled: boolean): readonly Route[] {
    return routes.filter(({ name, digest }) => {
      if (!digest) return false;
      const lastAtMs = this.#marks.digestAt(name);
      // The first time begins now; so it does when the clock was set back.
      if (lastAtMs === null || lastAtMs > wallMs) {
        this.#marks.putDigestAt(name, wallMs);
        return false;
      }
      return isSettled && wallMs - lastAtMs >= digest.everyMinutes * MINUTE_MS;
    });
  }

  /** One event a route where something is new or became worse, worst first. */
  tell(
    due: readonly Route[],
    open: readonly Incident[],
    by: {
      readonly routing: Routing;
      readonly ground: RoutingGround;
      readonly wallMs: number;
    },
  ): void {
    const { routing, ground, wallMs } = by;
    const warnings = open
      .filter(({ severity }) => severity === 'warning')
      .map((incident) => ({ incident, routes: routesOf(incident, routing, ground) }));
    for (const route of due) {
      this.#marks.putDigestAt(route.name, wallMs);
      const fresh = warnings
        .filter(({ incident, routes }) => routes.includes(route) && isCollected(incident, route))
        .map(({ incident }) => incident)
        .filter((each) => !this.#marks.isListed(each.id, route.name, stateOf(each)));
      const listed = worstFirst(fresh).slice(0, MAX_LISTED);
      const worst = listed[0];
      if (!worst) continue;
      const webhooks = named(route.webhooks, this.#outbox.enabled());
      if (webhooks.length === 0) {
        this.#outbox.count('noWebhook');
        continue;
      }
      this.#outbox.record({ kind: 'digest', incident: worst, digest: listed }, webhooks, wallMs);
      for (const incident of listed)
        this.#marks.list(incident.id, route.name, { state: stateOf(incident), atMs: wallMs });
    }
  }
}
