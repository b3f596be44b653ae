import type { Census } from './census.ts';
import type { IncidentLevel } from './incident.ts';
import type { AlertRule } from './rules.ts';
import {
  covers,
  leafNode,
  municipalityNode,
  providerNode,
  regionNode,
  roomNode,
  siteNode,
  stationNode,
  type StationPlace,
  type TreeNode,
} from './tree.ts';

/** A fault of one cause, as far as its reach is asked for. */
export interface Failing {
  readonly checkId: string;
  readonly place: StationPlace;
  /** When it began, monotonic. */
  readonly sinceMs: number;
}

/** Onsets further apart than this have no common cause: each site's after the one before. */
export const SITES_WINDOW_MS = 2 * 60_000;
/** Inside a site things break one after the other: a corridor's switch, a shared tray of paper. */
export const SITE_WINDOW_MS = 5 * 60_000;
/** Of a site's workstations (of a room's, of a group's sites) so many must fail for the same reason. */
const SITE_SHARE = 0.5;
const ROOM_SHARE = 0.6;
const GROUP_SHARE = 0.3;
const REGION_SHARE = 0.4;
/** Fewer sites are a coincidence. */
const GROUP_SITES = 3;
/** So many sites within the window are none, whatever their share. */
const SURE_SITES = 5;
const SURE_REGION_SITES = 10;
/** A group explains an outbreak when it holds so much of it. */
const EXPLAINS = 0.8;
/** A wider incident ends when less than this part of what opened it is left. */
const KEEPS = 0.5;

/** What failed, of which kind, among whom; `open` are the nodes of wider incidents of this cause. */
export interface Outbreak<F extends Failing> {
  readonly rule: AlertRule;
  readonly failing: readonly F[];
  readonly census: Census;
  readonly open: readonly TreeNode[];
}

/**
 * The node that each fault of one cause belongs to: the widest whose parts fail together. What an open
 * incident covers stays with it. Pure.
 */
export function reachOf<F extends Failing>(outbreak: Outbreak<F>): Map<F, TreeNode> {
  const reach = new Map<F, TreeNode>();
  const left = (): F[] => outbreak.failing.filter((fault) => !reach.has(fault));
  /** All that is below it, also what began long before: nothing is told twice. */
  const put = (node: TreeNode): void => {
    for (const fault of left()) if (covers(node, fault.place)) reach.set(fault, node);
  };
  const keep = (wanted: IncidentLevel): void => {
    for (const node of outbreak.open) if (node.level === wanted) put(node);
  };
  // The widest first; on each level what is open already before what might be.
  keep('region');
  const wider = outbreak.rule.foldsUpTo === 'region' ? widerNodes(outbreak, left()) : [];
  for (const node of wider) if (node === regionNode) put(node);
  keep('provider');
  keep('municipality');
  for (const node of wider) put(node);
  keep('site');
  for (const [siteCode, faults] of bySite(left()))
    if (bursts(faults, SITE_WINDOW_MS).some((burst) => isSite(outbreak, siteCode, burst)))
      put(siteNode(siteCode));
  keep('room');
  for (const room of byRoom(left())) {
    const place = room[0]?.place;
    if (place && bursts(room, SITE_WINDOW_MS).some((burst) => isRoom(outbreak, place, burst)))
      put(roomNode(place.siteCode, place.roomCode));
  }
  for (const own of groupBy(left(), ({ place }) => place.stationId).values())
    for (const fault of own)
      reach.set(
        fault,
        own.length > 1
          ? stationNode(fault.place.stationId)
          : leafNode(fault.place.stationId, fault.checkId),
      );
  return reach;
}

/** True while what is left still speaks for one cause at the node. Pure. */
export function stillCovers(
  node: TreeNode,
  { rule, failing, census }: Omit<Outbreak<Failing>, 'open'>,
): boolean {
  const stations = stationsOf(failing).size;
  const first = failing[0]?.place;
  if (!first) return false;
  switch (node.level) {
    case 'region':
    case 'municipality':
    case 'provider': {
      const sites = wholeSites({ rule, failing, census }).size;
      const share = node.level === 'region' ? REGION_SHARE : GROUP_SHARE;
      const all = census.sitesWhere((place) => covers(node, place), rule.kind);
      return sites >= Math.min(SURE_SITES, Math.max(2, Math.ceil(all * share * KEEPS)));
    }
    case 'site':
      return stations >= Math.max(2, census.atSite(first.siteCode, rule.kind) * SITE_SHARE * KEEPS);
    case 'room': {
      const here = census.atRoom(first.siteCode, first.roomCode, rule.kind);
      return stations >= Math.max(2, here * ROOM_SHARE * KEEPS);
    }
    case 'station':
    case 'device':
    case 'collector':
      return true;
  }
}

