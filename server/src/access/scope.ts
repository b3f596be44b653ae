import type { Incident, Region, Site } from '@ppe-pulse/protocol';
import { reachOf, type Principal, type Reach } from './principal.ts';

/** The sites that somebody may see, and what of the rest follows from them. */
export interface Scope {
  /** Says the same for those who see the same. */
  readonly key: string;
  readonly reach: Reach;
  /** The whole region, and what no site is of. */
  readonly isWhole: boolean;
  hasSite(siteCode: string): boolean;
  /** Codes of its sites; empty for the whole region, which has no end. */
  siteCodes(): readonly string[];
  /** It is the municipality of one of its sites, or its own. */
  hasMunicipality(slug: string): boolean;
  /** A provider of one of its sites. */
  hasProvider(name: string): boolean;
  /** It is of these sites alone: who may act there may act on it. */
  owns(incident: Incident): boolean;
  /**
   * The incident as far as it is of these sites, undefined where it is of none. One that is wider is
   * shown, or half a municipality would be red without a word why; other sites are not named.
   */
  shown(incident: Incident): Incident | undefined;
}

export const wholeRegion: Scope = {
  key: 'region',
  reach: { kind: 'region' },
  isWhole: true,
  hasSite: () => true,
  siteCodes: () => [],
  hasMunicipality: () => true,
  hasProvider: () => true,
  owns: () => true,
  shown: (incident) => incident,
};

/** Scopes by the region that holds now. */
export function createScopes(region: () => Region): (principal: Principal) => Scope {
  const codesOf = municipalityCodes(region);
  return (principal) => {
    const reach = reachOf(principal);
    switch (reach.kind) {
      case 'region':
        return wholeRegion;
      case 'municipality':
        return narrowScope(reach, () => codesOf(reach.slug), region);
      case 'site':
        return narrowScope(
          reach,
          always(new Set([reach.siteCode].filter((code) => code !== ''))),
          region,
        );
    }
  };
}

function narrowScope(
  reach: Exclude<Reach, { kind: 'region' }>,
  codes: () => ReadonlySet<string>,
  region: () => Region,
): Scope {
  const hasSite = (code: string): boolean => codes().has(code);
  const isOwnMunicipality = (slug: string | null): boolean =>
    reach.kind === 'municipality' && reach.slug === slug;
  const owns = (incident: Incident): boolean =>
    incident.siteCode === null
      ? isOwnMunicipality(incident.municipality)
      : hasSite(incident.siteCode);
  const some = (is: (site: Site) => boolean): boolean =>
    region().sites.some((site) => hasSite(site.code) && is(site));
  return {
    key: reach.kind === 'site' ? `site:${reach.siteCode}` : `municipality:${reach.slug}`,
    reach,
    isWhole: false,
    hasSite,
    siteCodes: () => [...codes()],
    hasMunicipality: (slug) =>
      isOwnMunicipality(slug) || some(({ municipality }) => municipality === slug),
    hasProvider: (name) => some(({ provider }) => provider === name),
    owns,
    shown: (incident) => {
      if (owns(incident)) return incident;
      // Of another site, whatever it lists.
      if (incident.siteCode !== null) return undefined;
      const siteCodes = incident.siteCodes.filter(hasSite);
      if (siteCodes.length === 0) return undefined;
      const count = siteCodes.length;
      const { children, peakChildren } = incident;
      return {
        ...incident,
        siteCodes,
        sites: count,
        children: shareOf(children, incident, count),
        peakChildren: shareOf(peakChildren, incident, count),
        evidence: {},
      };
    },
  };
}

function always<T>(value: T): () => T {
  return () => value;
}

/** Nobody counted the workstations of a wide incident by site: these are as many as its sites' share. */
function shareOf(workstations: number, { sites }: Incident, own: number): number {
  return sites === 0 ? 0 : Math.min(workstations, Math.ceil((workstations * own) / sites));
}

/** Codes by municipality, of the region that holds. */
function municipalityCodes(current: () => Region): (slug: string) => ReadonlySet<string> {
  const nothing: ReadonlySet<string> = new Set();
  let region: Region | undefined;
  let bySlug = new Map<string, Set<string>>();
  return (slug) => {
    if (current() !== region) {
      region = current();
      bySlug = new Map();
      for (const { code, municipality } of region.sites)
        bySlug.set(municipality, (bySlug.get(municipality) ?? new Set()).add(code));
    }
    return bySlug.get(slug) ?? nothing;
  };
}
