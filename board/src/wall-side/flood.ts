import type { Incident } from '@ppe-pulse/protocol';
import { isOwnerless, isWide } from './side-order.ts';

/** What an operator can still work off: more in this time is a flood (EEMUA 191). */
export const FLOOD_WINDOW_MS = 10 * 60_000;
export const FLOOD_FROM = 10;
/** It is over at half of that: a wall that turns to and fro at the limit helps nobody. */
export const FLOOD_UNTIL = 5;

/** What a group of incidents has in common. */
export type FloodCause =
  /** A wide incident is a cause by itself. */
  | { readonly by: 'incident' }
  | { readonly by: 'kind'; readonly kind: string; readonly municipality: string | null }
  | { readonly by: 'municipality'; readonly municipality: string };

/** Incidents of one cause. */
export interface FloodGroup {
  readonly cause: FloodCause;
  /** The first that happened: what came after it may be its consequence. */
  readonly first: Incident;
  readonly incidents: readonly Incident[];
  readonly isCritical: boolean;
  readonly ownerless: number;
  /** Codes of the sites that are hit. */
  readonly sites: number;
  /** The very first of the flood. */
  readonly isFirstOut: boolean;
}

/** How many incidents opened within the window; `folded` ones live on in a wider one. Pure. */
export function openedLately(
  { open, ended }: { readonly open: Iterable<Incident>; readonly ended: readonly Incident[] },
  nowMs: number,
): number {
  const isLate = ({ openedAtMs }: Incident): boolean => nowMs - openedAtMs < FLOOD_WINDOW_MS;
  const isOwn = ({ resolution }: Incident): boolean => resolution !== 'folded';
  return (
    [...open].filter(isLate).length + ended.filter((each) => isLate(each) && isOwn(each)).length
  );
}

/** Whether the wall is in flood, which it leaves later than it came into it. Pure. */
export function isFlood(lately: number, wasFlood: boolean): boolean {
  return wasFlood ? lately > FLOOD_UNTIL : lately > FLOOD_FROM;
}

/**
 * Incidents grouped by what they have in common: wide ones as they are, then again and again the kind
 * of check or the municipality that holds most of what is left. On top the group of the very first,
 * then criticals that nobody has, then other criticals; equal ones by
 * when each began. Pure.
 */
export function floodGroups(incidents: Iterable<Incident>, nowMs: number): FloodGroup[] {
  const all = [...incidents];
  const firstOut = firstOf(all.filter(({ openedAtMs }) => nowMs - openedAtMs < FLOOD_WINDOW_MS));
  const groups = all
    .filter(isWide)
    .map((incident) => groupOf({ by: 'incident' }, [incident], firstOut));
  let left = all.filter((incident) => !isWide(incident));
  while (left.length > 0) {
    const members = largest(left);
    groups.push(groupOf(causeOf(members), members, firstOut));
    const inGroup = new Set(members.map(({ id }) => id));
    left = left.filter(({ id }) => !inGroup.has(id));
  }
  const rank = ({ isFirstOut, isCritical, ownerless }: FloodGroup): number =>
    isFirstOut ? 0 : isCritical ? (ownerless > 0 ? 1 : 2) : 3;
  return groups.sort((a, b) => rank(a) - rank(b) || a.first.openedAtMs - b.first.openedAtMs);
}

/** The kind or the municipality with most of them; of equal ones the kind, which names the fault. */
function largest(left: readonly Incident[]): readonly Incident[] {
  const groups = new Map<string, Incident[]>();
  const put = (key: string, incident: Incident): void => {
    const group = groups.get(key);
    if (group) group.push(incident);
    else groups.set(key, [incident]);
  };
  for (const incident of left) put(`kind ${incident.kind}`, incident);
  for (const incident of left)
    if (incident.municipality !== null) put(`municipality ${incident.municipality}`, incident);
  let found: readonly Incident[] = left.slice(0, 1);
  for (const group of groups.values()) if (group.length > found.length) found = group;
  return found;
}

function causeOf(members: readonly Incident[]): FloodCause {
  const kinds = new Set(members.map(({ kind }) => kind));
  const homes = new Set(members.map(({ municipality }) => municipality));
  const [kind = ''] = kinds;
  const [home = null] = homes;
  if (kinds.size === 1) return { by: 'kind', kind, municipality: homes.size === 1 ? home : null };
  return { by: 'municipality', municipality: home ?? '' };
}

function groupOf(
  cause: FloodCause,
  incidents: readonly Incident[],
  firstOut: Incident | undefined,
): FloodGroup {
  const first = firstOf(incidents);
  if (!first) throw new Error('a group of incidents has none');
  const sites = new Set(
    incidents.flatMap(({ siteCodes, siteCode }) => (siteCode === null ? siteCodes : [siteCode])),
  );
  return {
    cause,
    first,
    incidents,
    isCritical: incidents.some(({ severity }) => severity === 'critical'),
    ownerless: incidents.filter(isOwnerless).length,
    sites: Math.max(sites.size, ...incidents.map((each) => each.sites)),
    isFirstOut: firstOut !== undefined && incidents.some(({ id }) => id === firstOut.id),
  };
}

function firstOf(incidents: readonly Incident[]): Incident | undefined {
  return [...incidents].sort((a, b) => a.openedAtMs - b.openedAtMs)[0];
}
