import {
  metricValue,
  type Fleet,
  type MetricValue,
  type Placement,
  type Region,
  type Site,
} from '@ppe-pulse/protocol';
import type { Enrolments } from '../state/enrolments.ts';
import type { EmPlace } from './em-job.ts';

/**
 * Sites that could take part: the ППЭ of the region, and those that only enrolments know. Before
 * there is a plan, `isInvolved` is undefined and all of them are.
 */
export function emPlaces(
  region: Pick<Region, 'sites'> | undefined,
  enrolments: Pick<Enrolments, 'list'>,
  isInvolved: ((site: Site) => boolean) | undefined,
): readonly EmPlace[] {
  const sites = region?.sites ?? [];
  const known = new Set(sites.map(({ code }) => code));
  const planned = sites
    .filter(({ kind }) => kind === 'ppe')
    .map((site) => ({
      siteCode: site.code,
      municipality: site.municipality,
      isInvolved: isInvolved?.(site) ?? true,
      contractBytesPerSecond: site.contractBytesPerSecond,
    }));
  const others = enrolments
    .list()
    .filter(({ placement }) => placement.role === 'hq' && !known.has(placement.siteCode))
    .map(({ placement }) => placement.siteCode);
  const unplanned = [...new Set(others)].map((siteCode) => ({
    siteCode,
    municipality: '',
    isInvolved: isInvolved === undefined,
    contractBytesPerSecond: null,
  }));
  return [...planned, ...unplanned];
}

/** Stations of each site's Штаб, the main one first. */
export function emStations(
  enrolments: Pick<Enrolments, 'list'>,
): ReadonlyMap<string, readonly string[]> {
  const stations = new Map<string, string[]>();
  const ordered = enrolments
    .list()
    .filter(({ placement }) => placement.role === 'hq')
    .sort((a, b) => rank(a.placement) - rank(b.placement) || (a.id < b.id ? -1 : 1));
  for (const { id, placement } of ordered) {
    const ofSite = stations.get(placement.siteCode);
    if (ofSite) ofSite.push(id);
    else stations.set(placement.siteCode, [id]);
  }
  return stations;
}

/** The newest measured speed of each site's line, bytes a second. */
export function emLines(fleet: Pick<Fleet, 'all'>): ReadonlyMap<string, number> {
  const newest = new Map<string, MetricValue>();
  for (const { placement, metrics } of fleet.all()) {
    if (placement.role !== 'hq') continue;
    const found = metricValue(metrics, 'net.down.bytesPerSecond');
    const known = newest.get(placement.siteCode);
    if (found && (!known || found.atMs > known.atMs)) newest.set(placement.siteCode, found);
  }
  return new Map([...newest].map(([siteCode, { value }]) => [siteCode, value]));
}

function rank({ duty }: Pick<Placement, 'duty'>): number {
  return duty === 'main' ? 0 : 1;
}
