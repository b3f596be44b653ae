import type { Mode, Role } from '../placement.ts';
import type { Thresholds } from '../checks/thresholds.ts';
import type { StageId } from '../stages/stage.ts';

/** What a rehearsal rehearses, as order № 668 names it. */
export const technologies = [
  'em-internet',
  'print-full-set',
  'scan-in-room',
  'speaking',
  'kege',
] as const;
export type Technology = (typeof technologies)[number];

/** Who may take part, by kind and period of the site. */
export const participantKinds = [
  'ppe-early',
  'ppe-main',
  'rcoi',
  'subject-commission',
  'appeal-commission',
] as const;
export type ParticipantKind = (typeof participantKinds)[number];

/** How an exam is held: its stages are a set of their own. */
export const examKinds = ['written', 'kege', 'speaking'] as const;
export type ExamKind = (typeof examKinds)[number];

/** One exam of the day. */
export interface Exam {
  readonly subject: string;
  readonly kind: ExamKind;
  /** Local time of the ППЭ, `HH:MM`. */
  readonly startAt: string;
  readonly durationMinutes: number;
}

/**
 * A moment of the rehearsal in the ППЭ's local time: `08:00` of the day itself, `T-1 17:00` of the
 * working day before, `start+20` and `end+60` in minutes from the first start and the last end of
 * the exams of a kind.
 */
export type PlanTime = string;

/** When a stage is due and how much of it. */
export interface StagePlan {
  readonly id: StageId;
  /** Null: there is no deadline, the stage is only shown. */
  readonly due: PlanTime | null;
  /** From here on what is missing is a warning, and a failure. Null for never. */
  readonly amber: PlanTime | null;
  readonly red: PlanTime | null;
  /** Share of units that makes a site's stage reached, 0…1; 1 is all of them. */
  readonly target: number;
}

/** When workstations of these roles go quiet or off, by the ППЭ's local time. */
export interface ModeRule {
  readonly mode: Exclude<Mode, 'prep'>;
  readonly roles: readonly Role[];
  readonly from: PlanTime;
  readonly to: PlanTime;
}

/** What a set of exam materials takes to print; the forecast's ground until the counters speak. */
export interface PrintNorms {
  readonly setsPerRoom: number;
  readonly pagesPerSet: number;
  /** Used while the printer's own speed is not measured yet. */
  readonly pagesPerMinute: number;
  /** When rooms begin to print. */
  readonly startAt: PlanTime;
}

/** The package of exam materials and when it must be there. */
export interface EmPackagePlan {
  readonly bytes: number;
  readonly deadline: PlanTime;
  /** When the ППЭ may start to download. */
  readonly openFrom: PlanTime;
}

/** What may be asked of the line. */
export interface ThroughputPlan {
  readonly everyMinutes: number;
  readonly maxBytes: number;
  readonly closedFrom: string;
  readonly closedTo: string;
}

/** Hosts that a Штаб shakes hands with, `host` or `host:port`; never a federal system's API. */
export interface PlanHosts {
  readonly videoPortal: readonly string[];
  readonly emPortal: readonly string[];
}

/** Limits of checks for all, and for roles: the role's win. */
export interface PlanThresholds {
  readonly all: Partial<Thresholds>;
  readonly roles: Partial<Record<Role, Partial<Thresholds>>>;
}

/** A test of the video system. */
export interface VideoTest {
  readonly participants: readonly ParticipantKind[];
  /** Sites that their municipality tests on its own. */
  readonly municipal: readonly ParticipantKind[];
}

/** A rehearsal as the region wrote it down. Everything that is [C] in the domain is here. */
export interface Plan {
  readonly id: string;
  readonly title: string;
  /** `YYYY-MM-DD`, the day of the exams. */
  readonly date: string;
  readonly timeZone: string;
  readonly coordinator: string;
  readonly subjects: readonly string[];
  readonly technologies: readonly Technology[];
  /** Sites that take part; the rest are `notInvolved`. `only` narrows it down to codes. */
  readonly participants: {
    readonly kinds: readonly ParticipantKind[];
    readonly only: readonly string[];
    readonly except: readonly string[];
  };
  readonly video: VideoTest | null;
  readonly exams: readonly Exam[];
  readonly stages: readonly StagePlan[];
  readonly modes: readonly ModeRule[];
  readonly thresholds: PlanThresholds;
  readonly hosts: PlanHosts;
  readonly throughput: ThroughputPlan;
  readonly print: PrintNorms;
  readonly emPackage: EmPackagePlan;
}
