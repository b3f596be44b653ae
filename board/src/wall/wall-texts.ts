import type { StageId, StageTrack } from '@ppe-pulse/protocol';
import type { Plural } from '../text/page-texts.ts';

/** Words of the wall. Stages have short names here: the full ones do not fit a column of the funnel. */
export interface WallTexts {
  readonly stages: Readonly<Record<StageId, string>>;
  readonly tracks: Readonly<Record<StageTrack, string>>;
  /** Checks whose full names do not fit a tile; `{n}` is the device's number. */
  readonly checks: Readonly<Record<string, string>>;
  /** «2 ауд.»: rooms that it is about. */
  readonly inRooms: (count: string) => string;
  readonly nextStage: string;
  /** «срок прошёл · 95 из 98». */
  readonly duePassed: (done: string, total: string) => string;
  readonly inTime: (span: string) => string;
  readonly afterDue: (span: string) => string;
  readonly following: (time: string, stage: string) => string;
  readonly allDuesPassed: string;
  readonly noPlan: string;
  readonly simulatedClock: (speed: string) => string;
  /** Under a count: workstations that stand so. */
  readonly stations: (count: string) => string;
  readonly ofSites: (count: string) => string;
  readonly quietSites: (count: string) => string;
  readonly leftOut: (count: string) => string;
  readonly notYetHeard: (missing: string, planned: string) => string;
  readonly unplanned: (count: string) => string;
  readonly agentsBehind: (count: string) => string;
  readonly emProgress: (done: string, total: string, speed: string) => string;
  readonly funnel: string;
  /** For readers: «Печать ЭМ: 95 из 98, опаздывают 1, нет данных 2». */
  readonly column: (name: string, done: string, total: string) => string;
  readonly late: (count: string) => string;
  readonly blind: (count: string) => string;
  readonly mismatch: string;
  readonly more: (count: string) => string;
  readonly rooms: Plural;
  readonly done: string;
  readonly drill: string;
  readonly silenced: string;
  /** On a tile: never heard today. */
  readonly notYetHeardSite: string;
  readonly unheardRoom: string;
  readonly legendWork: string;
  readonly legendDone: string;
  readonly summary: string;
}
