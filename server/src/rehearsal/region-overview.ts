import {
  currentMilestone,
  phaseAt,
  type CameraBook,
  type EmDownloadSummary,
  type Overview,
  type RehearsalOverview,
  type StageState,
  type WorkstationState,
} from '@ppe-pulse/protocol';
import type { Scope } from '../access/scope.ts';
import type { LivePlan } from '../plan/plan-store.ts';
import type { StoredRegion } from '../region/region-store.ts';
import type { RehearsalDay } from './day.ts';
import type { Places } from './places.ts';
import type { RehearsalClock } from './rehearsal-clock.ts';
import { liveStageOf } from './standing.ts';

/** What the overview of a region is counted from. */
export interface RegionSources {
  readonly stored: StoredRegion;
  readonly live: LivePlan | null;
  /** Undefined without a plan. */
  readonly day: RehearsalDay | undefined;
  readonly places: Places;
  readonly workstations: Iterable<WorkstationState>;
  readonly clock: RehearsalClock;
  /** The rehearsal's clock. */
  readonly nowMs: number;
  readonly emDownload: EmDownloadSummary | null;
  readonly cameras: Pick<CameraBook, 'counts' | 'countsOf'>;
  readonly scope: Scope;
}

/** What registry and plan add to the overview; null before the first import. */
export function regionOverview(sources: RegionSources): RehearsalOverview | null {
  const { stored, day, places, nowMs, emDownload, cameras, scope } = sources;
  if (stored.version === 0) return null;
  const involved = day ? (code: string) => day.involvementOf(code) : null;
  const stages = day ? stagesIn(day, scope.reach) : [];
  const next = currentMilestone(stages, nowMs);
  return {
    ...places.counts(involved, (code) => scope.hasSite(code)),
    sites: new Map(
      stored.region.sites
        .filter(({ code }) => scope.hasSite(code))
        .map(({ code }) => [code, involved === null || involved(code)?.verdict === 'takesPart']),
    ),
    stages: stages.map(liveStageOf),
    ...(next && { stage: { id: next.id, dueAt: new Date(next.dueAtMs).toISOString() } }),
    ...planOverview(sources),
    ...(emDownload && scope.isWhole && { emDownload }),
    cameras: scope.isWhole ? cameras.counts() : cameras.countsOf((code) => scope.hasSite(code)),
  };
}

/** Sites that reached each stage, of those in reach. */
function stagesIn(day: RehearsalDay, reach: Scope['reach']): readonly StageState[] {
  switch (reach.kind) {
    case 'region':
      return day.regionStages();
    case 'municipality':
      return day.municipalityStages(reach.slug);
    case 'site':
      return day.stagesOf(reach.siteCode).map(asOneSite);
  }
}

/** A site counts its rooms or packages; above it, it is one that is done or not. */
function asOneSite(state: StageState): StageState {
  const isDone = state.reachedAtMs !== null;
  return {
    ...state,
    done: isDone ? 1 : 0,
    total: 1,
    unknown: !isDone && state.unknown > 0 ? 1 : 0,
    late: !isDone && state.late > 0 ? 1 : 0,
  };
}

function planOverview({
  live,
  day,
  clock,
  nowMs,
  workstations,
  scope,
}: RegionSources): Pick<Overview, 'rehearsal'> {
  if (!live || !day) return {};
  let agentsBehind = 0;
  for (const { planVersion, heartbeat, placement } of workstations)
    if (planVersion !== live.version && heartbeat.verdict === 'ok')
      agentsBehind += scope.hasSite(placement.siteCode) ? 1 : 0;
  return {
    rehearsal: {
      planId: live.planId,
      planVersion: live.version,
      title: live.plan.title,
      nowAt: new Date(nowMs).toISOString(),
      speed: clock.speed,
      isSimulated: clock.isSimulated,
      phase: phaseAt(day.phases, nowMs),
      opensAt: new Date(day.phases.openingMs).toISOString(),
      closesAt: new Date(day.phases.closedMs).toISOString(),
      agentsBehind,
    },
  };
}