/** Parts of the region that explain an outbreak, the best first. */
function widerNodes<F extends Failing>(
  outbreak: Outbreak<F>,
  failing: readonly F[],
): Set<TreeNode> {
  const found = new Set<TreeNode>();
  const sites = [...wholeSites({ ...outbreak, failing }).values()].map((faults) => ({
    faults,
    sinceMs: Math.min(...faults.map(({ sinceMs }) => sinceMs)),
  }));
  for (const burst of bursts(sites, SITES_WINDOW_MS)) {
    if (burst.length < GROUP_SITES) continue;
    let left = burst;
    for (const { node, isEnough } of candidates(outbreak, burst)) {
      const inside = left.filter(({ faults }) => faults[0] && covers(node, faults[0].place));
      if (!isEnough(inside.length, burst.length)) continue;
      found.add(node);
      left = left.filter((site) => !inside.includes(site));
    }
  }
  return found;
}

interface Candidate {
  readonly node: TreeNode;
  readonly isEnough: (inside: number, all: number) => boolean;
}

/**
 * Nodes that may explain an outbreak, the best first: a municipality or a provider that holds nearly
 * all of it, then the region, then parts that explain their own share.
 */
function candidates<F extends Failing>(
  { rule, census }: Outbreak<F>,
  burst: readonly { readonly faults: readonly F[] }[],
): Candidate[] {
  const places = burst.flatMap(({ faults }) => faults.slice(0, 1).map(({ place }) => place));
  const nodes = new Map<string, TreeNode>();
  for (const { municipality, provider } of places) {
    if (provider !== null) nodes.set(`p ${provider}`, providerNode(provider));
    if (municipality !== null) nodes.set(`m ${municipality}`, municipalityNode(municipality));
  }
  const parts = [...nodes.values()]
    .map((node) => ({
      node,
      inside: places.filter((place) => covers(node, place)).length,
      all: census.sitesWhere((place) => covers(node, place), rule.kind),
    }))
    .filter(({ inside }) => inside >= GROUP_SITES)
    .sort((a, b) => b.inside - a.inside || b.inside / b.all - a.inside / a.all);
  const isPart = (all: number) => (inside: number) =>
    inside >= GROUP_SITES && (inside >= SURE_SITES || inside / all >= GROUP_SHARE);
  const whole = parts.map(({ node, all }) => ({
    node,
    isEnough: (inside: number, ofBurst: number) =>
      inside >= ofBurst * EXPLAINS && isPart(all)(inside),
  }));
  const inRegion = census.sitesWhere(() => true, rule.kind);
  const region: Candidate = {
    node: regionNode,
    isEnough: (inside, ofBurst) =>
      inside === ofBurst &&
      inside >= GROUP_SITES &&
      (inside >= SURE_REGION_SITES || inside / inRegion >= REGION_SHARE),
  };
  return [...whole, region, ...parts.map(({ node, all }) => ({ node, isEnough: isPart(all) }))];
}

/** Sites that fail as a whole, with their faults. */
function wholeSites<F extends Failing>({
  rule,
  failing,
  census,
}: Omit<Outbreak<F>, 'open'>): Map<string, F[]> {
  const sites = bySite(failing);
  for (const [code, faults] of sites) {
    const all = census.atSite(code, rule.kind);
    if (stationsOf(faults).size < all * SITE_SHARE) sites.delete(code);
  }
  return sites;
}

function isSite<F extends Failing>(
  { rule, census }: Outbreak<F>,
  siteCode: string,
  faults: readonly F[],
): boolean {
  const failing = stationsOf(faults).size;
  const all = census.atSite(siteCode, rule.kind);
  // Two of five rooms are two faults; two of three PCs are one.
  return (
    failing >= 2 && failing >= all * SITE_SHARE && (failing >= 3 || all <= 4) && rooms(faults) > 1
  );
}

function isRoom<F extends Failing>(
  { rule, census }: Outbreak<F>,
  { siteCode, roomCode }: StationPlace,
  faults: readonly F[],
): boolean {
  const failing = stationsOf(faults).size;
  return failing >= 2 && failing >= census.atRoom(siteCode, roomCode, rule.kind) * ROOM_SHARE;
}

function rooms(faults: readonly Failing[]): number {
  return new Set(faults.map(({ place }) => place.roomCode)).size;
}

function stationsOf(faults: readonly Failing[]): Set<string> {
  return new Set(faults.map(({ place }) => place.stationId));
}

/** Parts of a list whose members began one soon after the other. */
function bursts<T extends { readonly sinceMs: number }>(
  all: readonly T[],
  windowMs: number,
): T[][] {
  const sorted = [...all].sort((a, b) => a.sinceMs - b.sinceMs);
  const found: T[][] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const each of sorted) {
    if (each.sinceMs - lastMs > windowMs) found.push([]);
    found.at(-1)?.push(each);
    lastMs = each.sinceMs;
  }
  return found;
}

function bySite<F extends Failing>(failing: readonly F[]): Map<string, F[]> {
  return groupBy(failing, ({ place }) => place.siteCode);
}

function byRoom<F extends Failing>(failing: readonly F[]): Iterable<F[]> {
  return groupBy(failing, ({ place }) => `${place.siteCode} ${place.roomCode}`).values();
}

function groupBy<T>(all: readonly T[], keyOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const key = keyOf(each);
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  return groups;
}
