import type { LiveState } from '@ppe-pulse/protocol';
import { perSite } from '../live/once-for.ts';
import { silentSitesOf } from '../wall-side/silent-sites.ts';

/** What the kind of day is judged by beside the overview. Times of silences are the wall's. */
export interface DayFacts {
  /** ППЭ that should be heard, those that fell silent, and those that never spoke. */
  readonly expectedSites: number;
  readonly silentSites: number;
  readonly neverHeardSites: number;
  /** ППЭ in which the plan isolates somebody, how many workstations, and until when by the plan. */
  readonly ruledSites: number;
  readonly ruledWorkstations: number;
  readonly ruledUntilMs: number | null;
  /** ППЭ that take part, and those of them in which all is ready. */
  readonly involvedSites: number;
  readonly readySites: number;
  readonly simulatedSites: number;
  readonly drills: number;
  /** When the next silence that covers anything ends; null for none. */
  readonly silenceEndsAtMs: number | null;
}

type Picture = Pick<LiveState, 'sites' | 'registry' | 'incidents' | 'silences' | 'serverTimeMs'>;

/** The facts of a picture. Pure. */
export function dayFactsOf(state: Picture): DayFacts {
  const silence = silentSitesOf(state);
  return {
    expectedSites: silence.expected,
    silentSites: silence.silent.length,
    neverHeardSites: silence.neverHeard.length,
    ...signedOf(state),
    ...readyOf(state),
    drills: [...state.incidents.values()].filter(({ isDrill }) => isDrill).length,
    silenceEndsAtMs: nextEnd(state),
  };
}

/** True for facts that read alike. */
export function areSameFacts(a: DayFacts, b: DayFacts): boolean {
  return (Object.keys(a) as (keyof DayFacts)[]).every((key) => a[key] === b[key]);
}

function signedOf({
  sites,
  registry,
}: Picture): Pick<
  DayFacts,
  'ruledSites' | 'ruledWorkstations' | 'ruledUntilMs' | 'simulatedSites'
> {
  let [ruledSites, ruledWorkstations, simulatedSites] = [0, 0, 0];
  let ruledUntilMs: number | null = null;
  for (const [code, workstations] of sites) {
    const { ruled, isSimulated } = signsOf(workstations);
    if (isSimulated) simulatedSites += 1;
    if (ruled === 0) continue;
    ruledSites += 1;
    ruledWorkstations += ruled;
    // Rooms come back when their exam is over: that is when the plan lets them speak.
    for (const { stage, dueAtMs } of registry.get(code)?.stages ?? [])
      if (stage === 'examFinished' && dueAtMs !== null)
        ruledUntilMs = Math.max(ruledUntilMs ?? 0, dueAtMs);
  }
  return { ruledSites, ruledWorkstations, ruledUntilMs, simulatedSites };
}

/** In one record: of a country's thousands of sites each is looked up once. */
const signsOf = perSite((workstations) => ({
  ruled: workstations.filter(({ verdict }) => verdict === 'silentByRule').length,
  isSimulated: workstations.some(({ placement }) => placement.simulated),
}));

function readyOf({ registry }: Picture): Pick<DayFacts, 'involvedSites' | 'readySites'> {
  let [involvedSites, readySites] = [0, 0];
  for (const { kind, isInvolved, met, conditions } of registry.values()) {
    if (kind !== 'ppe' || !isInvolved) continue;
    involvedSites += 1;
    if (conditions > 0 && met === conditions) readySites += 1;
  }
  return { involvedSites, readySites };
}

function nextEnd({ silences, serverTimeMs }: Picture): number | null {
  const ends = silences
    .filter(
      ({ fromMs, toMs, covers }) => covers > 0 && fromMs <= serverTimeMs && serverTimeMs < toMs,
    )
    .map(({ toMs }) => toMs);
  return ends.length > 0 ? Math.min(...ends) : null;
}
