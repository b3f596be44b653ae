import {
  matchPlanned,
  type EnrolledWorkstation,
  type Involvement,
  type PlannedMatch,
  type Region,
  type Site,
} from '@ppe-pulse/protocol';

/** Planned versus seen, counted over the region. */
export interface PlaceCounts {
  /** Planned ones of sites that take part. */
  readonly planned: number;
  readonly notYetHeard: number;
  readonly unplanned: number;
  /** Planned ones that no agent stands for. */
  readonly missing: { readonly involved: number; readonly notInvolved: number };
}

/** One site's part of the counts. */
interface SitePlaces {
  readonly match: PlannedMatch;
  readonly planned: number;
}

const nobody: PlannedMatch = { matched: new Map(), notYetHeard: [], unplanned: [] };

/** Who stands in which planned place; matched anew only at the site where something changed. */
export class Places {
  #sites = new Map<string, Site>();
  readonly #enrolled = new Map<string, Map<string, EnrolledWorkstation>>();
  readonly #siteOf = new Map<string, string>();
  readonly #known = new Map<string, SitePlaces>();

  setRegion(region: Region): void {
    this.#sites = new Map(region.sites.map((site) => [site.code, site]));
    this.#known.clear();
  }

  /** A workstation was enrolled, moved or first heard. Answers the sites where places changed. */
  put(workstation: EnrolledWorkstation): string[] {
    const { siteCode } = workstation.placement;
    const before = this.#siteOf.get(workstation.id);
    if (before !== undefined && before !== siteCode) {
      this.#enrolled.get(before)?.delete(workstation.id);
      this.#known.delete(before);
    }
    const here = this.#enrolled.get(siteCode) ?? new Map<string, EnrolledWorkstation>();
    this.#enrolled.set(siteCode, here);
    here.set(workstation.id, workstation);
    this.#siteOf.set(workstation.id, siteCode);
    this.#known.delete(siteCode);
    return before === undefined || before === siteCode ? [siteCode] : [before, siteCode];
  }

  /** A workstation is enrolled no more. Answers the sites where places changed. */
  drop(id: string): string[] {
    const siteCode = this.#siteOf.get(id);
    if (siteCode === undefined) return [];
    this.#siteOf.delete(id);
    this.#enrolled.get(siteCode)?.delete(id);
    this.#known.delete(siteCode);
    return [siteCode];
  }

  find(workstationId: string): EnrolledWorkstation | undefined {
    return this.#enrolled.get(this.#siteOf.get(workstationId) ?? '')?.get(workstationId);
  }

  at(siteCode: string): Iterable<EnrolledWorkstation> {
    return this.#enrolled.get(siteCode)?.values() ?? [];
  }

  /** The site as the registry has it. */
  siteOf(siteCode: string): Site | undefined {
    return this.#sites.get(siteCode);
  }

  matchOf(siteCode: string): PlannedMatch {
    return this.#of(siteCode).match;
  }

  plannedAt(siteCode: string): number {
    return this.#of(siteCode).planned;
  }

  /** `involvementOf` undefined for a region without a plan: all of its sites take part. */
  counts(
    involvementOf: ((siteCode: string) => Involvement | undefined) | null,
    hasSite: (siteCode: string) => boolean,
  ): PlaceCounts {
    let [planned, notYetHeard, unplanned, involved, notInvolved] = [0, 0, 0, 0, 0];
    for (const code of this.#sites.keys()) {
      if (!hasSite(code)) continue;
      const { match, planned: here } = this.#of(code);
      const missing = here - match.matched.size;
      unplanned += match.unplanned.length;
      if (involvementOf && involvementOf(code)?.verdict !== 'takesPart') {
        notInvolved += missing;
        continue;
      }
      planned += here;
      notYetHeard += match.notYetHeard.length;
      involved += missing;
    }
    for (const [code, here] of this.#enrolled)
      if (!this.#sites.has(code) && hasSite(code)) unplanned += here.size;
    return { planned, notYetHeard, unplanned, missing: { involved, notInvolved } };
  }

  /** Agents that no planned place is left for, of known sites and of unknown ones. */
  unplanned(): string[] {
    return [...this.#enrolled].flatMap(([code, here]) =>
      this.#sites.has(code) ? [...this.#of(code).match.unplanned] : [...here.keys()],
    );
  }

  #of(siteCode: string): SitePlaces {
    const known = this.#known.get(siteCode);
    if (known) return known;
    const site = this.#sites.get(siteCode);
    const fresh = site
      ? { match: matchPlanned(site, this.at(siteCode)), planned: plannedOf(site) }
      : { match: nobody, planned: 0 };
    this.#known.set(siteCode, fresh);
    return fresh;
  }
}

function plannedOf({ rooms }: Site): number {
  return rooms.reduce((sum, { workstations }) => sum + workstations.length, 0);
}
