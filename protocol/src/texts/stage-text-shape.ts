import type { StageId, StageTrack } from '../stages/stage.ts';
import type { StageReason } from '../stages/stage-reasons.ts';

/** Words of stages. */
export interface StageTexts {
  readonly stages: Readonly<Record<StageId, string>>;
  readonly tracks: Readonly<Record<StageTrack, string>>;
  readonly reasons: Readonly<Record<StageReason, string>>;
  readonly units: Readonly<Record<'site' | 'room' | 'seat' | 'group', string>>;
}
