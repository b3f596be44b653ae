import { percentiles, type Percentiles } from '../em/results.ts';
import type { Forecast } from './forecast.ts';

/** One site's package: here already, forecast, or unknown. */
export interface EmOfSite {
  readonly siteCode: string;
  readonly municipality: string;
  readonly doneAtMs: number | null;
  /** Undefined once it is here, and where nothing is known. */
  readonly forecast: Forecast | undefined;
  readonly deadlineMs: number | null;
  /** Measured or received; null for never. */
  readonly bytesPerSecond: number | null;
}

/** Packages of some sites. */
export interface EmArrivals {
  readonly sites: number;
  /** Here already. */
  readonly done: number;
  /** Nothing is known of them: never measured, no contract. */
  readonly unknown: number;
  /** Here, or in the middle of their range, after the deadline. */
  readonly late: number;
  /** When it is here: the truth, or the middle of the forecast. */
  readonly finishMs: Percentiles | null;
  readonly bytesPerSecond: Percentiles | null;
  /** The last one by that time. */
  readonly slowest: { readonly siteCode: string; readonly finishMs: number } | null;
}

/** The region's packages, and each municipality's, the last one first. */
export interface EmRegion {
  readonly all: EmArrivals;
  readonly municipalities: readonly (EmArrivals & { readonly municipality: string })[];
}

/** Sums the sites up. */
export function emRegion(sites: readonly EmOfSite[]): EmRegion {
  const groups = new Map<string, EmOfSite[]>();
  for (const site of sites) {
    const group = groups.get(site.municipality);
    if (group) group.push(site);
    else groups.set(site.municipality, [site]);
  }
  const municipalities = [...groups]
    .map(([municipality, members]) => ({ municipality, ...emArrivals(members) }))
    .sort((a, b) => (b.slowest?.finishMs ?? 0) - (a.slowest?.finishMs ?? 0));
  return { all: emArrivals(sites), municipalities };
}

function emArrivals(sites: readonly EmOfSite[]): EmArrivals {
  const ends = sites.flatMap((site) => {
    const finishMs = site.doneAtMs ?? site.forecast?.mid;
    return finishMs === undefined ? [] : [{ site, finishMs }];
  });
  const last = ends.reduce<(typeof ends)[number] | undefined>(
    (latest, each) => (latest && latest.finishMs >= each.finishMs ? latest : each),
    undefined,
  );
  return {
    sites: sites.length,
    done: sites.filter(({ doneAtMs }) => doneAtMs !== null).length,
    unknown: sites.length - ends.length,
    late: ends.filter(({ site, finishMs }) => finishMs > (site.deadlineMs ?? finishMs)).length,
    finishMs: percentiles(ends.map(({ finishMs }) => finishMs)),
    bytesPerSecond: percentiles(sites.flatMap(({ bytesPerSecond }) => bytesPerSecond ?? [])),
    slowest: last ? { siteCode: last.site.siteCode, finishMs: last.finishMs } : null,
  };
}
