import type { Verdict } from '../truth.ts';

/** Every stage of a rehearsal, `domain.md` «The clock of a rehearsal», in the order of the day. */
export const stageIds = [
  'techPrep',
  'emDownload',
  'techControl',
  'actsSent',
  'videoOn',
  'stationsUp',
  'audioTest',
  'keyDownload',
  'keyLoaded',
  'printing',
  'examStarted',
  'groups',
  'examFinished',
  'scanning',
  'answersExported',
  'audioExported',
  'packageSent',
  'rcoiAck',
  'camsOn',
  'anglesOk',
  'overlayOk',
  'portalOk',
  'audioOk',
  'archiveOk',
  'protocol',
] as const;
export type StageId = (typeof stageIds)[number];

/** Sets of stages: a site goes through those of the exams it holds, and through the video test. */
export const stageTracks = ['written', 'kege', 'speaking', 'video'] as const;
export type StageTrack = (typeof stageTracks)[number];

/** A node of the tree: `region`, `municipality:kemerovo`, `site:4216`, `room:4216-0012`, `station:<id>`. */
export type NodeId = string;

/** Where one stage of one track stands at one node. */
export interface StageState {
  readonly stage: StageId;
  readonly track: StageTrack;
  /** Units that reached it, of those that should: rooms, seats, groups, sites. */
  readonly done: number;
  readonly total: number;
  /** Of `total − done`: units of which nobody knows once it is due, and those past their amber time. */
  readonly unknown: number;
  readonly late: number;
  /** When it was reached, on the rehearsal's clock; null while it is not. */
  readonly reachedAtMs: number | null;
  /** How it was reached; null while it is not. */
  readonly by: 'measure' | 'claim' | 'both' | null;
  /** When it is due here, null for no deadline. */
  readonly dueAtMs: number | null;
  /**
   * `ok` reached in time or not due yet, `warn` past amber, `fail` past red, `unknown` what should
   * show it is not heard, `silentByRule` isolated by the plan, `notInvolved` no part of it.
   */
  readonly verdict: Verdict;
  /** A token of `reasons.ts`: `notDue`, `reached`, `reachedLate`, `dueSoon`, `overdue`, `notHeard`… */
  readonly reason: string;
  /** A person claims it and the devices show that it is not so. */
  readonly isMismatch: boolean;
}

/** A person's word that a stage is reached, at the board or on the ППЭ's page. */
export interface Claim {
  readonly id: number;
  readonly siteCode: string;
  /** Null: of the whole site. */
  readonly roomCode: string | null;
  readonly track: StageTrack;
  readonly stage: StageId;
  /** Units done, for stages that count; null says: all of it. */
  readonly done: number | null;
  /** False takes the claim back. */
  readonly isMade: boolean;
  /** Account or role that said so: `operator`, `ppe-4216`. Never a person's name. */
  readonly by: string;
  readonly atMs: number;
  readonly note: string;
}
