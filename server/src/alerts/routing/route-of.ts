import type { Incident, Phase } from '@ppe-pulse/protocol';
import { isWithin } from './hours.ts';
import { EVERYONE, type Route, type RouteMatch, type Routing } from './routing.ts';

/** What routes are held against beside the incident. */
export interface RoutingGround {
  /** Slug of a site's municipality; null for a site that the registry does not know. */
  readonly municipalityOf: (siteCode: string) => string | null;
  readonly phaseOf: (siteCode: string) => Phase;
  /** Of the region's clock. */
  readonly minuteOfDay: number;
}

/** What is to be done about an occasion of an incident. */
export interface RoutedTo {
  /** Told at once, each once. */
  readonly webhooks: readonly string[];
  /** Told in a digest, later. */
  readonly isInDigest: boolean;
}

/** Routes that hold for an incident: the first that matches, and on while they continue. Pure. */
export function routesOf(
  incident: Incident,
  { routes }: Routing,
  ground: RoutingGround,
): readonly Route[] {
  const holding: Route[] = [];
  for (const route of routes) {
    if (!matches(incident, route.match, ground)) continue;
    holding.push(route);
    if (!route.continues) break;
  }
  return holding;
}

/** Who is told an occasion; `enabled` are the ids of webhooks that are told anything. Pure. */
export function routedTo(
  incident: Incident,
  routes: readonly Route[],
  enabled: ReadonlySet<string>,
): RoutedTo {
  const direct = routes.filter((route) => !isCollected(incident, route));
  return {
    webhooks: named(
      direct.flatMap(({ webhooks }) => webhooks),
      enabled,
    ),
    isInDigest: direct.length < routes.length,
  };
}

/** A digest collects warnings only. */
export function isCollected({ severity }: Incident, { digest }: Route): boolean {
  return digest !== undefined && severity === 'warning';
}

/** The webhooks that a list names, those that are enabled, each once. */
export function named(ids: readonly string[], enabled: ReadonlySet<string>): readonly string[] {
  const all = ids.includes(EVERYONE) ? [...ids, ...enabled] : ids;
  return [...new Set(all)].filter((id) => enabled.has(id));
}

function matches(incident: Incident, match: RouteMatch, ground: RoutingGround): boolean {
  const { severity, kind, level } = incident;
  return (
    isIn(match.severities, severity) &&
    isIn(match.checks, kind) &&
    isIn(match.levels, level) &&
    isAnyIn(match.municipalities, municipalitiesOf(incident, ground), incident) &&
    isAnyIn(match.sites, incident.siteCodes, incident) &&
    isAnyIn(match.phases, incident.siteCodes.map(ground.phaseOf), incident) &&
    (match.hours === undefined || isWithin(match.hours, ground.minuteOfDay))
  );
}

function isIn<T>(wanted: readonly T[] | undefined, value: T): boolean {
  return wanted === undefined || wanted.includes(value);
}

/** An incident lists only so many sites: the others may be of any kind, and telling is the safe side. */
function isAnyIn<T>(
  wanted: readonly T[] | undefined,
  values: readonly (T | null)[],
  { sites, siteCodes }: Incident,
): boolean {
  if (wanted === undefined || sites > siteCodes.length) return true;
  return values.some((value) => value !== null && wanted.includes(value));
}

function municipalitiesOf(
  { municipality, siteCodes }: Incident,
  { municipalityOf }: RoutingGround,
): readonly (string | null)[] {
  return municipality === null ? siteCodes.map(municipalityOf) : [municipality];
}
