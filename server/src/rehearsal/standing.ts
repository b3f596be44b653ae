import {
  HQ_ROOM_CODE,
  type Claim,
  type Involvement,
  type LiveRoom,
  type LiveSite,
  type PlannedMatch,
  type Readiness,
  type Room,
  type Site,
  type StageState,
} from '@ppe-pulse/protocol';

/** Everything that is known of a site of the registry in this rehearsal. */
export interface SiteStanding {
  readonly site: Site;
  /** Name of the municipality, in Russian. */
  readonly municipality: string;
  readonly timeZone: string;
  /** Null without a plan: nobody has said who takes part. */
  readonly involvement: Involvement | null;
  readonly planned: number;
  readonly match: PlannedMatch;
  readonly stages: readonly StageState[];
  /** Rooms that have reached the stage in play. */
  readonly doneRooms: ReadonlySet<string>;
  /** Null without a plan. */
  readonly readiness: Pick<Readiness, 'met' | 'total' | 'verdict'> | null;
}

/** What a person says of a stage, before it is checked. */
export type ClaimDraft = Omit<Claim, 'id' | 'atMs' | 'by'>;

/** True for a site that takes part; one whose municipality tests its cameras does not. */
export function isInvolved({ involvement }: SiteStanding): boolean {
  return involvement === null || involvement.verdict === 'takesPart';
}

/** A site as boards show it. Pure. */
export function liveSiteOf(standing: SiteStanding): LiveSite {
  const { site, match, readiness } = standing;
  return {
    code: site.code,
    kind: site.kind,
    name: site.name,
    municipality: standing.municipality,
    municipalitySlug: site.municipality,
    timeZone: standing.timeZone,
    isInvolved: isInvolved(standing),
    planned: standing.planned,
    notYetHeard: match.notYetHeard.length,
    unplanned: match.unplanned.length,
    met: readiness?.met ?? 0,
    conditions: readiness?.total ?? 0,
    readiness: readiness?.verdict ?? 'unknown',
    stages: standing.stages.map(liveStageOf),
    rooms: liveRoomsOf(standing),
  };
}

/** By code, the Штаб last. */
function liveRoomsOf({ site, doneRooms }: SiteStanding): LiveRoom[] {
  return [...site.rooms].sort(byCode).map(({ code }) => ({ code, isDone: doneRooms.has(code) }));
}

function byCode({ code: a }: Room, { code: b }: Room): number {
  if ((a === HQ_ROOM_CODE) !== (b === HQ_ROOM_CODE)) return a === HQ_ROOM_CODE ? 1 : -1;
  return a < b ? -1 : Number(a > b);
}

/** A stage on the wire. */
export function liveStageOf(state: StageState): LiveSite['stages'][number] {
  const { stage, track, done, total, unknown, late, verdict, reason, isMismatch } = state;
  return {
    stage,
    track,
    done,
    total,
    unknown,
    late,
    verdict,
    reason,
    isMismatch,
    reachedAtMs: state.reachedAtMs === null ? null : Math.round(state.reachedAtMs),
    dueAtMs: state.dueAtMs === null ? null : Math.round(state.dueAtMs),
  };
}
