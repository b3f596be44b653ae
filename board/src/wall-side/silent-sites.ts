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
    const heard = hearingOf(workstations);
    if (!isExpected(heard, workstations, site)) continue;
    expected += 1;
    if (heard.isUnheard) neverHeard.push(code);
    else if (heard.isSilent) silent.push(code);
  }
  return { silent, neverHeard, expected };
}

/** Every workstation that should be heard is not: a single one of twenty is not the ППЭ's silence. */
export function isSilent(workstations: readonly LiveWorkstation[]): boolean {
  return hearingOf(workstations).isSilent;
}

interface Hearing {
  readonly isSilent: boolean;
  readonly isUnheard: boolean;
  readonly isAnyExpected: boolean;
}

/** In one record: of a country's thousands of sites each is looked up once. */
const hearingOf = perSite((workstations): Hearing => {
  const expected = workstations.filter(shouldBeHeard);
  return {
    isSilent: expected.length > 0 && expected.every(({ verdict }) => verdict === 'unknown'),
    isUnheard: workstations.every(({ lastSeenMs }) => lastSeenMs === null),
    isAnyExpected: expected.length > 0,
  };
});

/** When anybody there was last heard, ms since 1970 UTC; null for never. */
export function lastHeardMs(workstations: readonly LiveWorkstation[]): number | null {
  let lastMs: number | null = null;
  for (const { lastSeenMs } of workstations)
    if (lastSeenMs !== null && (lastMs === null || lastSeenMs > lastMs)) lastMs = lastSeenMs;
  return lastMs;
}

function isExpected(
  heard: Hearing,
  workstations: readonly LiveWorkstation[],
  site: LiveSite | undefined,
): boolean {
  if (site && site.kind !== 'ppe') return false;
  if (workstations.length === 0) return site !== undefined && site.isInvolved && site.planned > 0;
  return heard.isAnyExpected;
}

function shouldBeHeard({ verdict }: LiveWorkstation): boolean {
  return verdict !== 'silentByRule' && verdict !== 'notInvolved';
}
