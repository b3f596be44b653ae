import type { Incident } from '../incidents/incident.ts';
import type { Snapshot, ToBoard } from '../messages/live.ts';

/** A frame as it was sent to boards, and when: the collector's wall clock, ms since 1970 UTC. */
export interface RecordedFrame {
  readonly atMs: number;
  readonly frame: ToBoard;
}

/** A played day: at `atMs` of the collector's clock it was `nowMs` there, and it went `speed` as fast. */
export interface PlayedDay {
  readonly atMs: number;
  readonly nowMs: number;
  readonly speed: number;
}

/** What was recorded without a break. */
export interface ReplaySpan {
  readonly fromMs: number;
  readonly toMs: number;
  /** Null on a day that was lived and not played. */
  readonly day: PlayedDay | null;
}

/** Everything that is recorded, the oldest first. */
export interface ReplaySpans {
  readonly items: readonly ReplaySpan[];
  readonly isRecording: boolean;
  readonly bytesOnDisk: number;
  /** Since the collector's start: frames that the disk did not take. */
  readonly droppedFrames: number;
}

/** The picture of a moment. */
export interface ReplayMoment {
  readonly atMs: number;
  readonly snapshot: Snapshot;
  /** Those that boards still remembered, the newest last. */
  readonly endedIncidents: readonly Incident[];
}

/** A stretch of which there is no picture: what went on then nobody knows. */
export interface ReplayGap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: 'notRecorded' | 'damaged';
}

/** Frames after `fromMs` up to and with `toMs`; after a gap they begin with a snapshot. */
export interface ReplayFrames {
  readonly fromMs: number;
  /** Less than was asked for when the answer would be too big, or the record ends. */
  readonly toMs: number;
  /** The record ends here now. */
  readonly endMs: number;
  readonly gaps: readonly ReplayGap[];
  readonly items: readonly RecordedFrame[];
}

/** What the slider marks, by the collector's clock. */
export type ReplayMark = { readonly atMs: number } & (
  | {
      readonly kind: 'incident';
      readonly incidentId: string;
      /** What happened to it, as its history names it. */
      readonly step: string;
      /** Account; `collector` for what the engine saw. */
      readonly by: string;
      readonly note: string;
      readonly details: Readonly<Record<string, string | number | boolean | null>>;
    }
  | {
      readonly kind: 'plan';
      readonly version: number;
      readonly by: string;
      readonly note: string;
    }
  | {
      readonly kind: 'claim';
      readonly siteCode: string;
      readonly roomCode: string | null;
      readonly track: string;
      readonly stage: string;
      readonly isMade: boolean;
      readonly by: string;
      readonly note: string;
    }
  | { readonly kind: 'due'; readonly track: string; readonly stage: string }
);

/** Marks of a stretch, the oldest first, and the incidents that they speak of as they ended. */
export interface ReplayMarks {
  readonly items: readonly ReplayMark[];
  readonly incidents: readonly Incident[];
  /** There were more: the newest are left out. */
  readonly isCut: boolean;
}

/** The moment of the day that a moment of the collector's clock belongs to. */
export function dayMsOf(day: PlayedDay | null, wallMs: number): number {
  return day ? day.nowMs + (wallMs - day.atMs) * day.speed : wallMs;
}

/** The moment of the collector's clock at a moment of the day; undefined where the day stands still. */
export function wallMsOf(day: PlayedDay | null, dayMs: number): number | undefined {
  if (!day) return dayMs;
  return day.speed > 0 ? day.atMs + (dayMs - day.nowMs) / day.speed : undefined;
}
