import {
  dayPhasesOf,
  involvementIn,
  phaseAt,
  planTimes,
  type DayPhases,
  type Phase,
  type Plan,
  type Region,
  type Site,
} from '@ppe-pulse/protocol';

/** Where the phases come from. */
export interface SitePhasesParts {
  /** The plan that holds; null for none. */
  readonly plan: () => Plan | null;
  readonly region: () => Region;
  /** The rehearsal's clock, ms since 1970 UTC. */
  readonly nowMs: () => number;
}

/**
 * The phase of a site's day, by the plan and the region that hold when it is asked. Asked for every
 * open incident every few seconds: what a site's day is made of is worked out once.
 */
export function createSitePhases(parts: SitePhasesParts): (siteCode: string) => Phase {
  let plan: Plan | null = null;
  let region: Region | undefined;
  let days = new Map<string, DayPhases | null>();
  let dayOf: (siteCode: string) => DayPhases | null = () => null;
  return (siteCode) => {
    const [livePlan, liveRegion] = [parts.plan(), parts.region()];
    if (livePlan !== plan || liveRegion !== region) {
      plan = livePlan;
      region = liveRegion;
      days = new Map();
      dayOf = daysOf(livePlan, liveRegion);
    }
    let day = days.get(siteCode);
    if (day === undefined) days.set(siteCode, (day = dayOf(siteCode)));
    return phaseAt(day, parts.nowMs());
  };
}

function daysOf(plan: Plan | null, region: Region): (siteCode: string) => DayPhases | null {
  if (plan === null) return () => null;
  const sites = new Map<string, Site>(region.sites.map((site) => [site.code, site]));
  const involvement = involvementIn(plan);
  const times = planTimes(plan);
  return (siteCode) => {
    const site = sites.get(siteCode);
    if (!site) return null;
    const { verdict, tracks } = involvement(site);
    if (verdict !== 'takesPart') return null;
    return dayPhasesOf({ plan, times, timeZone: site.timeZone ?? region.timeZone, tracks });
  };
}
