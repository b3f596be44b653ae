import type { Incident, IncidentLevel } from '@ppe-pulse/protocol';
import { isSetAside, waitsForSomebody } from '../incidents/order.ts';

const wideLevels: ReadonlySet<IncidentLevel> = new Set([
  'collector',
  'region',
  'municipality',
  'provider',
]);

/** True for an incident of more than one site, or of the collector itself. */
export function isWide({ level }: Pick<Incident, 'level'>): boolean {
  return wideLevels.has(level);
}

/**
 * The wall's order: criticals before warnings before what people set aside; among them those that
 * nobody has before those that somebody has, and wide ones before narrow ones. Those that wait stand
 * newest first: what has just happened is what the room does not know yet; the rest oldest first.
 * One that ends keeps its place for as long as it is shown. Pure.
 */
export function wallOrder(incidents: Iterable<Incident>): Incident[] {
  return [...incidents].sort(
    (a, b) =>
      rankOf(a) - rankOf(b) ||
      (hasNobody(a) ? b.openedAtMs - a.openedAtMs : a.openedAtMs - b.openedAtMs) ||
      Number(a.id.slice(2)) - Number(b.id.slice(2)),
  );
}

/** Nobody took it and nobody was named; one that people set aside waits for nobody. */
export function isOwnerless(incident: Incident): boolean {
  return waitsForSomebody(incident) && incident.assignee === null;
}

/** What the head of the list counts. */
export interface IncidentTally {
  readonly open: number;
  readonly ownerless: number;
  readonly critical: number;
  readonly setAside: number;
}

/** Counts of open incidents. Pure. */
export function tallyOf(incidents: Iterable<Incident>): IncidentTally {
  const tally = { open: 0, ownerless: 0, critical: 0, setAside: 0 };
  for (const incident of incidents) {
    if (incident.resolvedAtMs !== null) continue;
    tally.open += 1;
    if (isOwnerless(incident)) tally.ownerless += 1;
    if (incident.severity === 'critical') tally.critical += 1;
    if (isSetAside(incident)) tally.setAside += 1;
  }
  return tally;
}

function rankOf(incident: Incident): number {
  if (isSetAside(incident)) return 8;
  const severity = incident.severity === 'critical' ? 0 : 4;
  return severity + (hasNobody(incident) ? 0 : 2) + (isWide(incident) ? 0 : 1);
}

function hasNobody({ acknowledgedAtMs, assignee }: Incident): boolean {
  return acknowledgedAtMs === null && assignee === null;
}
