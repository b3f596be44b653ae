import {
  verdictWeight,
  verdicts,
  type LiveSite,
  type LiveState,
  type LiveWorkstation,
  type Verdict,
  type VerdictCounts,
  noVerdicts,
} from '@ppe-pulse/protocol';
import { siteVerdict } from '../wall/tiles.ts';

/** What the model looks at. */
export type Looked = Pick<LiveState, 'sites' | 'registry' | 'municipalities'>;

/** A site and its cells among all. */
export interface CountrySite {
  readonly code: string;
  /** Place of its group in the list of groups. */
  readonly group: number;
  readonly firstRoom: number;
  readonly roomCodes: readonly string[];
}

/** A municipality, or a region, with its sites in the order of codes. */
export interface CountryGroup {
  readonly slug: string;
  readonly name: string;
  readonly sites: readonly number[];
}

/** How a cell is drawn: a verdict's index, or this for a room that is done with the stage in play. */
export const DONE_STATE = verdicts.length;
const UNKNOWN_STATE = verdicts.indexOf('unknown');

/** What an update found. */
export interface CountryChange {
  /** Other sites or rooms: everything has another place. */
  readonly isRebuilt: boolean;
  readonly rooms: readonly number[];
  readonly sites: readonly number[];
}

const nobody: readonly LiveWorkstation[] = [];
const nothing: CountryChange = { isRebuilt: false, rooms: [], sites: [] };

/** All rooms of all sites as numbers: what a canvas of a country is drawn from. */
export class CountryModel {
  #looked: Looked | undefined;
  /** Index of each site in the picture's own order, and what was seen there: one pass and no lookups. */
  #order = new Int32Array(0);
  #seen: (readonly LiveWorkstation[])[] = [];
  #groups: readonly CountryGroup[] = [];
  #sites: readonly CountrySite[] = [];
  #roomSites = new Int32Array(0);
  #roomStates = new Uint8Array(0);
  #siteStates = new Uint8Array(0);

  get groups(): readonly CountryGroup[] {
    return this.#groups;
  }
  get sites(): readonly CountrySite[] {
    return this.#sites;
  }
  /** State of every room. */
  get roomStates(): Uint8Array {
    return this.#roomStates;
  }
  /** State of every site: its worst room's. */
  get siteStates(): Uint8Array {
    return this.#siteStates;
  }
  /** The site that a room belongs to. */
  siteOfRoom(room: number): number {
    return this.#roomSites[room] ?? -1;
  }

