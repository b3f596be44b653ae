import {
  readinessOf,
  tracksOf,
  type Claim,
  type Condition,
  type Plan,
  type Readiness,
  type ReadinessStation,
  type Site,
} from '@ppe-pulse/protocol';
import {
  allClaims,
  check,
  fullSite,
  healthyStations,
  morningMs,
  placed,
  plan,
} from './readiness-cases.ts';

/** The ППЭ of these tests, with all that there can be. */
export const site = fullSite();

/** What of a healthy ППЭ is otherwise. */
export interface Change {
  readonly site?: Site;
  readonly plan?: Plan;
  readonly stations?: readonly ReadinessStation[];
  readonly claims?: readonly Claim[];
  readonly nowMs?: number;
}

/** What a healthy ППЭ with these changes is judged from. */
export function input(change: Change) {
  const { nowMs = morningMs, plan: byPlan = plan, site: here = site } = change;
  const stations = change.stations ?? healthyStations(here, nowMs);
  return {
    site: here,
    plan: byPlan,
    tracks: tracksOf(byPlan, here),
    stations: placed(here, stations),
    claims: change.claims ?? allClaims(),
    nowMs,
    versions: { agent: '0.5.0', plan: 3 },
  };
}

export function judge(change: Change): Readiness {
  return readinessOf(input(change));
}

export function one(id: string, change: Change): Condition {
  const found = judge(change).conditions.find((each) => each.id === id);
  if (!found) throw new Error(`condition ${id} does not apply`);
  return found;
}

export function changed(
  change: (station: ReadinessStation) => ReadinessStation,
): ReadinessStation[] {
  return healthyStations(site, morningMs).map(change);
}

/** Replaces one check, its evidence and all. */
export function withCheck(
  station: ReadinessStation,
  id: string,
  verdict: Condition['verdict'],
  reason: string,
): ReadinessStation {
  const checks = station.checks.map((each) =>
    each.id === id ? check(id, { verdict, reason }) : each,
  );
  return { ...station, checks };
}

export function withProof(station: ReadinessStation, proofAgeMs: number): ReadinessStation {
  const checks = station.checks.map((each) =>
    each.id === 'printer.state' ? { ...each, evidence: { proofAgeMs } } : each,
  );
  return { ...station, checks };
}

export function without(station: ReadinessStation, id: string): ReadinessStation {
  return { ...station, checks: station.checks.filter((each) => each.id !== id) };
}

/** The site without its stations of scanning: the rooms scan. */
export function scanningInRooms(here: Site): Site {
  const rooms = here.rooms.map((room) => ({
    ...room,
    workstations: room.workstations.filter(({ role }) => role !== 'scan'),
  }));
  return { ...here, rooms };
}
