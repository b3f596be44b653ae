import {
  currentMilestone,
  phaseAt,
  type CameraCounts,
  type EmDownloadSummary,
  type Overview,
  type RehearsalOverview,
  type WorkstationState,
} from '@ppe-pulse/protocol';
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
  readonly cameras: CameraCounts;
}

/** What registry and plan add to the overview; null before the first import. */
export function regionOverview(sources: RegionSources): RehearsalOverview | null {
  const { stored, day, places, nowMs, emDownload, cameras } = sources;
  if (stored.version === 0) return null;
  const involved = day ? (code: string) => day.involvementOf(code) : null;
  const stages = day?.regionStages() ?? [];
  const next = currentMilestone(stages, nowMs);
  return {
    ...places.counts(involved),
    sites: new Map(
      stored.region.sites.map(({ code }) => [
        code,
        involved === null || involved(code)?.verdict === 'takesPart',
      ]),
    ),
    stages: stages.map(liveStageOf),
    ...(next && { stage: { id: next.id, dueAt: new Date(next.dueAtMs).toISOString() } }),
    ...planOverview(sources),
    ...(emDownload && { emDownload }),
    cameras,
  };
}

function planOverview({
  live,
  day,
  clock,
  nowMs,
  workstations,
}: RegionSources): Pick<Overview, 'rehearsal'> {
  if (!live || !day) return {};
  let agentsBehind = 0;
  for (const { planVersion, heartbeat } of workstations)
    if (planVersion !== live.version && heartbeat.verdict === 'ok') agentsBehind += 1;
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
