import { involvementIn } from '../plan/involvement.ts';
import type { Plan } from '../plan/plan.ts';
import { planTimes } from '../plan/plan-times.ts';
import type { PlannedMatch } from '../region/match-planned.ts';
import type { Region, Site } from '../region/region.ts';
import type { Claim } from '../stages/stage.ts';
import type { Verdict } from '../truth.ts';
import type { ReadinessMoments, WantedVersions } from './condition.ts';
import { readinessMoments } from './moments.ts';
import type { Readiness } from './readiness.ts';
import { noVersions } from './readiness-of.ts';
import { SiteBook, type ReadinessSummary, type SiteSetting, type Standing } from './site-book.ts';
import type { ReadinessStation } from './station.ts';

/** What of a book outlives a restart: since when. Plain JSON. */
export interface ReadinessSnapshot {
  readonly version: 1;
  /** By site, by condition: its verdict, and since when it stands so. */
  readonly sites: Readonly<Record<string, Readonly<Record<string, readonly [Verdict, number]>>>>;
}

/**
 * The readiness of a whole region, kept up to date. Nothing is judged before the first `tick` or
 * question after a load, so that a start with 100,000 workstations judges every site once, and a
 * condition that merely was not loaded yet does not lose since when it stands.
 *
 * A workstation is judged at the site of its placement; one of a site that the region does not know
 * is kept, for a region that does.
 */
export class ReadinessBook {
  readonly #sites = new Map<string, SiteBook>();
  readonly #siteOf = new Map<string, string>();
  /** Workstations and claims of sites that the region does not have. */
  readonly #strangers = new Map<string, ReadinessStation>();
  readonly #strangeClaims = new Map<string, Claim>();
  readonly #changed = new Set<string>();
  /** Of sites that are not laid out yet. */
  readonly #remembered = new Map<string, ReadonlyMap<string, Standing>>();
  #region: Region | null = null;
  #plan: Plan | null = null;
  #versions: WantedVersions = noVersions;

  /** Another region: what is known of workstations and claims is placed anew. */
  setRegion(region: Region): void {
    this.#region = region;
    this.#lay();
  }

  /** Another plan, or an edit of it; null for none: then no site has conditions. */
  setPlan(plan: Plan | null, versions: WantedVersions = this.#versions): void {
    this.#plan = plan;
    this.#versions = versions;
    this.#lay();
  }

  /** A workstation that is new or changed. */
  station(next: ReadinessStation, nowMs: number): void {
    const { siteCode } = next.placement;
    const known = this.#siteOf.get(next.id);
    if (known !== undefined && known !== siteCode) this.forget(next.id, nowMs);
    this.#siteOf.set(next.id, siteCode);
    const site = this.#sites.get(siteCode);
    if (!site) this.#strangers.set(next.id, next);
    else if (site.station(next, nowMs)) this.#changed.add(siteCode);
  }

