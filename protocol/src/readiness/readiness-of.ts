import type { Role } from '../placement.ts';
import type { Plan } from '../plan/plan.ts';
import { planTimes, type PlanTimes } from '../plan/plan-times.ts';
import type { Site } from '../region/region.ts';
import type { Claim, StageTrack } from '../stages/stage.ts';
import { readinessConditions } from './catalogue.ts';
import type {
  ConditionDefinition,
  Judged,
  PlannedStation,
  SiteFacts,
  WantedVersions,
} from './condition.ts';
import { readinessMoments } from './moments.ts';
import { spoilingVerdict } from './places.ts';
import type { Condition, Readiness } from './readiness.ts';
import type { ReadinessStation } from './station.ts';

/** What the readiness of one site is judged from. */
export interface ReadinessInput {
  readonly site: Site;
  readonly plan: Plan;
  /** Sets of stages that the site goes through; none: it takes no part. */
  readonly tracks: readonly StageTrack[];
  /** By id of the planned workstation, as `matchPlanned` puts them. */
  readonly stations: ReadonlyMap<string, ReadinessStation>;
  readonly claims: readonly Claim[];
  readonly nowMs: number;
  /** The region's zone, for a site that names none; the plan's where it is left out. */
  readonly regionTimeZone?: string;
  /** What agents should hold; a condition of an unknown version does not apply. */
  readonly versions?: WantedVersions;
  /** Resolved times of this plan, where the caller has them. */
  readonly times?: PlanTimes;
}

/** Nobody knows what agents should hold. */
export const noVersions: WantedVersions = { agent: null, plan: null };

/** The readiness of one site, judged from scratch: every condition stands so since now. */
export function readinessOf(input: ReadinessInput): Readiness {
  const { site, plan, nowMs, times = planTimes(plan) } = input;
  const facts: SiteFacts = {
    ...input,
    versions: input.versions ?? noVersions,
    moments: readinessMoments(plan, times, site.timeZone ?? input.regionTimeZone ?? plan.timeZone),
    planned: plannedByRole(site),
  };
  const judged = applicable(facts).map((each): Condition => ({
    ...shown(each, each.judge(facts, nowMs), nowMs),
    sinceMs: nowMs,
  }));
  return summed(site.code, judged);
}

/** The conditions that a site must hold, in the order of the catalogue; none where it takes no part. */
export function applicable(facts: SiteFacts): ConditionDefinition[] {
  if (facts.tracks.length === 0) return [];
  return readinessConditions.filter((each) => each.appliesTo(facts));
}

/** A condition as people read it, but for since when it stands so. */
export function shown(
  { id }: ConditionDefinition,
  judged: Judged,
  nowMs: number,
): Omit<Condition, 'sinceMs'> {
  const { verdict, reason, evidence, readAtMs, rooms } = judged;
  const ageMs = readAtMs === null ? null : Math.max(0, nowMs - readAtMs);
  return { id, verdict, reason, evidence, ageMs, rooms };
}

/** «17 of 19 conditions». */
export function summed(siteCode: string, conditions: readonly Condition[]): Readiness {
  return {
    siteCode,
    met: conditions.filter(({ verdict }) => verdict === 'ok').length,
    total: conditions.length,
    verdict: spoilingVerdict(conditions.map(({ verdict }) => verdict)),
    conditions,
  };
}

/** Planned workstations of a site by role, in the order of rooms. */
export function plannedByRole(site: Site): ReadonlyMap<Role, readonly PlannedStation[]> {
  const found = new Map<Role, PlannedStation[]>();
  for (const room of site.rooms) {
    for (const planned of room.workstations) {
      const known = found.get(planned.role);
      if (known) known.push({ room, planned });
      else found.set(planned.role, [{ room, planned }]);
    }
  }
  return found;
}
