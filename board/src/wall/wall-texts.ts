import type { Plural } from '../text/page-texts.ts';

/** Words of the wall, but for those of its stages. */
export interface WallTexts {
  /** Checks whose full names do not fit a tile; `{n}` is the device's number. */
  readonly checks: Readonly<Record<string, string>>;
  /** «2 ауд.»: rooms that it is about. */
  readonly inRooms: (count: string) => string;
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
