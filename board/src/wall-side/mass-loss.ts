import type { Incident, IncidentLevel, LiveMunicipality, LiveState } from '@ppe-pulse/protocol';
import { dayClockOf } from '../incidents/day-clock.ts';
import { municipalityLabels } from './municipality-names.ts';
import { isSilent, lastHeardMs, silentSitesOf } from './silent-sites.ts';

/** Fewer sites than this are lines as any other. */
export const MASS_SITES = 3;
/** Onsets further apart on the clock of the day have no common cause; the engine folds by the same window. */
const TOGETHER_MS = 2 * 60_000;

const massLevels: ReadonlySet<IncidentLevel> = new Set(['region', 'municipality', 'provider']);

/** One fault of many sites, told once. */
export interface MassLoss {
  readonly incident: Incident;
  /** Nobody hears them; false for a fault of another kind. */
  readonly isSilence: boolean;
  readonly sites: number;
  /** Of all ППЭ that should be heard, of another fault of all sites that take part; null for unknown. */
  readonly share: number | null;
  /** Of the wall's clock, from the first that fell silent to the last; null where it cannot be told. */
  readonly fellWithinMs: number | null;
  /** Those hit, by municipality, the most first. */
  readonly rows: readonly MassLossRow[];
  /** Municipalities that hold some of it, and those with sites that are all heard. */
  readonly hitMunicipalities: number;
  readonly wholeMunicipalities: number;
  /** Those hit lie side by side on the schematic map: a line that they share. */
  readonly areNeighbours: boolean;
}

export interface MassLossRow {
  readonly slug: string;
  readonly label: string;
  readonly hit: number;
  readonly total: number;
}

type Picture = Pick<LiveState, 'incidents' | 'sites' | 'registry' | 'municipalities' | 'overview'>;

/**
 * The widest incident of many sites, silence before other faults; undefined where there is none. An
 * incident lists 40 sites at most: how many there are it counts itself, where they are the picture
 * tells. Pure.
 */
export function massLossOf(picture: Picture): MassLoss | undefined {
  const [incident] = [...picture.incidents.values()]
    .filter(({ level, sites }) => massLevels.has(level) && sites >= MASS_SITES)
    .sort((a, b) => rankOf(a) - rankOf(b) || b.sites - a.sites || a.openedAtMs - b.openedAtMs);
  if (!incident) return undefined;
  const codes = hitCodes(incident, picture);
  const rows = rowsOf(codes, picture);
  const isSilence = incident.kind === 'heartbeat';
  // Of silence the banner above the wall tells a share, too: of those that should be heard.
  const outOf = isSilence
    ? silentSitesOf(picture).expected
    : (picture.overview?.sites.involved ?? 0);
  const hit = new Set(rows.map(({ slug }) => slug));
  return {
    incident,
    isSilence,
    sites: incident.sites,
    share: outOf > 0 ? Math.min(1, incident.sites / outOf) : null,
    fellWithinMs: isSilence ? fellWithinMs(codes, picture) : null,
    rows,
    hitMunicipalities: hit.size,
    wholeMunicipalities: [...heardMunicipalities(picture)].filter((slug) => !hit.has(slug)).length,
    areNeighbours: areNeighbours(picture.municipalities.filter(({ slug }) => hit.has(slug))),
  };
}

/** True for two that read alike: the picture changes four times a second. */
export function isSameLoss(a: MassLoss | undefined, b: MassLoss | undefined): boolean {
  if (!a || !b) return a === b;
  return (
    a.incident === b.incident &&
    a.share === b.share &&
    a.fellWithinMs === b.fellWithinMs &&
    a.wholeMunicipalities === b.wholeMunicipalities &&
    a.rows.length === b.rows.length &&
    a.rows.every(({ slug, hit, total }, at) => {
      const other = b.rows[at];
      return other?.slug === slug && other.hit === hit && other.total === total;
    })
  );
}

function rankOf({ kind }: Incident): number {
  return kind === 'heartbeat' ? 0 : 1;
}

/** Codes that it reaches: its own list, and where that is cut every silent site below its node. */
function hitCodes(incident: Incident, { sites, registry }: Picture): readonly string[] {
  const { siteCodes, level, municipality, kind } = incident;
  if (kind !== 'heartbeat' || siteCodes.length >= incident.sites) return siteCodes;
  const codes = new Set(siteCodes);
  for (const [code, workstations] of sites) {
    const home = registry.get(code)?.municipalitySlug;
    const isBelow = level !== 'municipality' || home === municipality;
    if (isBelow && isSilent(workstations)) codes.add(code);
  }
  return [...codes];
}

function rowsOf(codes: readonly string[], { registry, municipalities }: Picture): MassLossRow[] {
  const labels = municipalityLabels(municipalities);
  const hit = new Map<string, number>();
  const total = new Map<string, number>();
  const names = new Map<string, string>();
  for (const { municipalitySlug: slug, municipality, isInvolved } of registry.values()) {
    if (!isInvolved) continue;
    total.set(slug, (total.get(slug) ?? 0) + 1);
    names.set(slug, labels.get(slug) ?? municipality);
  }
  for (const code of codes) {
    const slug = registry.get(code)?.municipalitySlug;
    if (slug !== undefined) hit.set(slug, (hit.get(slug) ?? 0) + 1);
  }
  return [...hit]
    .map(([slug, count]) => ({
      slug,
      label: names.get(slug) ?? slug,
      hit: count,
      total: Math.max(count, total.get(slug) ?? 0),
    }))
    .sort((a, b) => b.hit - a.hit || (a.label < b.label ? -1 : 1));
}

/** Municipalities in which every site that takes part is heard: one that is silent by itself is not. */
function heardMunicipalities({ registry, sites }: Picture): ReadonlySet<string> {
  const heard = new Set<string>();
  const unheard = new Set<string>();
  for (const { code, municipalitySlug, isInvolved } of registry.values()) {
    if (!isInvolved) continue;
    const workstations = sites.get(code) ?? [];
    const isHeard = workstations.length > 0 && !isSilent(workstations);
    (isHeard ? heard : unheard).add(municipalitySlug);
  }
  return new Set([...heard].filter((slug) => !unheard.has(slug)));
}

/** How fast it went: of those that fell together; one that was silent since morning is left out. */
function fellWithinMs(codes: readonly string[], { sites, overview }: Picture): number | null {
  const togetherMs = dayClockOf(overview).wallSpanMs(TOGETHER_MS);
  const last = codes
    .flatMap((code) => lastHeardMs(sites.get(code) ?? []) ?? [])
    .sort((a, b) => a - b);
  const middle = last[Math.floor(last.length / 2)];
  if (middle === undefined || last.length < 2) return null;
  const together = last.filter((ms) => Math.abs(ms - middle) <= togetherMs);
  const first = together[0] ?? middle;
  return (together.at(-1) ?? middle) - first;
}

/** True when their tiles hang together; two tiles touch also by a corner. */
function areNeighbours(municipalities: readonly LiveMunicipality[]): boolean {
  const tiles = municipalities.flatMap(({ tile }) => tile ?? []);
  const [first] = tiles;
  if (!first || tiles.length < 2 || tiles.length < municipalities.length) return false;
  const reached = new Set([first]);
  for (const from of reached)
    for (const to of tiles)
      if (Math.abs(from.col - to.col) <= 1 && Math.abs(from.row - to.row) <= 1) reached.add(to);
  return reached.size === tiles.length;
}
