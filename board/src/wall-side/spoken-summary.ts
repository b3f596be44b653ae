import type { Incident } from '@ppe-pulse/protocol';
import { isSetAside } from '../incidents/order.ts';
import { tallyOf, wallOrder, type IncidentTally } from './side-order.ts';

/** What one sentence of the wall is made of. */
export interface SpokenWall {
  readonly tally: IncidentTally;
  readonly worst: Incident | undefined;
}

/** Counts and the worst incident; what people set aside is not the worst. Pure. */
export function spokenWallOf(incidents: ReadonlyMap<string, Incident>): SpokenWall {
  const [worst] = wallOrder([...incidents.values()].filter((each) => !isSetAside(each)));
  return { tally: tallyOf(incidents.values()), worst };
}

/**
 * Criticals that were not there at the last look, drills and what is set aside left out: they may
 * interrupt a reader. At the first look nothing is new. Pure.
 */
export function newCriticals(
  known: ReadonlySet<string> | undefined,
  incidents: ReadonlyMap<string, Incident>,
): { readonly fresh: readonly Incident[]; readonly known: ReadonlySet<string> } {
  const criticals = [...incidents.values()].filter(
    (each) => each.severity === 'critical' && !each.isDrill && !isSetAside(each),
  );
  return {
    fresh: known ? criticals.filter(({ id }) => !known.has(id)) : [],
    known: new Set(criticals.map(({ id }) => id)),
  };
}
