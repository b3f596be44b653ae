import type { Overview } from '@ppe-pulse/protocol';
import type { DayFacts } from './day-facts.ts';

/** From this share of silent ППЭ on it is the day's own state, not a list of faults. */
export const MASS_SILENCE_SHARE = 0.3;
/** Three of four are no region: a few ППЭ that are silent are incidents. */
const MASS_SILENCE_SITES = 3;
/** A new version of the plan is told for so long. */
export const PLAN_TOLD_MS = 30_000;

/** What makes a day another than an ordinary one. Moments of the day are marked, others are the wall's. */
export type DayState =
  | { readonly kind: 'playedDay'; readonly speed: number }
  | { readonly kind: 'allSimulated' }
  | {
      readonly kind: 'massSilence';
      readonly silent: number;
      readonly expected: number;
      readonly share: number;
    }
  | { readonly kind: 'collectorInDoubt'; readonly token: string }
  | { readonly kind: 'noPlan' }
  | {
      readonly kind: 'beforeDay';
      /** Moment of the day. */
      readonly opensAtMs: number;
      readonly ready: number;
      readonly involved: number;
    }
  /** Moment of the day. */
  | { readonly kind: 'afterDay'; readonly closedAtMs: number }
  | { readonly kind: 'drill'; readonly incidents: number }
  | { readonly kind: 'someSimulated'; readonly sites: number; readonly workstations: number }
  | { readonly kind: 'planChanged'; readonly version: number }
  | { readonly kind: 'planEditing'; readonly by: string; readonly sinceMs: number }
  | {
      readonly kind: 'silences';
      readonly incidents: number;
      readonly nextEndsAtMs: number | null;
    }
  | {
      readonly kind: 'silentByRule';
      readonly sites: number;
      readonly workstations: number;
      /** Moment of the day. */
      readonly untilMs: number | null;
    }
  | { readonly kind: 'collectorWarns'; readonly token: string };

/** Facts that only a page that looked for a while knows. */
export interface SeenFacts extends DayFacts {
  /** When this page saw another version of the plan, of the wall's clock; null for never. */
  readonly planChangedAtMs: number | null;
}

/**
 * Everything that makes this day another than an ordinary one, what matters most first. While the day
 * runs as planned there is nothing. Pure.
 */
export function dayStatesOf(overview: Overview, facts: SeenFacts, nowMs: number): DayState[] {
  const { warnings } = overview;
  return [
    ...played(overview),
    ...warnings
      .filter((token) => doubts.has(token))
      .map((token): DayState => ({ kind: 'collectorInDoubt', token })),
    ...massSilence(overview, facts),
    ...partOfDay(overview, facts),
    ...(facts.drills > 0 ? ([{ kind: 'drill', incidents: facts.drills }] as const) : []),
    ...someSimulated(overview, facts),
    ...planOf(overview, facts, nowMs),
    ...silencesOf(overview, facts),
    ...(facts.ruledSites > 0
      ? ([
          {
            kind: 'silentByRule',
            sites: facts.ruledSites,
            workstations: facts.ruledWorkstations,
            untilMs: facts.ruledUntilMs,
          },
        ] as const)
      : []),
    ...warnings
      .filter((token) => !doubts.has(token))
      .map((token): DayState => ({ kind: 'collectorWarns', token })),
  ];
}

/** The picture itself may be wrong: we are blind, not they silent. */
const doubts: ReadonlySet<string> = new Set(['cutOff', 'agentsReturn', 'storeRestarting']);

/** Nobody may phone a school because of a day that is not real. */
function played({ rehearsal, workstations }: Overview): DayState[] {
  if (rehearsal?.isSimulated === true) return [{ kind: 'playedDay', speed: rehearsal.speed }];
  const { simulated, seen } = workstations;
  return simulated > 0 && simulated >= seen ? [{ kind: 'allSimulated' }] : [];
}

function someSimulated({ rehearsal, workstations }: Overview, facts: DayFacts): DayState[] {
  const { simulated, seen } = workstations;
  if (rehearsal?.isSimulated === true || simulated === 0 || simulated >= seen) return [];
  return [{ kind: 'someSimulated', sites: facts.simulatedSites, workstations: simulated }];
}

/** On the day also those count that never spoke; before it nobody has to. */
function massSilence({ rehearsal }: Overview, facts: DayFacts): DayState[] {
  const isDay = runningPhases.has(rehearsal?.phase ?? 'idle');
  const silent = facts.silentSites + (isDay ? facts.neverHeardSites : 0);
  const expected = facts.expectedSites;
  const share = expected > 0 ? silent / expected : 0;
  if (silent < MASS_SILENCE_SITES || share < MASS_SILENCE_SHARE) return [];
  return [{ kind: 'massSilence', silent, expected, share }];
}

const runningPhases: ReadonlySet<string> = new Set(['opening', 'exam', 'collection']);

function partOfDay({ rehearsal }: Overview, facts: DayFacts): DayState[] {
  if (!rehearsal) return [{ kind: 'noPlan' }];
  const dayMs = Date.parse(rehearsal.nowAt);
  const opensAtMs = Date.parse(rehearsal.opensAt);
  const closesAtMs = Date.parse(rehearsal.closesAt);
  if (rehearsal.phase === 'closed' || dayMs >= closesAtMs)
    return [{ kind: 'afterDay', closedAtMs: closesAtMs }];
  if (dayMs < opensAtMs || rehearsal.phase === 'preparation')
    return [
      { kind: 'beforeDay', opensAtMs, ready: facts.readySites, involved: facts.involvedSites },
    ];
  return [];
}

function planOf({ rehearsal, planEditing }: Overview, facts: SeenFacts, nowMs: number): DayState[] {
  const { planChangedAtMs } = facts;
  const isTold = planChangedAtMs !== null && nowMs - planChangedAtMs < PLAN_TOLD_MS;
  return [
    ...(rehearsal && isTold
      ? ([{ kind: 'planChanged', version: rehearsal.planVersion }] as const)
      : []),
    ...(planEditing
      ? ([
          {
            kind: 'planEditing',
            by: planEditing.by,
            sinceMs: Date.parse(planEditing.sinceAt),
          },
        ] as const)
      : []),
  ];
}

function silencesOf({ incidents }: Overview, facts: DayFacts): DayState[] {
  if (incidents.silenced === 0) return [];
  return [{ kind: 'silences', incidents: incidents.silenced, nextEndsAtMs: facts.silenceEndsAtMs }];
}
