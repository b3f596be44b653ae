import type { IncidentCounts } from '../incidents/incident.ts';
import type { Overview, RegionThroughput } from '../messages/live.ts';
import { noVerdicts, worstVerdict, type Verdict } from '../truth.ts';
import { noCameras } from '../stages/camera-book.ts';
import { isJudgedBy } from '../workstation.ts';
import { metricValue } from './latest-metrics.ts';
import type { WorkstationState } from './workstation-state.ts';

/** A rate that the newest heartbeats did not bring is of now for so long: some are read rarely. */
const RATE_MAX_AGE_MS = 60_000;

/** What the registry and the plan add to the overview. */
export interface RehearsalOverview extends Pick<
  Overview,
  'stage' | 'stages' | 'rehearsal' | 'emDownload' | 'cameras'
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
  /** Who edits the plan since when, ms since 1970 UTC; null for nobody. */
  readonly planEditing: { readonly by: string; readonly sinceMs: number } | null;
  /** Null without a registry: what is enrolled is what is planned. */
  readonly rehearsal: RehearsalOverview | null;
}

/** Counts of the whole region. Pure. */
export function overviewOf(
  workstations: Iterable<WorkstationState>,
  context: OverviewContext,
): Overview {
  const { rehearsal, planEditing } = context;
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
    cameras: rehearsal?.cameras ?? noCameras,
    ...(planEditing && {
      planEditing: { by: planEditing.by, sinceAt: new Date(planEditing.sinceMs).toISOString() },
    }),
    throughput: counted.throughput,
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
  const throughput = { rxBytesPerSecond: 0, txBytesPerSecond: 0, stations: 0 };
  let [enrolled, seen, simulated] = [0, 0, 0];
  for (const state of workstations) {
    enrolled += 1;
    if (state.placement.role === 'hq') addThroughput(throughput, state);
    if (state.lastSeenMs !== null) seen += 1;
    if (state.placement.simulated) simulated += 1;
    byVerdict[state.standing.verdict] += 1;
    const verdicts = bySite.get(state.placement.siteCode);
    if (verdicts) verdicts.push(state.standing.verdict);
    else bySite.set(state.placement.siteCode, [state.standing.verdict]);
  }
  return { byVerdict, bySite, enrolled, seen, simulated, throughput };
}

/** What a silent one received last says nothing of now. */
function addThroughput(sum: RegionThroughput, { heartbeat, metrics }: WorkstationState): void {
  if (!isJudgedBy(heartbeat)) return;
  const rate = (id: string): number | undefined => {
    const known = metricValue(metrics, id);
    return known && metrics.newestAtMs - known.atMs <= RATE_MAX_AGE_MS ? known.value : undefined;
  };
  const received = rate('net.rx.bytesPerSecond');
  if (received === undefined) return;
  sum.stations += 1;
  sum.rxBytesPerSecond += received;
  sum.txBytesPerSecond += rate('net.tx.bytesPerSecond') ?? 0;
}
