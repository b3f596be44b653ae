import {
  enrolmentStates,
  type EnrolmentAnswer,
  type EnrolmentsAnswer,
  type EnrolmentState,
} from './enrolment-shapes.ts';

/** The places of one ППЭ, and how many stand how. */
export interface SitePlaces {
  readonly siteCode: string;
  readonly places: readonly EnrolmentAnswer[];
  readonly counts: ReadonlyMap<EnrolmentState, number>;
}

/** By ППЭ in the order of codes. Pure. */
export function placesBySite(items: readonly EnrolmentAnswer[]): SitePlaces[] {
  const sites = new Map<string, EnrolmentAnswer[]>();
  for (const item of items) {
    const places = sites.get(item.siteCode);
    if (places) places.push(item);
    else sites.set(item.siteCode, [item]);
  }
  return [...sites]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([siteCode, places]) => ({ siteCode, places, counts: countsOf(places) }));
}

/**
 * A page without the ППЭ that its end cuts: it comes whole with the next page, and its counts are true. Of
 * a page that one ППЭ fills nothing is left out. Pure.
 */
export function wholeSites({
  items,
  nextCursor,
}: EnrolmentsAnswer): Pick<EnrolmentsAnswer, 'items' | 'nextCursor'> {
  if (nextCursor === undefined) return { items };
  const cut = items.at(-1)?.siteCode;
  const whole = items.filter(({ siteCode }) => siteCode !== cut);
  const last = whole.at(-1);
  return last ? { items: whole, nextCursor: last.codeId } : { items, nextCursor };
}

/** The longest wait first. Pure. */
export function byWait(items: readonly EnrolmentAnswer[]): EnrolmentAnswer[] {
  const since = ({ askers }: EnrolmentAnswer): string => askers[0]?.askedAt ?? '';
  return [...items].sort((a, b) => since(a).localeCompare(since(b)));
}

/** In the order of states, none that nobody stands in. */
function countsOf(places: readonly EnrolmentAnswer[]): Map<EnrolmentState, number> {
  const counts = enrolmentStates.map(
    (state) => [state, places.filter((place) => place.state === state).length] as const,
  );
  return new Map(counts.filter(([, count]) => count > 0));
}
