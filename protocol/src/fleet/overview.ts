import type { IncidentCounts } from '../incidents/incident.ts';
import type { Overview } from '../messages/live.ts';
import { noVerdicts, worstVerdict, type Verdict } from '../truth.ts';
import type { WorkstationState } from './workstation-state.ts';

/** What the registry and the plan add to the overview. */
export interface RehearsalOverview extends Pick<
  Overview,
  'stage' | 'stages' | 'rehearsal' | 'emDownload'
> {
  readonly planned: number;
  readonly notYetHeard: number;
  readonly unplanned: number;
  /** Planned ones that nobody enrolled yet, of sites that take part and of those that do not. */
  readonly missing: { readonly involved: number; readonly notInvolved: number };
  /** Every site of the registry: does it take part? */
  readonly sites: ReadonlyMap<string, boolean>;
}

/** What the overview needs beside the workstations. */
export interface OverviewContext {
  /** Wall clock, ms since 1970 UTC. */
  readonly nowMs: number;
  /** Age of the newest live heartbeat, null before the first. */
  readonly dataAgeMs: number | null;
  readonly heartbeatsPerSecond: number;
  /** Heartbeats taken and not yet durable. */
  readonly backlog: number;
  readonly warnings: readonly string[];
  readonly incidents: IncidentCounts;
  /** Null without a registry: what is enrolled is what is planned. */
  readonly rehearsal: RehearsalOverview | null;
}

/** Counts of the whole region. Pure. */
export function overviewOf(
  workstations: Iterable<WorkstationState>,
  context: OverviewContext,
): Overview {
  const { rehearsal } = context;
  const counted = count(workstations);
  const { byVerdict, bySite, enrolled, seen, simulated } = counted;
  byVerdict.unknown += rehearsal?.missing.involved ?? 0;
  byVerdict.notInvolved += rehearsal?.missing.notInvolved ?? 0;
  for (const [code, isInvolved] of rehearsal?.sites ?? [])
    if (!bySite.has(code)) bySite.set(code, [isInvolved ? 'unknown' : 'notInvolved']);
  const siteVerdicts = noVerdicts();
  for (const verdicts of bySite.values()) siteVerdicts[worstVerdict(verdicts)] += 1;
  const involved = rehearsal && [...rehearsal.sites.values()].filter(Boolean).length;
  return {
    at: new Date(context.nowMs).toISOString(),
    dataAgeMs: context.dataAgeMs === null ? null : Math.round(context.dataAgeMs),
    workstations: {
      planned: rehearsal?.planned ?? enrolled,
      seen,
      notYetHeard: rehearsal?.notYetHeard ?? enrolled - seen,
      unplanned: rehearsal?.unplanned ?? 0,
      simulated,
      byVerdict,
    },
    sites: { total: bySite.size, involved: involved ?? bySite.size, byVerdict: siteVerdicts },
    ...(rehearsal?.stage && { stage: rehearsal.stage }),
    stages: rehearsal?.stages ?? [],
    ...(rehearsal?.rehearsal && { rehearsal: rehearsal.rehearsal }),
    ...(rehearsal?.emDownload && { emDownload: rehearsal.emDownload }),
    cameras: {
      planned: 0,
      on: 0,
      off: 0,
      darkRooms: 0,
      darkRoomsOver5Minutes: 0,
      darkRoomsOver15Minutes: 0,
      darkRoomsOver20Minutes: 0,
    },
    throughput: { rxBytesPerSecond: 0, txBytesPerSecond: 0, stations: 0 },
    incidents: context.incidents,
    ingest: {
      heartbeatsPerSecond: Math.round(context.heartbeatsPerSecond * 10) / 10,
      backlog: context.backlog,
    },
    warnings: [...context.warnings],
  };
}

function count(workstations: Iterable<WorkstationState>) {
  const byVerdict = noVerdicts();
  const bySite = new Map<string, Verdict[]>();
  let [enrolled, seen, simulated] = [0, 0, 0];
  for (const state of workstations) {
    enrolled += 1;
    if (state.lastSeenMs !== null) seen += 1;
    if (state.placement.simulated) simulated += 1;
    byVerdict[state.standing.verdict] += 1;
    const verdicts = bySite.get(state.placement.siteCode);
    if (verdicts) verdicts.push(state.standing.verdict);
    else bySite.set(state.placement.siteCode, [state.standing.verdict]);
  }
  return { byVerdict, bySite, enrolled, seen, simulated };
}
