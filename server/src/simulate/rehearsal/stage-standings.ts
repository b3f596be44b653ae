import type { StageId, StageTrack } from '@ppe-pulse/protocol';
import type { PlannedClaim } from './claims.ts';

/** One stage of the region after the day, or in its middle. */
export interface StageStanding {
  readonly stage: StageId;
  readonly track: StageTrack;
  readonly done: number;
  readonly total: number;
  readonly reachedAtMs: number | null;
  readonly dueAtMs: number | null;
  /** `missed`: people said all of it, or would have, and the collector does not show it. */
  readonly state: 'onTime' | 'late' | 'running' | 'missed';
}

/** A stage as the overview tells it. */
type ToldStage = Omit<StageStanding, 'state'>;

/** What the standings are made of. */
export interface StandingParts {
  /** Body of the collector's overview. */
  readonly overview: unknown;
  readonly claims: readonly PlannedClaim[];
  readonly nowMs: number;
}

/** After the last claim the collector has so long to show the stage, on the rehearsal's clock. */
const GRACE_MS = 10 * 60_000;

/** Where every stage of the region stands, and whether it should stand better. */
export function standingsOf({ overview, claims, nowMs }: StandingParts): StageStanding[] {
  const lastClaimMs = new Map<string, number>();
  for (const { track, stage, atMs } of claims) lastClaimMs.set(`${track} ${stage}`, atMs);
  return toldStages(overview)
    .filter(({ total }) => total > 0)
    .map((told) => {
      const claimedMs = lastClaimMs.get(`${told.track} ${told.stage}`);
      return { ...told, state: stateOf(told, claimedMs, nowMs) };
    });
}

function stateOf(
  { done, total, reachedAtMs, dueAtMs }: ToldStage,
  claimedMs: number | undefined,
  nowMs: number,
): StageStanding['state'] {
  if (done < total) {
    const isOver = claimedMs === undefined || claimedMs + GRACE_MS < nowMs;
    return isOver ? 'missed' : 'running';
  }
  return reachedAtMs !== null && dueAtMs !== null && reachedAtMs > dueAtMs ? 'late' : 'onTime';
}

function toldStages(overview: unknown): readonly ToldStage[] {
  if (typeof overview !== 'object' || overview === null || !('stages' in overview)) return [];
  return Array.isArray(overview.stages) ? (overview.stages as readonly ToldStage[]) : [];
}
