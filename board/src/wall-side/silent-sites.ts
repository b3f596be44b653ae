import type { LiveSite, LiveState, LiveWorkstation } from '@ppe-pulse/protocol';
import { perSite } from '../live/once-for.ts';

/** ППЭ that nobody hears. */
export interface SilentSites {
  /** Those that were heard and fell silent as a whole, by code. */
  readonly silent: readonly string[];
  /** Those that take part and were never heard. */
  readonly neverHeard: readonly string[];
  /** All that should be heard: they take part, and the plan does not isolate them. */
  readonly expected: number;
}

/** Who is silent of the ППЭ that should be heard. Pure. */
export function silentSitesOf({
  sites,
  registry,
}: Pick<LiveState, 'sites' | 'registry'>): SilentSites {
  const silent: string[] = [];
  const neverHeard: string[] = [];
  let expected = 0;
  for (const [code, workstations] of sites) {
    const site = registry.get(code);
    if (!isExpected(workstations, site)) continue;
    expected += 1;
    if (isUnheard(workstations)) neverHeard.push(code);
    else if (isSilent(workstations)) silent.push(code);
  }
  return { silent, neverHeard, expected };
}

/** Every workstation that should be heard is not: a single one of twenty is not the ППЭ's silence. */
export const isSilent = perSite((workstations) => {
  const expected = workstations.filter(shouldBeHeard);
  return expected.length > 0 && expected.every(({ verdict }) => verdict === 'unknown');
});

const isUnheard = perSite((workstations) =>
  workstations.every(({ lastSeenMs }) => lastSeenMs === null),
);

/** When anybody there was last heard, ms since 1970 UTC; null for never. */
export function lastHeardMs(workstations: readonly LiveWorkstation[]): number | null {
  let lastMs: number | null = null;
  for (const { lastSeenMs } of workstations)
    if (lastSeenMs !== null && (lastMs === null || lastSeenMs > lastMs)) lastMs = lastSeenMs;
  return lastMs;
}

function isExpected(workstations: readonly LiveWorkstation[], site: LiveSite | undefined): boolean {
  if (site && site.kind !== 'ppe') return false;
  if (workstations.length === 0) return site !== undefined && site.isInvolved && site.planned > 0;
  return isAnyExpected(workstations);
}

const isAnyExpected = perSite((workstations) => workstations.some(shouldBeHeard));

function shouldBeHeard({ verdict }: LiveWorkstation): boolean {
  return verdict !== 'silentByRule' && verdict !== 'notInvolved';
}
