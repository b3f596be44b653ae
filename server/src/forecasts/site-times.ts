import {
  involvementIn,
  planTimes,
  type Plan,
  type PlanTime,
  type Region,
  type Site,
  type StageId,
  type StageTrack,
} from '@ppe-pulse/protocol';

/** What a plan asks of one site. Times are ms since 1970 UTC. */
export interface SiteAims {
  readonly municipality: string;
  readonly contractBytesPerSecond: number | null;
  /** Null where the site prints nothing. */
  readonly print: {
    readonly startMs: number;
    readonly limitMs: number | null;
    readonly sets: number;
    readonly pagesPerSet: number;
    readonly pagesPerMinute: number;
  } | null;
  /** Null where no exam materials are due. */
  readonly em: {
    readonly openFromMs: number;
    readonly deadlineMs: number | null;
    readonly bytes: number;
  } | null;
  /** When the cameras must be on: the uplink carries its load from then. */
  readonly videoMs: number | null;
}

/** Aims of sites under one plan and one region; undefined for a site that takes no part. */
export function siteAims(plan: Plan, region: Region): (siteCode: string) => SiteAims | undefined {
  const times = planTimes(plan);
  const involved = involvementIn(plan);
  const sites = new Map(region.sites.map((site) => [site.code, site]));
  const aims = new Map<string, SiteAims | undefined>();
  const aimsOf = (site: Site): SiteAims | undefined => {
    const { verdict, tracks } = involved(site);
    if (verdict === 'notInvolved') return undefined;
    const zone = site.timeZone ?? region.timeZone;
    const atOf =
      (track: StageTrack | null) =>
      (time: PlanTime | null): number | null =>
        time === null ? null : times.at(time, zone, track);
    const at = atOf(null);
    const holdsExams = tracks.some((track) => track !== 'video');
    const openFromMs = at(plan.emPackage.openFrom);
    return {
      municipality: site.municipality,
      contractBytesPerSecond: site.contractBytesPerSecond,
      print: tracks.includes('written') ? printAims(plan, atOf('written')) : null,
      em:
        holdsExams && openFromMs !== null && plan.emPackage.bytes > 0
          ? { openFromMs, deadlineMs: at(plan.emPackage.deadline), bytes: plan.emPackage.bytes }
          : null,
      videoMs: dueOf(plan, 'videoOn', at) ?? dueOf(plan, 'camsOn', at),
    };
  };
  return (siteCode) => {
    if (aims.has(siteCode)) return aims.get(siteCode);
    const site = sites.get(siteCode);
    const found = site && aimsOf(site);
    // Codes that the region does not know are not remembered: whoever asks could make them up.
    if (site) aims.set(siteCode, found);
    return found;
  };
}

function printAims(plan: Plan, at: (time: PlanTime | null) => number | null): SiteAims['print'] {
  const startMs = at(plan.print.startAt);
  if (startMs === null) return null;
  return {
    startMs,
    limitMs: dueOf(plan, 'printing', at),
    sets: plan.print.setsPerRoom,
    pagesPerSet: plan.print.pagesPerSet,
    pagesPerMinute: plan.print.pagesPerMinute,
  };
}

/** A stage that has no deadline of its own is late from amber on. */
function dueOf(
  plan: Plan,
  id: StageId,
  at: (time: PlanTime | null) => number | null,
): number | null {
  const stage = plan.stages.find((each) => each.id === id);
  return stage ? at(stage.due ?? stage.amber ?? stage.red) : null;
}
