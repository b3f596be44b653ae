import {
  verdictWeight,
  worstVerdict,
  type LiveSite,
  type LiveState,
  type LiveWorkstation,
  type Verdict,
} from '@ppe-pulse/protocol';

/** The verdict of a ППЭ: its worst workstation's, the registry's word where there is none. */
export function siteVerdict(
  workstations: readonly LiveWorkstation[],
  site: LiveSite | undefined,
): Verdict {
  if (workstations.length === 0 && site?.isInvolved === false) return 'notInvolved';
  return worstVerdict(workstations.map((each) => each.verdict));
}

/** What tiles are made of. */
export type ShownSites = Pick<LiveState, 'sites' | 'registry'>;

/** Codes worst first, then by number: the order people look for trouble in. */
export function worstFirst({ sites, registry }: ShownSites): string[] {
  const weighed = [...sites].map(([code, workstations]) => ({
    code,
    weight: verdictWeight(siteVerdict(workstations, registry.get(code))),
  }));
  return weighed
    .sort((a, b) => b.weight - a.weight || (a.code < b.code ? -1 : 1))
    .map((each) => each.code);
}

/** An order that stays where it was: known codes keep their places, new ones come at the end. */
export function keepOrder(order: readonly string[], sites: LiveState['sites']): string[] {
  const known = order.filter((code) => sites.has(code));
  const added = [...sites.keys()].filter((code) => !order.includes(code)).sort();
  return [...known, ...added];
}

/** One line of the list of problems. */
export interface SiteProblem {
  readonly workstation: LiveWorkstation;
  readonly checkId: string;
  readonly verdict: Verdict;
  readonly reason: string;
}

/** Every problem of every workstation, worst first. */
export function problemsOf(sites: LiveState['sites']): SiteProblem[] {
  const all = [...sites.values()].flatMap((workstations) =>
    workstations.flatMap((workstation) =>
      workstation.problems.map(({ id, verdict, reason }) => ({
        workstation,
        checkId: id,
        verdict,
        reason,
      })),
    ),
  );
  return all.sort(
    (a, b) =>
      verdictWeight(b.verdict) - verdictWeight(a.verdict) ||
      (a.workstation.placement.siteCode < b.workstation.placement.siteCode ? -1 : 1),
  );
}