  /** Looks at the picture again; only sites that are other objects there are looked into. */
  update(state: Looked): CountryChange {
    const before = this.#looked;
    if (
      before?.sites === state.sites &&
      before.registry === state.registry &&
      before.municipalities === state.municipalities
    )
      return nothing;
    this.#looked = state;
    if (!before || before.sites.size !== state.sites.size) return this.#build(state);
    if (before.municipalities !== state.municipalities) return this.#build(state);
    const rooms: number[] = [];
    const sites: number[] = [];
    const isRegistryKept = before.registry === state.registry;
    let place = 0;
    for (const [code, workstations] of state.sites) {
      const at = this.#order[place] ?? -1;
      const site = this.#sites[at];
      if (site?.code !== code) return this.#build(state);
      const isSeen = this.#seen[place] === workstations;
      this.#seen[place] = workstations;
      place += 1;
      if (isSeen && isRegistryKept) continue;
      const registered = state.registry.get(code);
      const wasRegistered = before.registry.get(code);
      if (isSeen && wasRegistered === registered) continue;
      const isMoved =
        wasRegistered?.municipalitySlug !== registered?.municipalitySlug ||
        !isSameList(roomCodesOf(workstations, registered), site.roomCodes);
      if (isMoved) return this.#build(state);
      if (this.#judge(at, workstations, registered, rooms)) sites.push(at);
    }
    return { isRebuilt: false, rooms, sites };
  }

  /** How the sites of each group stand. */
  counts(): VerdictCounts[] {
    return this.#groups.map(({ sites }) => {
      const counts = noVerdicts();
      for (const site of sites) counts[this.verdictOf(site)] += 1;
      return counts;
    });
  }

  verdictOf(site: number): Verdict {
    return verdicts[this.#siteStates[site] ?? UNKNOWN_STATE] ?? 'unknown';
  }

  #build(state: Looked): CountryChange {
    const sites: CountrySite[] = [];
    let firstRoom = 0;
    this.#groups = groupsOf(state).map(({ slug, name, codes }, group) => ({
      slug,
      name,
      sites: codes.map((code) => {
        const roomCodes = roomCodesOf(state.sites.get(code) ?? nobody, state.registry.get(code));
        sites.push({ code, group, firstRoom, roomCodes });
        firstRoom += roomCodes.length;
        return sites.length - 1;
      }),
    }));
    this.#sites = sites;
    const places = new Map(sites.map(({ code }, at) => [code, at]));
    this.#order = Int32Array.from(state.sites.keys(), (code) => places.get(code) ?? -1);
    this.#seen = [...state.sites.values()];
    this.#roomSites = new Int32Array(firstRoom);
    this.#roomStates = new Uint8Array(firstRoom);
    this.#siteStates = new Uint8Array(sites.length);
    for (const [at, site] of sites.entries()) {
      this.#roomSites.fill(at, site.firstRoom, site.firstRoom + site.roomCodes.length);
      this.#judge(at, state.sites.get(site.code) ?? nobody, state.registry.get(site.code), []);
    }
    return { isRebuilt: true, rooms: [], sites: [] };
  }

  /** Judges one site anew; adds the rooms that look different, and tells whether the site does. */
  #judge(
    at: number,
    workstations: readonly LiveWorkstation[],
    registered: LiveSite | undefined,
    changed: number[],
  ): boolean {
    const site = this.#sites[at];
    if (!site) return false;
    const worst = new Map<string, Verdict>();
    for (const { placement, verdict } of workstations) {
      const known = worst.get(placement.roomCode);
      if (known === undefined || verdictWeight(verdict) > verdictWeight(known))
        worst.set(placement.roomCode, verdict);
    }
    const without: Verdict = registered?.isInvolved === false ? 'notInvolved' : 'unknown';
    const done = new Set(registered?.rooms.flatMap(({ code, isDone }) => (isDone ? [code] : [])));
    for (const [nth, code] of site.roomCodes.entries()) {
      const verdict = worst.get(code) ?? without;
      const state = verdict === 'ok' && done.has(code) ? DONE_STATE : stateOf(verdict);
      if (this.#roomStates[site.firstRoom + nth] === state) continue;
      this.#roomStates[site.firstRoom + nth] = state;
      changed.push(site.firstRoom + nth);
    }
    const state = stateOf(siteVerdict(workstations, registered));
    if (this.#siteStates[at] === state) return false;
    this.#siteStates[at] = state;
    return true;
  }
}

/** A verdict of a newer collector is none that we know, and never passes for a good one. */
function stateOf(verdict: Verdict): number {
  const state = verdicts.indexOf(verdict);
  return state < 0 ? UNKNOWN_STATE : state;
}

/** Worst groups first, for those who read a table. */
export function worstGroups(
  groups: readonly CountryGroup[],
  counts: readonly VerdictCounts[],
): number[] {
  const order: readonly Verdict[] = ['fail', 'unknown', 'warn'];
  return groups
    .map((_, at) => at)
    .sort((a, b) => {
      for (const verdict of order) {
        const more = (counts[b]?.[verdict] ?? 0) - (counts[a]?.[verdict] ?? 0);
        if (more !== 0) return more;
      }
      return a - b;
    });
}

/** Rooms of one site by how they stand, for its tooltip. */
export function roomCounts(model: CountryModel, site: number): VerdictCounts {
  const counts = noVerdicts();
  const { firstRoom = 0, roomCodes = [] } = model.sites[site] ?? {};
  for (let at = firstRoom; at < firstRoom + roomCodes.length; at += 1) {
    const state = model.roomStates[at] ?? UNKNOWN_STATE;
    counts[state === DONE_STATE ? 'ok' : (verdicts[state] ?? 'unknown')] += 1;
  }
  return counts;
}

interface NamedCodes {
  readonly slug: string;
  readonly name: string;
  readonly codes: readonly string[];
}

/** In the order of the registry's municipalities; those of no municipality come last. */
function groupsOf({ sites, registry, municipalities }: Looked): NamedCodes[] {
  const bySlug = new Map<string, { name: string; codes: string[] }>(
    municipalities.map(({ slug, name, kind }) => [
      slug,
      { name: kind === '' ? name : `${name} ${kind}`, codes: [] },
    ]),
  );
  for (const code of [...sites.keys()].sort()) {
    const site = registry.get(code);
    const slug = site?.municipalitySlug ?? '';
    const group = bySlug.get(slug);
    if (group) group.codes.push(code);
    else bySlug.set(slug, { name: site?.municipality ?? '', codes: [code] });
  }
  return [...bySlug]
    .filter(([, { codes }]) => codes.length > 0)
    .map(([slug, { name, codes }]) => ({ slug, name, codes }));
}

/** By code; a site of no rooms has a nameless one, or it would not be seen. */
function roomCodesOf(
  workstations: readonly LiveWorkstation[],
  registered: LiveSite | undefined,
): readonly string[] {
  const codes = new Set(registered?.rooms.map(({ code }) => code));
  for (const { placement } of workstations) codes.add(placement.roomCode);
  return codes.size === 0 ? [''] : [...codes].sort();
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, at) => each === b[at]);
}
