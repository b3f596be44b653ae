import type { StageId, StageTrack } from '@ppe-pulse/protocol';

/** Words of the wall's stages. Their names are short here: the full ones do not fit a column of the funnel. */
export interface WallStageTexts {
  readonly stages: Readonly<Record<StageId, string>>;
  readonly tracks: Readonly<Record<StageTrack, string>>;
  readonly nextStage: string;
  /** «срок прошёл · 95 из 98». */
  readonly duePassed: (done: string, total: string) => string;
  readonly inTime: (span: string) => string;
  readonly afterDue: (span: string) => string;
  readonly following: (time: string, stage: string) => string;
  readonly allDuesPassed: string;
  readonly funnel: string;
  /** For readers: «Печать ЭМ: 95 из 98, опаздывают 1, нет данных 2». */
  readonly column: (name: string, done: string, total: string) => string;
  readonly late: (count: string) => string;
  readonly blind: (count: string) => string;
  readonly mismatch: string;
  readonly more: (count: string) => string;
}
