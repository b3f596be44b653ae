import type { Evidence } from '../messages/shared.ts';
import type { Role } from '../placement.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlannedWorkstation, Room, Site } from '../region/region.ts';
import type { Claim, StageId, StageTrack } from '../stages/stage.ts';
import type { Verdict } from '../truth.ts';
import type { ConditionId } from '../texts/readiness-texts.ts';
import type { ReadinessStation } from './station.ts';

/** Moments of the plan at one site, on the rehearsal's clock; null where the plan names none. */
export interface ReadinessMoments {
  /** From here on a test page or a test scan belongs to the technical control. */
  readonly controlFromMs: number | null;
  /** When the exam materials must be there. */
  readonly emDeadlineMs: number | null;
  /** When stages are due. */
  readonly stageDueMs: Readonly<Partial<Record<StageId, number | null>>>;
}

/** What agents should hold; null for not known. */
export interface WantedVersions {
  readonly agent: string | null;
  readonly plan: number | null;
}

/** A planned workstation and the room it belongs in. */
export interface PlannedStation {
  readonly room: Room;
  readonly planned: PlannedWorkstation;
}

/** Everything that the conditions of one site are judged from. */
export interface SiteFacts {
  readonly site: Site;
  readonly plan: Plan;
  /** Sets of stages that the site goes through; none: it takes no part. */
  readonly tracks: readonly StageTrack[];
  readonly moments: ReadinessMoments;
  readonly versions: WantedVersions;
  /** By role, in the order of rooms. */
  readonly planned: ReadonlyMap<Role, readonly PlannedStation[]>;
  /** By id of the planned workstation. */
  readonly stations: ReadonlyMap<string, ReadinessStation>;
  /** The newest word on each stage, track and room. */
  readonly claims: readonly Claim[];
}

/** What a condition says now. */
export interface Judged {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly evidence: Evidence;
  /** When the oldest reading was taken, null where it rests on none. */
  readonly readAtMs: number | null;
  readonly rooms: readonly string[];
  /** When time alone may change it; Infinity for never. */
  readonly dueMs: number;
}

/** One thing that must hold. Add one to `catalogue.ts`, its id and its texts. */
export interface ConditionDefinition {
  readonly id: ConditionId;
  /** Pure, and steady while region and plan stay: whether the site must hold it. */
  readonly appliesTo: (facts: SiteFacts) => boolean;
  /** Roles of the workstations that it rests on. */
  readonly roles: readonly Role[];
  /** Definitions of the checks that it reads; silence of a workstation always counts. */
  readonly checks: readonly string[];
  /**
   * What of one workstation decides beside the verdicts of `checks`: a number that is compared, a
   * version. The condition is judged again when it changes.
   */
  readonly watch?: (station: ReadinessStation, facts: SiteFacts) => unknown;
  /** Stages whose claims it rests on. */
  readonly stages: readonly StageId[];
  readonly judge: (facts: SiteFacts, nowMs: number) => Judged;
}

/** True when the site goes through one of these sets of stages. */
export function goesThrough({ tracks }: SiteFacts, ...any: readonly StageTrack[]): boolean {
  return tracks.some((each) => any.includes(each));
}

/** True when the site holds an exam and is not only watched for video. */
export function holdsExams(facts: SiteFacts): boolean {
  return goesThrough(facts, 'written', 'kege', 'speaking');
}

/** Planned workstations of these roles, main ones unless told otherwise. */
export function placesOf(
  { planned }: SiteFacts,
  roles: readonly Role[],
  duty: 'main' | 'reserve' | 'any' = 'main',
): PlannedStation[] {
  return roles.flatMap((role) =>
    (planned.get(role) ?? []).filter((each) => duty === 'any' || each.planned.duty === duty),
  );
}
