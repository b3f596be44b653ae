import { enrolmentStates, type EnrolmentAnswer, type EnrolmentState } from './enrolment-shapes.ts';

/** The places of one ППЭ, and how many stand how. */
export interface SitePlaces {
  readonly siteCode: string;
  readonly places: readonly EnrolmentAnswer[];
  readonly counts: ReadonlyMap<EnrolmentState, number>;
}

/** By ППЭ in the order of codes; `search` is the beginning of a code. Pure. */
export function placesBySite(items: readonly EnrolmentAnswer[], search: string): SitePlaces[] {
  const sites = new Map<string, EnrolmentAnswer[]>();
  for (const item of items) {
    if (!item.siteCode.startsWith(search.trim())) continue;
    const places = sites.get(item.siteCode);
    if (places) places.push(item);
    else sites.set(item.siteCode, [item]);
  }
  return [...sites]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([siteCode, places]) => ({ siteCode, places, counts: countsOf(places) }));
}

/** Places where a person must decide: the longest wait first. Pure. */
export function undecided(items: readonly EnrolmentAnswer[]): EnrolmentAnswer[] {
  const since = ({ askedAt, enrolledAt }: EnrolmentAnswer): string => askedAt ?? enrolledAt ?? '';
  return items
    .filter(({ state }) => state === 'pending' || state === 'replaceAsked')
    .sort((a, b) => since(a).localeCompare(since(b)));
}

/** In the order of states, none that nobody stands in. */
function countsOf(places: readonly EnrolmentAnswer[]): Map<EnrolmentState, number> {
  const counts = enrolmentStates.map(
    (state) => [state, places.filter((place) => place.state === state).length] as const,
  );
  return new Map(counts.filter(([, count]) => count > 0));
}
