import type { Overview } from '../messages/live.ts';
import { noVerdicts, worstVerdict, type Verdict } from '../truth.ts';
import type { WorkstationState } from './workstation-state.ts';

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
}

/** Counts of the whole region. Pure. */
export function overviewOf(
  workstations: Iterable<WorkstationState>,
  context: OverviewContext,
): Overview {
  const byVerdict = noVerdicts();
  const sites = new Map<string, Verdict[]>();
  let planned = 0;
  let seen = 0;
  let simulated = 0;
  for (const state of workstations) {
    planned += 1;
    if (state.lastSeenMs !== null) seen += 1;
    if (state.placement.simulated) simulated += 1;
    byVerdict[state.standing.verdict] += 1;
    const verdicts = sites.get(state.placement.siteCode);
    if (verdicts) verdicts.push(state.standing.verdict);
    else sites.set(state.placement.siteCode, [state.standing.verdict]);
  }
  const siteVerdicts = noVerdicts();
  for (const verdicts of sites.values()) siteVerdicts[worstVerdict(verdicts)] += 1;
  return {
    at: new Date(context.nowMs).toISOString(),
    dataAgeMs: context.dataAgeMs === null ? null : Math.round(context.dataAgeMs),
    workstations: { planned, seen, simulated, byVerdict },
    sites: { total: sites.size, byVerdict: siteVerdicts },
    incidents: { open: 0, critical: 0 },
    ingest: {
      heartbeatsPerSecond: Math.round(context.heartbeatsPerSecond * 10) / 10,
      backlog: context.backlog,
    },
    warnings: [...context.warnings],
  };
}
