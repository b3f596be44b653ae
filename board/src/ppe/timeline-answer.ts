import type {
  Duty,
  Incident,
  LiveStage,
  Role,
  StageId,
  StageTrack,
  Verdict,
} from '@ppe-pulse/protocol';
import type { LogEntryAnswer } from '../incidents/shapes.ts';

/** Sorts of events, and all of them. */
export const timelineFilters = [
  'all',
  'incident',
  'action',
  'call',
  'claim',
  'stage',
  'flip',
] as const;
export type TimelineFilter = (typeof timelineFilters)[number];

/** `GET /api/v1/sites/{code}/timeline`, newest first. */
export interface TimelineAnswer {
  readonly items: readonly TimelineEvent[];
  /** Those that events name. */
  readonly incidents: readonly Incident[];
  readonly nextCursor?: string;
}

/** What it is of stands under the name of its kind; another kind is a newer collector's. */
export interface TimelineEvent {
  readonly id: string;
  readonly kind: string;
  /** The rehearsal's clock. */
  readonly at: string;
  readonly entry?: LogEntryAnswer & { readonly incidentId: string };
  readonly claim?: {
    readonly roomCode: string | null;
    readonly track: StageTrack;
    readonly stage: StageId;
    readonly done: number | null;
    readonly isMade: boolean;
    readonly by: string;
    readonly note: string;
  };
  readonly stage?: LiveStage;
  readonly flip?: {
    readonly workstationId: string;
    readonly roomCode: string;
    readonly role: Role;
    readonly duty: Duty;
    readonly checkId: string;
    readonly from: Verdict;
    readonly to: Verdict;
    readonly reason: string;
  };
}
