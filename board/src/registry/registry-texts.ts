import type {
  ChangeKind,
  CommissionKind,
  Duty,
  Period,
  RoomPurpose,
  SiteKind,
} from '@ppe-pulse/protocol';
import type { Plural } from '../text/page-texts.ts';
import type { SiteField } from './site-draft.ts';

/** Words of the page of the registry. */
export interface RegistryTexts {
  readonly title: string;
  readonly loading: string;
  readonly failed: (detail: string) => string;
  readonly noAnswer: string;
  readonly more: (count: string) => string;
  // Counts
  readonly counts: string;
  readonly sites: string;
  readonly rooms: string;
  readonly workstations: string;
  readonly cameras: string;
  readonly adopted: (count: string) => string;
  readonly version: (version: number, by: string, at: string) => string;
  readonly sample: string;
  readonly empty: string;
  readonly emptyHint: string;
  readonly makeSample: string;
  readonly samplePpe: string;
  // Sites
  readonly search: string;
  readonly searchHint: string;
  readonly found: Plural;
  readonly nothingFound: string;
  readonly previous: string;
  readonly next: string;
  readonly page: (page: number, pages: number) => string;
  readonly code: string;
  readonly mbit: (speed: string) => string;
  readonly open: string;
  readonly close: string;
  readonly openSite: (code: string) => string;
  readonly toSite: string;
  readonly edit: string;
  readonly room: string;
  readonly hq: string;
  readonly purposesTitle: string;
  readonly seats: string;
  readonly none: string;
  readonly isAdopted: string;
  readonly siteKinds: Readonly<Record<SiteKind, string>>;
  readonly periods: Readonly<Record<Period, string>>;
  readonly commissions: Readonly<Record<CommissionKind, string>>;
  readonly purposes: Readonly<Record<RoomPurpose, string>>;
  readonly duties: Readonly<Record<Duty, string>>;
  readonly yes: string;
  readonly no: string;
  readonly fields: Readonly<Record<SiteField, string>>;
  // Import
  readonly import: string;
  readonly importHint: string;
  readonly choose: string;
  readonly drop: string;
  readonly templates: string;
  readonly templateXlsx: string;
  readonly templateCsv: Readonly<Record<'sites' | 'rooms' | 'workstations' | 'flat', string>>;
  readonly files: string;
  readonly removeFile: (name: string) => string;
  readonly check: string;
  readonly checking: string;
  readonly sending: (percent: string) => string;
  readonly applying: string;
  readonly cancel: string;
  readonly cancelled: string;
  readonly tooMany: (count: number, most: number) => string;
  readonly tooBig: (megabytes: string, most: string) => string;
  readonly emptyFile: (name: string) => string;
  readonly unreadable: string;
  readonly problems: Plural;
  readonly problemsHint: string;
  readonly warnings: Plural;
  readonly file: string;
  readonly place: string;
  readonly column: string;
  readonly what: string;
  readonly row: (row: number) => string;
  readonly sheet: (sheet: string) => string;
  readonly didYouMean: (column: string) => string;
  readonly difference: string;
  readonly noDifference: string;
  readonly kinds: Readonly<Record<ChangeKind, string>>;
  readonly adoptedKept: (count: string) => string;
  readonly unlisted: (count: string) => string;
  readonly fieldNames: Readonly<Record<string, string>>;
  readonly enrolledLost: string;
  readonly agentsAt: (code: string, agents: number) => string;
  readonly confirmRemoval: (sites: string) => string;
  readonly confirmWarnings: string;
  readonly apply: string;
  readonly applied: (version: number) => string;
  readonly moved: string;
  readonly again: string;
  readonly startOver: string;
  // One site
  readonly editSite: (code: string) => string;
  readonly save: string;
  readonly giveUp: string;
  readonly leave: string;
  readonly saved: (version: number) => string;
  readonly same: string;
  readonly addRoom: string;
  readonly addWorkstation: string;
  readonly remove: string;
  readonly role: string;
  readonly duty: string;
  readonly count: string;
  readonly mend: string;
  readonly adoptedStay: string;
  /** By token of the collector's refusal. */
  readonly refusals: Readonly<Record<string, string>>;
}