  /** A workstation whose key was revoked. */
  forget(id: string, nowMs: number): void {
    const siteCode = this.#siteOf.get(id);
    this.#siteOf.delete(id);
    this.#strangers.delete(id);
    if (siteCode !== undefined && this.#sites.get(siteCode)?.remove(id, nowMs) === true)
      this.#changed.add(siteCode);
  }

  claim(claim: Claim, nowMs: number): void {
    const site = this.#sites.get(claim.siteCode);
    if (!site) this.#strangeClaims.set(keyOf(claim), claim);
    else if (site.claim(claim, nowMs)) this.#changed.add(claim.siteCode);
  }

  /** Judges what waits to be judged, and what time has changed. */
  tick(nowMs: number): void {
    for (const [code, site] of this.#sites) if (site.tick(nowMs)) this.#changed.add(code);
  }

  /** Sites whose conditions say another thing than at the last call; ages alone do not count. */
  takeChanged(): Set<string> {
    const taken = new Set(this.#changed);
    this.#changed.clear();
    return taken;
  }

  /** The readiness of a site; undefined for one that the region does not have. */
  of(siteCode: string, nowMs: number): Readiness | undefined {
    return this.#sites.get(siteCode)?.readiness(nowMs);
  }

  /** «17 of 19», for an overview of thousands. */
  summaryOf(siteCode: string, nowMs: number): ReadinessSummary | undefined {
    return this.#sites.get(siteCode)?.summary(nowMs);
  }

  /** Who of a site's planned workstations is there. */
  matchOf(siteCode: string): PlannedMatch | undefined {
    return this.#sites.get(siteCode)?.match;
  }

  /** Codes of the region's sites. */
  codes(): IterableIterator<string> {
    return this.#sites.keys();
  }

  snapshot(): ReadinessSnapshot {
    const sites: Record<string, Record<string, readonly [Verdict, number]>> = {};
    for (const [code, site] of this.#sites) {
      const standings = [...site.standings()];
      if (standings.length === 0) continue;
      sites[code] = Object.fromEntries(
        standings.map(([id, { verdict, sinceMs }]) => [id, [verdict, sinceMs] as const]),
      );
    }
    return { version: 1, sites };
  }

  /** Takes a snapshot of an earlier run; to be called before the first `tick`. */
  restore({ sites }: ReadinessSnapshot): void {
    for (const [code, conditions] of Object.entries(sites)) {
      const standings = new Map(
        Object.entries(conditions).map(([id, [verdict, sinceMs]]) => [id, { verdict, sinceMs }]),
      );
      const site = this.#sites.get(code);
      if (site) site.remember(standings);
      else this.#remembered.set(code, standings);
    }
  }

  /** Lays the sites out for region and plan; without both there are none. Nothing is judged here. */
  #lay(): void {
    const region = this.#region;
    const plan = this.#plan;
    const sites = region && plan ? region.sites : [];
    const codes = new Set(sites.map(({ code }) => code));
    for (const [code, site] of this.#sites) if (!codes.has(code)) this.#strand(code, site);
    if (!region || !plan) return;
    const factsOf = factsIn(region, plan, this.#versions);
    for (const site of sites) {
      const known = this.#sites.get(site.code);
      if (known) known.renew(factsOf(site));
      else this.#sites.set(site.code, this.#opened(site.code, factsOf(site)));
    }
    this.#welcomeStrangers();
  }

  #opened(code: string, facts: SiteSetting): SiteBook {
    const site = new SiteBook(facts);
    site.remember(this.#remembered.get(code) ?? new Map());
    this.#remembered.delete(code);
    return site;
  }

  #strand(code: string, site: SiteBook): void {
    const { stations, claims } = site.told();
    for (const station of stations) this.#strangers.set(station.id, station);
    for (const claim of claims) this.#strangeClaims.set(keyOf(claim), claim);
    this.#remembered.set(code, site.standings());
    this.#sites.delete(code);
    this.#changed.add(code);
  }

  /** New sites are not judged yet, so the time at which they hear of strangers does not matter. */
  #welcomeStrangers(): void {
    for (const [id, station] of this.#strangers) {
      const site = this.#sites.get(station.placement.siteCode);
      if (!site) continue;
      site.station(station, 0);
      this.#strangers.delete(id);
    }
    for (const [key, claim] of this.#strangeClaims) {
      const site = this.#sites.get(claim.siteCode);
      if (!site) continue;
      site.claim(claim, 0);
      this.#strangeClaims.delete(key);
    }
  }
}

/** Facts of sites under one plan; moments are worked out once a zone. */
function factsIn(
  region: Region,
  plan: Plan,
  versions: WantedVersions,
): (site: Site) => SiteSetting {
  const times = planTimes(plan);
  const involvement = involvementIn(plan);
  const moments = new Map<string, ReadinessMoments>();
  return (site) => {
    const timeZone = site.timeZone ?? region.timeZone;
    const known = moments.get(timeZone) ?? readinessMoments(plan, times, timeZone);
    moments.set(timeZone, known);
    return { site, plan, versions, tracks: involvement(site).tracks, moments: known };
  };
}

function keyOf({ siteCode, roomCode, track, stage }: Claim): string {
  return `${siteCode} ${roomCode ?? ''} ${track} ${stage}`;
}
