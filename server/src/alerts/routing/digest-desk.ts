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
      const collected = warnings
        .filter(({ incident, routes }) => routes.includes(route) && isCollected(incident, route))
        .map(({ incident }) => incident);
      if (collected.length > 0) this.#tellRoute(route, worstFirst(collected), wallMs);
    }
  }

  /** A receiver that came later is told of all; those who know the same have one event. */
  #tellRoute(route: Route, collected: readonly Incident[], wallMs: number): void {
    const webhooks = named(route.webhooks, this.#outbox.enabled());
    if (webhooks.length === 0) return this.#outbox.count('noWebhook');
    const known = new Map(
      collected.map(({ id }) => [id, this.#marks.subjects(id, 'critical')] as const),
    );
    const groups = new Map<string, { readonly listed: readonly Incident[]; to: string[] }>();
    for (const webhook of webhooks) {
      const isFresh = (each: Incident): boolean =>
        // Who was told that it is critical knows more than a digest says.
        known.get(each.id)?.has(webhook) !== true &&
        !this.#marks.isListed(each.id, { route: route.name, webhook }, stateOf(each));
      const listed = collected.filter(isFresh).slice(0, MAX_LISTED);
      const key = listed.map(({ id }) => id).join(' ');
      const group = groups.get(key) ?? { listed, to: [] };
      group.to.push(webhook);
      groups.set(key, group);
    }
    for (const { listed, to } of groups.values()) this.#tellGroup(route, { listed, to }, wallMs);
  }

  #tellGroup(
    { name: route }: Route,
    { listed, to }: { readonly listed: readonly Incident[]; readonly to: readonly string[] },
    wallMs: number,
  ): void {
    const worst = listed[0];
    if (!worst) return;
    this.#outbox.record({ kind: 'digest', incident: worst, digest: listed }, to, wallMs);
    for (const incident of listed)
      for (const webhook of to)
        this.#marks.list(
          incident.id,
          { route, webhook },
          { state: stateOf(incident), atMs: wallMs },
        );
  }
}
