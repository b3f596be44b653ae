import type { TimelineFilter } from './timeline-answer.ts';
import type { FactColumn, HqLine } from './ppe-columns.ts';

/** Words of the page of a ППЭ. */
export interface PpeTexts {
  readonly unknownSite: (code: string) => string;
  readonly unknownSiteHint: string;
  readonly zone: (zone: string) => string;
  readonly phone: (phone: string) => string;
  readonly noPhone: string;
  readonly provider: (name: string) => string;
  readonly plan: (time: string) => string;
  readonly stages: string;
  readonly procedures: string;
  readonly tracks: string;
  readonly columns: Readonly<Record<FactColumn, string>>;
  readonly noStations: string;
  readonly noRooms: string;
  readonly silentByRule: string;
  readonly silentFor: (age: string) => string;
  readonly silentOf: (silent: number, total: number) => string;
  /** «не слышно 3 из 14». */
  readonly notYetHeard: (missing: number, planned: number) => string;
  readonly neverHeard: string;
  readonly sheets: (count: string) => string;
  readonly notTold: string;
  readonly times: (count: number) => string;
  readonly hq: string;
  readonly hqAbsent: string;
  readonly hqLines: Readonly<Record<HqLine, string>>;
  readonly throughRelay: (heard: number, of: number) => string;
  readonly noRelay: string;
  readonly emGot: (share: string) => string;
  readonly calls: string;
  readonly noCalls: string;
  readonly timeline: string;
  readonly filter: string;
  readonly filters: Readonly<Record<TimelineFilter, string>>;
  readonly nothingHappened: string;
  readonly older: string;
  readonly flip: (check: string, from: string, to: string) => string;
  readonly reached: (stage: string) => string;
  readonly claimed: (stage: string) => string;
  readonly claimTakenBack: (stage: string) => string;
  readonly failed: string;
}
